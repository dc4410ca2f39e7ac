import type { EpochRecord } from '../../../../src/base/epoch-record.js';
import { usualSettings } from '../../../../src/datasets/catalogue.js';
import { resolveRecipe } from '../../../../src/recipe/recipe.js';
import type { TrainOptions } from '../../../../src/recipe/table.js';
import type { LossRow } from '../../../../src/training/loss-file.js';
import type { RunRecord } from '../../../../src/training/run-record.js';
import { historyLines } from '../../../../src/training/history.js';
import { put } from '../../support.js';

/** The record of a run on a dataset of this package, with made-up numbers. */
export function recordOf(options: TrainOptions = {}, more: Partial<RunRecord> = {}): RunRecord {
  const { dataset = 'babi-6' } = options;
  const usual = usualSettings({ dataset }, 900, 'char');
  if (usual === undefined) throw new Error(`no dataset ${dataset}`);
  const recipe = resolveRecipe({ dataset, ...options }, usual);
  return {
    format: 2,
    status: 'done',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:01:00.000Z',
    recipe,
    execution: { threads: 2, device: 'cpu', dataDir: null, offline: false, baseline: true },
    versions: { advnative: '0.1.0', node: '20.0.0' },
    machine: { processor: 'a <processor>', hardwareThreads: 2, instructionSet: 'avx2' },
    dataset: {
      name: dataset,
      language: 'English',
      labels: ['no', 'yes'],
      classCounts: [500, 400],
      examples: { train: 900, valid: 100, test: 4 },
      truncated: { train: 1, valid: 0 },
      unknownShare: 0.0123,
      trainingTexts: { tokens: { mean: 70.25, median: 66, p95: 140 }, sentences: 12.5 },
      tokensSha256: 'cd34',
      files: [{ name: 'qa6.txt', bytes: 2048, sha256: 'ab12' }],
      licence: 'CC BY 3.0',
      citation: 'Somebody 2015',
      notes: ['a pool & no more'],
      skipped: { count: 0, first: [] },
    },
    warnings: [],
    vocabularySize: 38,
    parameterCount: 60_482,
    result: {
      best: { epoch: 2, validLoss: 0.5 },
      withoutLearning: {
        untrainedLoss: 0.7,
        priorLoss: 0.6931,
        majorityAccuracy: 0.58,
        majorityLabel: 'yes',
      },
      test: { n: 4, loss: 0.45, accuracy: 0.75, macroF1: 0.7333 },
      baseline: null,
      lossAlong: {
        texts: 100,
        embeddingStd: 0.5,
        epsilons: [0, 0.1, 1],
        fastGradientSign: [0.5, 0.6, 2],
        random: [0.5, 0.51, 0.7],
      },
      throughput: { tokensPerSecond: 105_198, examplesPerSecond: 2253 },
      onnxParity: { maxAbsDiff: 6e-7, n: 256 },
      peakMemoryBytes: 168_714_240,
    },
    ...more,
  };
}

/** So many trained epochs after the untrained model's. */
export function historyOf(epochs: number): EpochRecord[] {
  return Array.from({ length: epochs + 1 }, (_, epoch) => ({
    epoch,
    validLoss: 0.7 - 0.1 * Math.min(epoch, 2),
    validAccuracy: 0.58 + 0.05 * epoch,
    validMacroF1: 0.37 + 0.1 * epoch,
    trainLoss: epoch === 0 ? null : 0.7 - 0.15 * epoch,
    trainObjective: epoch === 0 ? null : 0.75 - 0.15 * epoch,
    adversarialLoss: epoch === 0 ? null : 0.8 - 0.15 * epoch,
    gradientNorm: epoch === 0 ? null : 1 + epoch,
    trainAccuracy: epoch === 0 ? null : 0.5 + 0.1 * epoch,
    best: epoch > 0 && epoch <= 2,
    embeddingStd: 0.57 + 0.01 * epoch,
    epsilon: epoch === 0 ? 0 : 0.011,
    seconds: 0.5,
    trainSeconds: epoch === 0 ? 0 : 0.4,
    tokensPerSecond: epoch === 0 ? null : 100_000,
  }));
}

/** Four test texts, one of which is wrong. */
export const lossRows: readonly LossRow[] = [
  ['no', 'no', 0.3],
  ['no', 'yes', 0.9],
  ['yes', 'yes', 0.2],
  ['yes', 'yes', 0.4],
].map(([label, prediction, loss], place) => ({
  id: `test:${place}`,
  textHash: '5a143b76c6bdb631492276f490d32fd5',
  label: String(label),
  prediction: String(prediction),
  loss: Number(loss),
}));

/** Writes the directory of a run, as far as the parts are given. */
export async function writeRun(
  folder: string,
  {
    record = recordOf(),
    history = historyOf(3),
    losses = lossRows,
  }: {
    record?: RunRecord;
    history?: readonly EpochRecord[] | null;
    losses?: readonly LossRow[] | null;
  } = {},
): Promise<string> {
  await put(folder, 'run.json', JSON.stringify(record));
  if (history !== null) await put(folder, 'history.jsonl', historyLines(history));
  if (losses === null) return folder;
  const lines = losses.map(({ id, textHash, label, prediction, loss }) =>
    [id, textHash, label, prediction, loss].join(),
  );
  await put(folder, 'test-losses.csv', ['id,textHash,label,prediction,loss', ...lines, ''].join('\n'));
  return folder;
}
