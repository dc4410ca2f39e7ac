import { encodeStream, type EncodedExamples, type ExampleEncoding } from '../text/encode.js';
import type { Example } from '../text/types.js';
import type { SelectedModel } from '../datasets/proof.js';
import { ClassificationTally } from '../statistics/metrics.js';
import { pairedTTest } from '../statistics/paired-t-test.js';
import type { ActiveRun } from './active-run.js';
import { CollectedScores, type Baseline } from './baseline.js';
import { eachSeen } from '../base/streaming.js';
import { exportModel, modelMetadata } from './export-model.js';
import { throughput } from './history.js';
import { writeLosses } from './loss-file.js';
import { lossRows, type Scorer } from './loss-rows.js';
import { subwordsOf } from '../recipe/recipe.js';
import type { LinearParts } from './linear-parts.js';
import { summaryOf, type BaselineResult, type RunResult, type TestSummary } from './run-record.js';
import type { FinishedSchedule } from './schedule.js';
import { counted, scoreStream } from './score.js';
import type { WithoutLearning } from './without-learning.js';

/** Test or validation texts that the exported model is compared on. */
const parityTexts = 256;

/**
 * Tests the selected model once, where the data has a test part, and exports it.
 *
 * @returns what run.json tells of it, and how many examples the test part has: null without one
 * @throws AdvError of any code that reading the data, the engine or the disk gives
 */
export async function testAndExport(
  run: ActiveRun,
  finished: FinishedSchedule,
  without: WithoutLearning,
  linear: LinearParts,
): Promise<{ result: RunResult; testCount: number | null }> {
  const { classifier, data, directory, recipe, watch } = run;
  const { selected, history } = finished;
  const { baseline, branch, branchResult } = linear;
  const tested = await testOnce(run, selected, linear);
  const { vocabulary, dataset, train: trained } = data;
  const metadata = modelMetadata({
    ...{ vocabulary, recipe, selected, branch },
    labels: dataset.labels,
    datasetName: dataset.name,
  });
  const how = { ...encodingOf(run), features: branch?.classifier.features };
  const sample = await firstTexts(dataset.test?.open(selected) ?? dataset.valid(), how);
  const model = { classifier, branch };
  const parity = await exportModel(model, metadata, directory.paths.model, sample, watch);
  const result: RunResult = {
    best: { epoch: selected.epoch, validLoss: selected.validLoss },
    ...(branchResult === undefined ? {} : { ngrams: branchResult }),
    withoutLearning: without,
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
async function testOnce(
  run: ActiveRun,
  selected: SelectedModel,
  { baseline, branch }: LinearParts,
): Promise<Tested | undefined> {
  const { classifier, data, directory, recipe, watch } = run;
  const { labels, test } = data.dataset;
  if (test === undefined) return undefined;
  watch.onProgress?.({ kind: 'stage', text: `testing the model of epoch ${selected.epoch}` });
  const tally = new ClassificationTally(labels);
  const how = { ...encodingOf(run), batchSize: recipe.batchSize };
  const score: Scorer = (texts) =>
    counted(scoreStream({ classifier, branch }, texts, how, watch, 'testing'), tally);
  const ofBaseline = new CollectedScores();
  const examples = eachSeen(test.open(selected), (example) => baseline?.add(ofBaseline, example));
  const losses: number[] = [];
  const rows = eachSeen(lossRows(examples, score, labels), (part) => {
    losses.push(...part.map(({ loss }) => loss));
  });
  await writeLosses(directory.paths.losses, rows);
  return { summary: summaryOf(tally.metrics()), losses, ofBaseline };
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

function encodingOf({ data, recipe, watch }: ActiveRun): ExampleEncoding {
  const { tokenizer, vocabulary, dataset } = data;
  const { maxTokens } = recipe;
  const subwords = subwordsOf(recipe);
  return { tokenizer, vocabulary, labels: dataset.labels, maxTokens, subwords, signal: watch.signal };
}

/** The first texts of a stream, for comparing two computations. */
async function firstTexts(examples: AsyncIterable<Example>, how: ExampleEncoding): Promise<EncodedExamples> {
  const encoded = encodeStream(examples, how, parityTexts);
  try {
    const first = await encoded.next();
    if (first.done) throw new Error('a stream of examples that ends without one');
    return first.value;
  } finally {
    await encoded.return();
  }
}
