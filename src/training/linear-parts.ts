import { parseNgramKinds } from '../text/ngrams/kind.js';
import type { NetworkRun } from './active-run.js';
import { baselineOf, fitBaseline } from './baseline.js';
import { writeBranch } from './branch-file.js';
import { branchCharacters, fewerNgrams, fitBranch } from './fit-branch.js';
import { fitLinear, sampleOf } from './fit-linear.js';
import { runFingerprint } from './run-facts.js';
import { summaryOf } from './run-record.js';
import type { LearntModel } from './test-and-export.js';

/** What of n-grams a run has beside its network. */
export type LinearParts = Pick<LearntModel, 'baseline' | 'branch' | 'branchResult'>;

/**
 * Fits the n-grams of a run, whose engine holds the selected parameters, and stores those that are part of its model. One classifier is
 * both where the model has n-grams: what they reach alone is then the baseline.
 *
 * @throws AdvError NATIVE, STORAGE, INTERRUPTED, and what reading the data throws; an error of code 'CANCELLED' when the signal fires
 */
export async function linearParts(run: NetworkRun): Promise<LinearParts> {
  const { recipe, execution, data, directory, watch } = run;
  const wanted = execution.baseline !== false;
  const { labels } = data.dataset;
  if (recipe.ngrams === null) {
    return { baseline: wanted ? await fitBaseline(run) : undefined, branchResult: undefined };
  }
  const kinds = parseNgramKinds(recipe.ngrams) ?? [];
  const less = `begin a new run with ${fewerNgrams}, or with --no-ngrams and --no-baseline.`;
  const fitted = await fitLinear(run, kinds, sampleOf(run, branchCharacters), less);
  const { branch, valid } = await fitBranch(run, fitted);
  const { networkScale, ngramScale, classifier } = branch;
  const { examples } = fitted;
  const features = classifier.features.count;
  watch.onProgress?.({
    kind: 'notice',
    text:
      `with ${features} n-grams beside the network, which count ${ngramScale.toFixed(2)} to its ${networkScale.toFixed(2)}: ` +
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
