import { encodeStream, type EncodedExamples, type ExampleReading } from '../text/encode.js';
import type { TokenEncoding } from '../text/reading.js';
import type { Example } from '../text/types.js';
import type { SelectedModel } from '../datasets/proof.js';
import { at } from '../base/at.js';
import type { EpochRecord } from '../base/epoch-record.js';
import { parityTexts } from '../onnx/parity.js';
import { ClassificationTally } from '../statistics/metrics.js';
import type { LossName } from '../statistics/loss-names.js';
import { pairedTTest } from '../statistics/paired-t-test.js';
import type { ActiveRun } from './active-run.js';
import { CollectedScores, type Baseline } from './baseline.js';
import { inStage } from '../base/stage.js';
import { eachSeen } from '../base/streaming.js';
import { exportModel, modelMetadata } from './export-model.js';
import { throughput } from './history.js';
import type { LossAlong } from './loss-along.js';
import { writeLosses } from './loss-file.js';
import { lossRows, type Scorer } from './loss-rows.js';
import {
  summaryOf,
  type BaselineResult,
  type BranchResult,
  type RunResult,
  type TestSummary,
} from './run-record.js';
import { counted, scoreStream, type ScoredTexts, type ScoringModel } from './score.js';
import { epochsByCriterion } from './selection.js';
import type { WithoutLearning } from './without-learning.js';

/** What training left. */
export interface LearntModel extends ScoringModel {
  /** What the network reads. */
  readonly tokens: TokenEncoding | undefined;
  readonly selected: SelectedModel;
  /** All epochs, with the untrained model's first. */
  readonly history: readonly EpochRecord[];
  readonly without: WithoutLearning;
  /** Of a network. */
  readonly lossAlong?: LossAlong;
  readonly branchResult: BranchResult | undefined;
  /** What the model is compared with. */
  readonly baseline: Baseline | undefined;
}

/**
 * Tests the selected model once, where the data has a test part, and exports it.
 *
 * @returns what run.json tells of it, and how many examples the test part has: null without one
 * @throws AdvError of any code that reading the data, the engine or the disk gives
 */
export async function testAndExport(
  run: ActiveRun,
  model: LearntModel,
): Promise<{ result: RunResult; testCount: number | null }> {
  const { data, directory, recipe, watch } = run;
  const { baseline, branch, branchResult, history, selected, tokens } = model;
  const tested = await testOnce(run, model);
  const { dataset, train: trained } = data;
  const metadata = modelMetadata({
    ...{ tokens, recipe, selected, branch },
    labels: dataset.labels,
    datasetName: dataset.name,
  });
  const sample = await firstTexts(dataset.test?.open(selected) ?? dataset.valid(), readingOf(run, model));
  const parity = await exportModel(model, metadata, directory.paths.model, sample, watch);
  const result: RunResult = {
    best: { epoch: selected.epoch, validLoss: selected.validLoss },
    epochsBy: epochsByCriterion(history),
    ...(branchResult === undefined ? {} : { ngrams: branchResult }),
    withoutLearning: model.without,
    lossAlong: model.lossAlong ?? null,
    test: tested?.summary ?? null,
    baseline: baseline === undefined ? null : baselineResult(baseline, run, tested),
    throughput: throughput(history, { examples: trained.count, tokens: trained.tokens }),
    onnxParity: parity ?? null,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
  return { result, testCount: tested?.summary.n ?? null };
}

/** How the model and the baseline do on the test part. */
interface Tested {
  readonly summary: TestSummary;
  readonly losses: readonly number[];
  readonly ofBaseline: CollectedScores;
}

/** Reads the test part, which only the selected model opens, once for model and baseline, and stores the loss of each example. */
async function testOnce(run: ActiveRun, model: LearntModel): Promise<Tested | undefined> {
  const { data, directory, recipe, watch } = run;
  const { labels, test } = data.dataset;
  if (test === undefined) return undefined;
  const { network, selected } = model;
  const name = network === undefined ? 'the classifier of n-grams' : `the model of epoch ${selected.epoch}`;
  const tally = new ClassificationTally(labels);
  const how = { ...readingOf(run, model), batchSize: recipe.batchSize };
  const baseline = baselineTest(model, labels, recipe.loss);
  const score: Scorer = (texts) =>
    counted(eachSeen(scoreStream(model, texts, how, watch, 'testing'), baseline.scored), tally);
  const losses: number[] = [];
  const rows = eachSeen(lossRows(eachSeen(test.open(selected), baseline.read), score, labels), (part) => {
    losses.push(...part.map(({ loss }) => loss));
  });
  await inStage(`testing ${name}`, watch, () => writeLosses(directory.paths.losses, rows, recipe.loss));
  return { summary: summaryOf(tally.metrics()), losses, ofBaseline: baseline.scores };
}

/** Scores test examples by the baseline: where it is the model's own n-grams, from what these gave in the model. */
function baselineTest(
  { baseline, branch }: LearntModel,
  labels: readonly string[],
  loss: LossName,
): {
  readonly scores: CollectedScores;
  readonly read: (example: Example) => void;
  readonly scored: (texts: ScoredTexts) => void;
} {
  const scores = new CollectedScores(loss);
  const isOfModel = baseline?.classifier === branch?.classifier;
  return {
    scores,
    read: ({ text, label }) => {
      if (baseline === undefined || isOfModel) return;
      const { classifier } = baseline;
      scores.add(classifier.scoresOf(classifier.features.rowOf(text)), labels.indexOf(label));
    },
    scored: (texts) => {
      if (baseline === undefined || !isOfModel) return;
      texts.ngramScores.forEach((row, place) => {
        scores.add(row, at(texts.labels, place));
      });
    },
  };
}

function baselineResult(
  { examples, features, valid, seconds }: Baseline,
  { data }: ActiveRun,
  tested: Tested | undefined,
): BaselineResult {
  const { losses, ofBaseline } = tested ?? { losses: [], ofBaseline: undefined };
  return {
    examples,
    features,
    valid: summaryOf(valid),
    test: ofBaseline === undefined ? null : summaryOf(ofBaseline.metrics(data.dataset.labels)),
    comparison: ofBaseline === undefined || losses.length < 2 ? null : pairedTTest(losses, ofBaseline.losses),
    seconds,
  };
}

function readingOf({ data, watch }: ActiveRun, { branch, tokens }: LearntModel): ExampleReading {
  const { labels } = data.dataset;
  return { tokens, features: branch?.classifier.features, labels, signal: watch.signal };
}

/** The first texts of a stream, for comparing two computations. */
async function firstTexts(examples: AsyncIterable<Example>, how: ExampleReading): Promise<EncodedExamples> {
  const encoded = encodeStream(examples, how, parityTexts);
  try {
    const first = await encoded.next();
    if (first.done) throw new Error('a stream of examples that ends without one');
    return first.value;
  } finally {
    await encoded.return();
  }
}
