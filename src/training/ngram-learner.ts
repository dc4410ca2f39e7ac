import { createHash } from 'node:crypto';
import type { EpochRecord } from '../base/epoch-record.js';
import { inStage } from '../base/stage.js';
import { singleClassValidation } from '../datasets/doubts/single-class-validation.js';
import type { Dataset } from '../datasets/types.js';
import type { ClassificationMetrics } from '../statistics/metrics.js';
import { parseNgramKinds, type NgramKind } from '../text/ngrams/kind.js';
import type { ActiveRun } from './active-run.js';
import { areBaselineKinds, fitBaseline, measured, type Baseline } from './baseline.js';
import { writeBranch } from './branch-file.js';
import { branchCharacters, fewerNgrams } from './fit-branch.js';
import { fitLinear, type FittedLinear } from './fit-linear.js';
import { reportData, reportSkipped, type RunData } from './prepare.js';
import { judge, type Learner } from './run.js';
import type { RunDirectory } from './run-directory.js';
import { runFingerprint } from './run-facts.js';
import { summaryOf } from './run-record.js';
import { ModelSelector } from './selection.js';
import { sampled } from './sampled.js';
import { TextSplit } from './text-split.js';

type Job = Omit<ActiveRun, 'data' | 'directory' | 'earlier'> & { readonly dataset: Dataset };

interface NgramRun extends Omit<ActiveRun, 'earlier'> {
  readonly data: RunData & { readonly train: TextSplit };
}

/** A model without a network, before its run has a directory. */
export interface FittedNgrams {
  readonly data: RunData;
  /** Goes on in the directory of the run. */
  readonly learnerIn: (directory: RunDirectory) => Learner;
}

/**
 * Fits a linear classifier of n-grams, which is a whole model, to the training texts of a dataset, in one reading of training and
 * validation part. Its one fit is epoch 1 of the run, and weights of 0, the untrained model, are epoch 0.
 *
 * @throws AdvError NATIVE, INTERRUPTED, and what reading the data throws
 */
export async function fitNgrams(job: Job): Promise<FittedNgrams> {
  const { dataset, recipe, watch } = job;
  const { labels } = dataset;
  const kinds = parseNgramKinds(recipe.ngrams ?? []) ?? [];
  const [train, valid] = [new TextSplit(labels), new TextSplit(labels)];
  const hash = createHash('sha256');
  const how = { labels, signal: watch.signal };
  const texts = await inStage(`reading ${dataset.name}`, watch, () =>
    sampled(train.read(dataset.train(), how, hash), branchCharacters, recipe.seed),
  );
  const linearTexts = { labels, train: texts, valid: valid.read(dataset.valid(), how, hash) };
  const fitted = await fitLinear(job, kinds, linearTexts, `take ${fewerNgrams}.`);
  const warnings = [...(dataset.facts.warnings ?? []), ...singleClassValidation(labels, valid.classCounts)];
  const tokensSha256 = hash.digest('hex');
  const data = { dataset, train, valid, trainingTexts: null, tokensSha256, warnings };
  reportData(data, watch);
  reportSkipped(dataset.skipped, watch);
  return { data, learnerIn: (directory) => learner({ ...job, data, directory }, kinds, fitted) };
}

function learner(run: NgramRun, kinds: readonly NgramKind[], fitted: FittedLinear): Learner {
  const { data, directory, recipe, watch } = run;
  const { classifier, examples, validLabels, validScores } = fitted;
  return {
    sizes: { vocabularySize: 0, parameterCount: classifier.weights.length },
    learn: async () => {
      const { facts, labels } = data.dataset;
      const branch = { classifier, networkScale: 0, ngramScale: 1 };
      const valid = measured(validScores, validLabels, labels);
      const features = classifier.features.count;
      const text =
        `${features} n-grams of ${examples} texts: ` +
        `validation loss ${valid.loss.toFixed(4)}, accuracy ${valid.accuracy.toFixed(4)}`;
      watch.onProgress?.({ kind: 'notice', text });
      const untrained = measured(
        validScores.map((row) => row.map(() => 0)),
        validLabels,
        labels,
      );
      const course = courseOf([untrained, valid], fitted.seconds);
      await directory.writeHistory(course.history);
      await writeBranch(directory.paths.ngrams, branch, runFingerprint(recipe, labels, [], facts.files));
      const judged = judge(run, { ...course, diverged: false });
      const branchResult = { features, examples, networkScale: null, ngramScale: 1, valid: summaryOf(valid) };
      const baseline = await otherBaseline(run, kinds);
      return { ...course, ...judged, tokens: undefined, branch, branchResult, baseline };
    },
  };
}

/** The untrained model as epoch 0 and the fitted one as epoch 1, which is selected. */
function courseOf(
  epochs: readonly ClassificationMetrics[],
  fitSeconds: number,
): { history: EpochRecord[]; selected: ReturnType<ModelSelector['finish']> } {
  const selector = new ModelSelector('loss');
  const history = epochs.map((valid, epoch) => {
    const seconds = epoch === 0 ? 0 : fitSeconds;
    const { loss: validLoss, accuracy: validAccuracy, macroF1: validMacroF1 } = valid;
    const validated = { epoch, validLoss, validAccuracy, validMacroF1 };
    return {
      ...{ ...validated, trainLoss: null, trainObjective: null, trainAccuracy: null },
      ...{ adversarialLoss: null, gradientNorm: null },
      best: selector.observe(validated),
      ...{ embeddingStd: 0, epsilon: 0, seconds, trainSeconds: seconds, tokensPerSecond: null },
    };
  });
  return { history, selected: selector.finish() };
}

/** A baseline of other n-grams than the model's: with the same ones it would be the model. */
async function otherBaseline(run: NgramRun, kinds: readonly NgramKind[]): Promise<Baseline | undefined> {
  return run.execution.baseline === false || areBaselineKinds(kinds) ? undefined : fitBaseline(run);
}
