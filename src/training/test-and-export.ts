import { encodeStream, type ExampleEncoding } from '../text/encode.js';
import type { Example } from '../text/types.js';
import type { NativeTexts } from '../engine/addon.js';
import type { SelectedModel } from '../datasets/proof.js';
import { ClassificationTally } from '../statistics/metrics.js';
import type { ActiveRun } from './active-run.js';
import { exportModel, modelMetadata } from './export-model.js';
import { throughput } from './history.js';
import { writeLosses } from './loss-file.js';
import { lossRows, type Scorer } from './loss-rows.js';
import type { RunResult, TestSummary } from './run-record.js';
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
): Promise<{ result: RunResult; testCount: number | null }> {
  const { classifier, data, directory, recipe, watch } = run;
  const { selected, history } = finished;
  classifier.writeParameters(finished.parameters);
  const tested = await testOnce(run, selected);
  const { vocabulary, dataset, train: trained } = data;
  const metadata = modelMetadata({
    ...{ vocabulary, recipe, selected },
    labels: dataset.labels,
    datasetName: dataset.name,
  });
  const sample = await firstTexts(dataset.test?.open(selected) ?? dataset.valid(), encodingOf(run));
  const parity = await exportModel(classifier, metadata, directory.paths.model, sample, watch);
  const result: RunResult = {
    best: { epoch: selected.epoch, validLoss: selected.validLoss },
    withoutLearning: without,
    test: tested ?? null,
    throughput: throughput(history, { examples: trained.count, tokens: trained.tokens }),
    onnxParity: parity ?? null,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
  return { result, testCount: tested?.n ?? null };
}

/** Reads the test part, which only the selected model opens, and stores the loss of each example. */
async function testOnce(run: ActiveRun, selected: SelectedModel): Promise<TestSummary | undefined> {
  const { classifier, data, directory, recipe, watch } = run;
  const { labels, test } = data.dataset;
  if (test === undefined) return undefined;
  watch.onProgress?.({ kind: 'stage', text: `testing the model of epoch ${selected.epoch}` });
  const tally = new ClassificationTally(labels);
  const how = { ...encodingOf(run), batchSize: recipe.batchSize };
  const score: Scorer = (texts) => counted(scoreStream(classifier, texts, how, watch, 'testing'), tally);
  await writeLosses(directory.paths.losses, lossRows(test.open(selected), score, labels));
  const { n, loss, accuracy, macroF1 } = tally.metrics();
  return { n, loss, accuracy, macroF1 };
}

function encodingOf({ data, recipe, watch }: ActiveRun): ExampleEncoding {
  const { tokenizer, vocabulary, dataset } = data;
  const { maxTokens } = recipe;
  return { tokenizer, vocabulary, labels: dataset.labels, maxTokens, signal: watch.signal };
}

/** The first texts of a stream, for comparing two computations. */
async function firstTexts(examples: AsyncIterable<Example>, how: ExampleEncoding): Promise<NativeTexts> {
  const encoded = encodeStream(examples, how, parityTexts);
  try {
    const first = await encoded.next();
    if (first.done) throw new Error('a stream of examples that ends without one');
    return first.value;
  } finally {
    await encoded.return();
  }
}
