import { expect, it } from 'vitest';
import { meanInterval } from '../../../../src/statistics/mean-interval.js';
import { judgeClaims, type JudgedClaim } from '../../../../src/study/analysis/claims.js';
import type { AnalysedCell, AnalysedRow } from '../../../../src/study/analysis/study-analysis.js';

/** Test losses of seeds 1, 2, … by column. */
type Losses = Readonly<Record<string, readonly number[]>>;

const gaps: Readonly<Record<string, number>> = { vanilla: 0.5, adversarial: 0.2 };

function cell(column: string, losses: readonly number[], learnt = losses.length): AnalysedCell {
  const result = { n: 10, accuracy: 0.5, macroF1: 0.5, gapAtLast: gaps[column] ?? 0 };
  return {
    ...({} as AnalysedCell),
    column,
    results: losses.map((loss, place) => ({ ...result, loss, seed: place + 1 })),
    loss: meanInterval(losses),
    learnt: { learnt, of: losses.length, doubts: [] },
  };
}

function row(
  name: string,
  losses: Losses,
  changes: Partial<AnalysedRow> & { train?: number; dataset?: string } = {},
): AnalysedRow {
  const { train = 900, dataset = name, ...rest } = changes;
  const examples = { train, valid: 100, test: 100 };
  return {
    ...{
      row: name,
      size: 'big',
      title: name,
      measure: 'accuracy',
      loss: 'cross-entropy',
      cell: 'gru',
      failures: [],
    },
    data: {
      ...{
        dataset,
        level: dataset === 'dsl' ? 'char' : 'word',
        labels: ['a', 'b'],
        examples,
        vocabularySize: 9,
        ...{ language: null, classBalance: null, trainingTexts: null, truncatedShare: 0 },
      },
      ...{ unknownShare: 0, notes: [], priorLoss: 2, majorityAccuracy: 0.5 },
    },
    cells: Object.entries(losses).map(([column, of]) => cell(column, of)),
    ...rest,
  };
}

const helped: Losses = { vanilla: [1, 1.1], adversarial: [0.8, 0.9], random: [1, 1.09] };
const hardly: Losses = { vanilla: [1, 1.1], adversarial: [0.999, 1.1], random: [1, 1.1] };

const judged = (rows: readonly AnalysedRow[], name: string): JudgedClaim => {
  const claim = judgeClaims(rows).find((one) => one.name === name);
  if (claim === undefined) throw new Error(`no claim ${name}`);
  return claim;
};

/** Names of the rows that a claim rests on. */
const restsOn = ({ evidence }: JudgedClaim): string[] | undefined =>
  evidence?.rows.map((group) => group.map(({ row: name }) => name).join(' and '));

it('judges by the interval over the rows of the paper’s table, with big models', () => {
  const rows = [
    row('babi-1', helped),
    row('babi-6', { vanilla: [1, 1.2], adversarial: [0.85, 0.99] }),
    row('subjectivity', { vanilla: [0.4], adversarial: [0.33] }),
    row('babi-6-lstm', { vanilla: [1, 1], adversarial: [9, 9] }, { dataset: 'babi-6', cell: 'lstm' }),
    row('babi-1', { vanilla: [1], adversarial: [9] }, { size: 'small' }),
  ];
  const lower = judged(rows, 'lower-loss');
  expect(lower).toMatchObject({
    verdict: 'supported',
    evidence: { over: 'rows', n: 3 },
  });
  expect(restsOn(lower)).toEqual(['babi-1', 'babi-6', 'subjectivity']);
  const means = [(0.8 / 1 + 0.9 / 1.1) / 2, (0.85 + 0.99 / 1.2) / 2, 0.33 / 0.4].map((ratio) => ratio - 1);
  expect(lower.evidence?.mean).toBeCloseTo(meanInterval(means).mean, 12);
  const harmed = rows.map((one) => ({
    ...one,
    cells: one.cells.map((each) => ({
      ...each,
      column: each.column === 'vanilla' ? 'adversarial' : 'vanilla',
    })),
  }));
  expect(judged(harmed, 'lower-loss').verdict).toBe('contradicted');
  expect(judged(rows, 'regularises')).toMatchObject({
    verdict: 'supported',
    evidence: { mean: expect.closeTo(-0.3, 12) as number },
  });
});

it('leaves open what goes both ways, what one run says, and what no run does', () => {
  const both = [row('babi-1', helped), row('babi-6', { vanilla: [1], adversarial: [1.3] })];
  expect(judged(both, 'lower-loss').verdict).toBe('undecided');
  const one = [row('babi-1', { vanilla: [1], adversarial: [0.8] })];
  expect(judged(one, 'lower-loss')).toMatchObject({ verdict: 'undecided', evidence: { n: 1, ci95: null } });
  for (const { verdict, evidence } of judgeClaims([])) {
    expect(verdict).toBe('not tested');
    expect(evidence).toBeNull();
  }
});

it('takes no row in which neither column has learnt', () => {
  const { vanilla = [], adversarial = [] } = helped;
  const rows = [
    row('babi-1', helped),
    row('babi-6', {}, { cells: [cell('vanilla', vanilla, 0), cell('adversarial', adversarial, 0)] }),
  ];
  expect(restsOn(judged(rows, 'lower-loss'))).toEqual(['babi-1']);
  const half = [
    row('babi-6', {}, { cells: [cell('vanilla', vanilla, 0), cell('adversarial', adversarial, 1)] }),
  ];
  expect(restsOn(judged(half, 'lower-loss'))).toEqual(['babi-6']);
});

it('compares big with small models, LSTMs with GRUs and one loss with another on the same data', () => {
  const small = row('babi-1-small', hardly, { dataset: 'babi-1', size: 'small' });
  const elsewhere = row('subjectivity-small', helped, { dataset: 'subjectivity', size: 'small' });
  const big = judged([row('babi-1', helped), small, elsewhere], 'big-models');
  expect(big).toMatchObject({
    verdict: 'supported',
    evidence: { over: 'seeds' },
  });
  expect(restsOn(big)).toEqual(['babi-1', 'babi-1-small']);
  const lstm = row('babi-1-lstm', helped, { dataset: 'babi-1', cell: 'lstm' });
  expect(judged([row('babi-1', helped), lstm], 'cells').verdict).toBe('supported');
  const squared = row('babi-1-squared', hardly, { dataset: 'babi-1', loss: 'squared' });
  expect(judged([row('babi-1', helped), squared], 'losses').verdict).toBe('contradicted');
});

it('sets the fewest texts of a dataset against the most', () => {
  const rows = [
    row('babi-1-5k', hardly, { dataset: 'babi-1-10k', train: 4500 }),
    row('babi-1', helped),
    row('babi-1-10k', { vanilla: [0.5, 0.5], adversarial: [0.5, 0.5] }, { train: 9000 }),
    row('dsl-10k', helped, { dataset: 'dsl', train: 10000 }),
    row('dsl-pool', hardly, { dataset: 'dsl', train: 40000 }),
  ];
  const claim = judged(rows, 'less-with-more-data');
  expect(restsOn(claim)).toEqual(['babi-1 and babi-1-10k', 'dsl-10k and dsl-pool']);
  expect(claim.evidence?.mean).toBeCloseTo((-0.1 + (-0.1 + 0.0005 / 2)) / 2, 12);
  expect(judged(rows.slice(0, 1), 'less-with-more-data').verdict).toBe('not tested');
});

it('sets English against Czech data, artificial against natural, and looks at characters alone', () => {
  const rows = [
    row('babi-1', helped),
    row('subjectivity', helped),
    row('czech-facebook', hardly),
    row('czech-csfd', hardly),
    row('dsl-10k', helped, { dataset: 'dsl' }),
  ];
  expect(judged(rows, 'english')).toMatchObject({ verdict: 'supported', evidence: { n: 4, over: 'rows' } });
  expect(restsOn(judged(rows, 'artificial'))).toHaveLength(5);
  expect(restsOn(judged(rows, 'characters'))).toEqual(['dsl-10k']);
  expect(restsOn(judged(rows, 'direction'))).toHaveLength(5);
});
