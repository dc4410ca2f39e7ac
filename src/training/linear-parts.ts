import type { NgramBranch } from '../linear/branch.js';
import { parseNgramKind } from '../text/ngrams/kind.js';
import type { ActiveRun } from './active-run.js';
import { baselineCharacters, baselineKinds, baselineOf, type Baseline } from './baseline.js';
import { writeBranch } from './branch-file.js';
import { branchCharacters, fitBranch } from './fit-branch.js';
import { fitLinear } from './fit-linear.js';
import { runFingerprint } from './run-facts.js';
import { summaryOf, type BranchResult } from './run-record.js';

/** What of n-grams a run has beside its network. */
export interface LinearParts {
  /** What the run is compared with. */
  readonly baseline?: Baseline | undefined;
  /** What is part of its model. */
  readonly branch?: NgramBranch;
  readonly branchResult?: BranchResult;
}

/**
 * Fits the n-grams of a run, whose engine holds the selected parameters, and stores those that are part of its model. One classifier is
 * both where the model has n-grams: what they reach alone is then the baseline.
 *
 * @throws AdvError NATIVE, STORAGE, INTERRUPTED, and what reading the data throws; an error of code 'CANCELLED' when the signal fires
 */
export async function linearParts(run: ActiveRun): Promise<LinearParts> {
  const { recipe, execution, data, directory, watch } = run;
  const wanted = execution.baseline !== false;
  const { labels } = data.dataset;
  if (recipe.ngrams === null) {
    if (!wanted) return {};
    return { baseline: baselineOf(await fitLinear(run, baselineKinds, baselineCharacters), labels) };
  }
  const kinds = recipe.ngrams.flatMap((kind) => parseNgramKind(kind) ?? []);
  const fitted = await fitLinear(run, kinds, branchCharacters);
  const { branch, valid } = await fitBranch(run, fitted);
  const { networkScale, ngramScale, classifier } = branch;
  const { examples } = fitted;
  const features = classifier.features.count;
  watch.onProgress?.({
    kind: 'notice',
    text:
      `with ${features} n-grams beside the network, weighed ${ngramScale.toFixed(2)} to ${networkScale.toFixed(2)}: ` +
      `validation loss ${valid.loss.toFixed(4)}, accuracy ${valid.accuracy.toFixed(4)}`,
  });
  const { facts } = data.dataset;
  const fingerprint = runFingerprint(recipe, labels, data.vocabulary.tokens, facts.files);
  await writeBranch(directory.paths.ngrams, branch, fingerprint);
  return {
    baseline: wanted ? baselineOf(fitted, labels) : undefined,
    branch,
    branchResult: { features, examples, networkScale, ngramScale, valid: summaryOf(valid) },
  };
}
