import { expect, it } from 'vitest';
import { htmlOf } from '../../../../src/report/document/html.js';
import { tablesOf, type Block, type ReportDocument } from '../../../../src/report/document/document.js';
import { tuneDocument } from '../../../../src/report/tune/tune-document.js';
import { meanInterval } from '../../../../src/statistics/mean-interval.js';
import { makeAsked } from '../../../../src/study/tune/asked.js';
import type { TrialResult, Tuned } from '../../../../src/study/tune/read-tune.js';

const asked = makeAsked({
  options: { dataset: 'babi-sim-1', seed: 3 },
  space: { epsilon: '0.01..1:log', subwords: '2-5,none' },
  ...{
    method: 'successive halving',
    seeds: null,
    budget: '4',
    dataset: 'babi-sim-1',
    defaults: {},
    epochs: 9,
  },
  ...{ select: 'loss', divisors: [3, 1], eta: 3, rounds: [3] },
});

const trial = (
  number: number,
  epsilon: number,
  loss: number | null,
  more: Partial<TrialResult> = {},
): TrialResult => ({
  ...{ trial: number, options: { epsilon, subwords: number % 2 === 0 ? false : [2, 5] }, rung: 2, epochs: 9 },
  best: loss === null ? null : { epoch: 7, loss, accuracy: 0.75, macroF1: 0.7 },
  ...{ seconds: 12, status: 'whole', error: null },
  ...more,
});

const searched: Tuned = {
  asked,
  trials: [
    trial(1, 0.1, 0.5),
    trial(2, 0.02, 0.4),
    trial(3, 0.9, 0.6, { status: 'part', epochs: 3, rung: 1 }),
    trial(4, 1, null, { status: 'failed', error: 'the loss is NaN' }),
  ],
  sweep: null,
};

function charts({ sections }: ReportDocument) {
  return sections.flatMap(({ blocks }) =>
    blocks.flatMap((block: Block) => (block.kind === 'multiples' ? block.multiples.charts : [])),
  );
}

it('begins with the command of the best options so far', () => {
  const { title, opening } = tuneDocument(searched);
  expect(title).toBe('Options for babi-sim-1, searched on validation texts');
  expect(opening.at(-1)).toEqual({
    kind: 'command',
    command: expect.stringMatching(
      /^npx advnative train --dataset babi-sim-1 .*--no-subwords .*--epsilon 0\.02 .*--seed 3$/,
    ) as string,
  });
});

it('has a plot of each option, numbers that span much by their logarithms and others by name', () => {
  const [epsilon, subwords, ...others] = charts(tuneDocument(searched));
  expect(others).toEqual([]);
  expect(epsilon?.title).toBe('epsilon');
  const specification = JSON.stringify(epsilon?.specification);
  expect(specification).toContain('"type":"log"');
  expect(specification).toContain('{"x":0.9,"y":0.6,"strong":false}');
  expect(JSON.stringify(subwords?.specification)).toMatch(/"x":"none".*"type":"nominal"/u);
});

it('tells all trials, the best first, and why one failed', async () => {
  const [table] = tablesOf(tuneDocument(searched));
  expect(table?.rows.map(({ name }) => name)).toEqual(['2', '1', '3', '4']);
  expect(table?.rows[3]).toMatchObject({ note: 'the loss is NaN' });
  expect(table?.rows[0]?.cells.map(({ text }) => text)).toEqual([
    '0.02',
    'none',
    '0.4000',
    '0.7500',
    '0.7000',
    '7',
    '9',
    '12.0',
    'whole',
  ]);
  const page = await htmlOf(tuneDocument(searched));
  expect(page).toContain('<svg');
  expect(page).toContain('the loss is NaN');
});

it('says nothing of the best where no trial has a result yet', async () => {
  const waiting = { ...searched, trials: [trial(1, 0.1, null, { status: 'waiting', epochs: 0 })] };
  const document = tuneDocument(waiting);
  expect(document.opening).toHaveLength(1);
  expect(await htmlOf(document)).toContain('0 of 1 begun');
});

it('draws a sweep with its intervals, of two options a plot for each value of the second', async () => {
  const value = (epsilon: number, hidden: number, losses: readonly number[]) => ({
    options: { epsilon, hidden },
    ...{ loss: losses.length === 0 ? null : meanInterval(losses), accuracy: null, macroF1: null },
  });
  const sweep = [
    value(0.1, 8, [0.5, 0.6]),
    value(0.1, 16, [0.7, 0.9]),
    value(0.2, 8, [0.4, 0.5]),
    value(0.2, 16, []),
  ];
  const space = { epsilon: '0.1,0.2', hidden: '8,16' };
  const swept = { ...searched, asked: { ...asked, method: 'sweep' as const, space, seeds: 2 }, sweep };
  const document = tuneDocument(swept);
  expect(charts(document).map(({ title }) => title)).toEqual(['hidden 8', 'hidden 16']);
  expect(JSON.stringify(charts(document)[0]?.specification)).toContain('"low":');
  expect(document.opening.at(-1)).toMatchObject({
    command: expect.stringMatching(/--hidden 8 .*--epsilon 0\.2/) as string,
  });
  const [means] = tablesOf(document);
  expect(means?.header.slice(0, 4)).toEqual(['epsilon', 'hidden', 'seeds', 'validation loss']);
  expect(means?.rows[3]?.cells.map(({ text }) => text).slice(0, 3)).toEqual(['16', '0', '']);
  expect(await htmlOf(document)).toContain('<svg');
});
