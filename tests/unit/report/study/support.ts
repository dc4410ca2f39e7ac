import type { MeanInterval } from '../../../../src/statistics/mean-interval.js';
import type {
  AnalysedCell,
  AnalysedRow,
  StudyAnalysis,
} from '../../../../src/study/analysis/study-analysis.js';

const over = (mean: number, n = 3): MeanInterval => ({
  ...{ n, mean, standardDeviation: 0.01 },
  ci95: n === 1 ? null : [mean - 0.02, mean + 0.02],
});

/** A cell with so many classes, seeds and epochs. */
export function cellOf(
  column: string,
  more: Partial<AnalysedCell> = {},
  { classes = 2, epochs = 4 }: { classes?: number; epochs?: number } = {},
): AnalysedCell {
  const labels = Array.from({ length: classes }, (_, place) => `class ${place}`);
  const falling = Array.from({ length: epochs + 1 }, (_, epoch) => 0.7 / (1 + epoch));
  return {
    column,
    seeds: [1, 2, 3],
    results: [],
    ...{ loss: over(0.5), accuracy: over(0.8), macroF1: over(0.75) },
    fromVanilla:
      column === 'vanilla'
        ? null
        : {
            difference: -0.1,
            ci95: [-0.2, -0.01],
            overSeeds: {
              ...{ seeds: 3, p: 0.001, pHolm: 0.01, pPermutation: 0.25 },
              ...{ asoEpsilonMin: 0.1, dz: -2, seedsNeeded: 5 },
            },
          },
    learnt: { learnt: 3, of: 3, doubts: [] },
    paper: { score: 0.672, loss: 0.636, learnt: 'yes' },
    course: {
      trainLoss: [null, ...falling.slice(1)],
      validLoss: falling,
      epsilon: falling.map(() => (column === 'vanilla' ? 0 : 0.01)),
      embeddingStd: falling,
      gradientNorm: [null, ...falling.slice(1)],
      ...{ selectedEpoch: over(3), epochs: over(epochs), gapAtSelected: over(0.1), gapAtLast: over(0.2) },
    },
    lossAlong: {
      seeds: 3,
      epsilons: [0, 0.02, 0.1, 0.5],
      fastGradientSign: [0.5, 0.6, 1, 2],
      random: [0.5, 0.5, 0.5, 0.6],
    },
    confusion: labels.map((_, one) => labels.map((_other, two) => (one === two ? 70 : 10))),
    perClass: labels.map((label) => ({ label, precision: 0.7, recall: 0.7, f1: 0.7, support: 80 })),
    ...more,
  };
}

/** What the rows are trained on. */
export const dataOfRow: NonNullable<AnalysedRow['data']> = {
  ...{ dataset: 'some', language: 'English', level: 'word', labels: ['class 0', 'class 1'] },
  ...{ classBalance: 0.98, truncatedShare: 0.02 },
  trainingTexts: { tokens: { mean: 70.25, median: 66, p95: 140 }, sentences: 12.5 },
  examples: { train: 900, valid: 100, test: 1000 },
  ...{ vocabularySize: 38, unknownShare: 0.01, notes: [], priorLoss: 0.6931, majorityAccuracy: 0.58 },
};

/** A row with vanilla and adversarial training. */
export function rowOf(row: string, more: Partial<AnalysedRow> = {}): AnalysedRow {
  return {
    ...{ row, title: `The ${row}`, size: 'big', measure: 'accuracy', loss: 'cross-entropy', cell: 'gru' },
    data: { ...dataOfRow, dataset: row },
    failures: [],
    cells: [cellOf('vanilla'), cellOf('adversarial', { loss: over(0.4) })],
    ...more,
  };
}

/** What is told of a study with these rows. */
export function analysisOf(rows: readonly AnalysedRow[], more: Partial<StudyAnalysis> = {}): StudyAnalysis {
  return {
    study: '/somewhere/mine',
    command: 'npx advnative reproduce --out /somewhere/mine',
    runs: { total: 6, done: 6, failed: 0, missing: 0, open: 0 },
    versions: ['0.1.0'],
    machines: ['a machine'],
    rows,
    claims: [
      {
        ...{
          name: 'lower-loss',
          claim: 'It lowers the loss.',
          source: 'section 6',
          effect: 'relative difference',
        },
        verdict: 'supported',
        evidence: { mean: -0.2, ci95: [-0.3, -0.1], over: 'rows', n: 2, rows: rows.map((row) => [row]) },
      },
      {
        ...{ name: 'cells', claim: 'Cells are alike.', source: 'section 5.4', effect: 'difference' },
        verdict: 'not tested',
        evidence: null,
      },
    ],
    everyRun: rows.flatMap(({ row, size, cells }) =>
      cells.flatMap(({ column, seeds }) =>
        seeds.map((seed) => ({
          name: [row, column, size, seed].join('/'),
          ...{
            status: 'done' as const,
            command: `npx advnative train --dataset ${row} --seed ${seed}`,
            seed,
          },
          test: { n: 1000, loss: 0.5, accuracy: 0.8, macroF1: 0.75 },
          ...{ selectedEpoch: 3, seconds: 60, version: '0.1.0', dataSha256: 'ab'.repeat(32) },
          warnings: [],
          failure: null,
        })),
      ),
    ),
    ...more,
  };
}
