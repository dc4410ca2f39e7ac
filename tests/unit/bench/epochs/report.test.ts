import { expect, it } from 'vitest';
import { failureOf, summaryOf } from '../../../../src/bench/epochs/measure.js';
import { epochLine, epochReport } from '../../../../src/bench/epochs/report.js';
import type { EpochResult } from '../../../../src/bench/epochs/report.js';
import type { RunRecord } from '../../../../src/training/run-record.js';
import { trainResult } from '../../training/support.js';
import { machine } from '../fixtures.js';

const epochs: readonly EpochResult[] = [
  {
    name: 'dsl:70',
    status: 'measured',
    examples: 7000,
    tokens: 1_500_000,
    classes: 14,
    seconds: 125,
    tokensPerSecond: 40_000,
    peakBytes: 300 * 2 ** 20,
    validLoss: 0.5,
    notes: ['a pool'],
  },
  { name: 'czech-mall', status: 'missing', reason: 'lacks positive.txt' },
  { name: 'czech-mall:char', status: 'missing', reason: 'lacks positive.txt' },
  { name: 'babi-1', status: 'failed', reason: 'the disk is full' },
];

it('has a row for each dataset, and says once what is missing', () => {
  const [head, table, notes] = epochReport({ machine, epochs }).split('\n\n');
  expect(head).toBe('advnative 0.1.0 on A processor, avx2, 2 threads, load before 0.3');
  const rows = table?.split('\n').map((line) => line.trim().split(/ {2,}/));
  expect(rows).toHaveLength(5);
  // ln 14 = 2.6391
  expect(rows?.[1]).toEqual(['dsl:70', '7,000', '1,500,000', '2:05', '40,000', '300', '0.5000', '2.6391']);
  expect(rows?.slice(2)).toEqual([
    ['czech-mall', 'files missing'],
    ['czech-mall:char', 'files missing'],
    ['babi-1', 'FAILED'],
  ]);
  expect(notes?.split('\n')).toEqual([
    'dsl:70: a pool',
    'czech-mall, czech-mall:char: lacks positive.txt',
    'babi-1: the disk is full',
  ]);
});

it('says in a line how a dataset went', () => {
  expect(epochs.map(epochLine)).toEqual([
    'dsl:70: 2:05, 40,000 tokens/s, validation loss 0.5000',
    'czech-mall: files missing',
    'czech-mall:char: files missing',
    'babi-1: FAILED',
  ]);
});

it('takes its numbers from what the run says', () => {
  const record = { result: { peakMemoryBytes: 1000 } } as RunRecord;
  expect(summaryOf(trainResult, record)).toEqual({
    status: 'measured',
    examples: 30,
    // 220 of each
    tokens: 6600,
    classes: 3,
    tokensPerSecond: 3300,
    peakBytes: 1000,
    validLoss: 1.25,
    notes: ['a pool'],
  });
});

it('gives the message of a failure, or the last words', () => {
  expect(
    failureOf('{"error":{"code":"STORAGE","message":"no room"}}\n', 'error: no room\nFree space.\n'),
  ).toBe('no room');
  expect(failureOf('', 'reading dsl\nFATAL ERROR: heap out of memory\n\n')).toBe(
    'FATAL ERROR: heap out of memory',
  );
  expect(failureOf('', '')).toMatch(/without a word/);
});
