import { expect, it } from 'vitest';
import { corpusReport, memoryPerLine, wholeStream } from '../../../../src/bench/corpus/report.js';
import type { CorpusResult } from '../../../../src/bench/corpus/report.js';
import { machine } from '../fixtures.js';

const mebibyte = 2 ** 20;

/** Every work takes 8 s; the peak grows by 2 MiB for each 1,000 lines. */
function corpusOf(lines: number): CorpusResult {
  const tokens = 200 * lines;
  const cost = { seconds: 8, idleBytes: 60 * mebibyte, peakBytes: (100 + lines / 500) * mebibyte };
  return {
    lines,
    bytes: 250 * lines,
    works: [
      { work: 'describe', examples: 1.5 * lines, tokens, ...cost },
      { work: 'audit', examples: 1.5 * lines, tokens, ...cost },
      { work: 'stream', examples: lines, tokens, ...cost },
    ],
    stream: {
      firstPass: { tokens, seconds: 6 },
      batches: { tokens, seconds: 2 },
      training: { steps: 12, tokens: 1000, seconds: 0.8 },
    },
    copies: {
      planted: { copies: 10, edits: 11, relabelled: 2 },
      found: { duplicates: 12, nearDuplicates: 22, contradicting: 4 },
    },
  };
}

it('tells by how much memory grows with a line', () => {
  expect(memoryPerLine({ lines: 100, peakBytes: 5000 }, { lines: 300, peakBytes: 9000 })).toBe(20);
});

it('counts the tokens of an epoch once, and the time of both its parts', () => {
  expect(wholeStream(corpusOf(1000).stream)).toEqual({ tokens: 200_000, seconds: 8 });
});

it('shows what each work took, how memory grows and the stream beside training', () => {
  const lines = corpusReport({ machine, corpora: [corpusOf(1000), corpusOf(3000)] }).split('\n');
  const cells = lines.map((line) => line.trim().split(/ {2,}/));
  expect(lines[0]).toBe('advnative 0.1.0 on A processor, avx2, 2 threads, load before 0.3');
  expect(cells).toContainEqual(['1,000', '0.3', 'describe', '1,500', '8.0', '188', '25,000', '102', '42']);
  expect(cells).toContainEqual(['stream', '1,000', '8.0', '125', '25,000', '102', '42']);
  // 4 MiB more for 2,000 lines more.
  expect(cells).toContainEqual(['audit', '4,500', '8.0', '563', '75,000', '106', '46', '2,097']);
  // Training takes 1,250 tokens a second.
  expect(cells).toContainEqual(['1,000', 'first pass over the text', '6.0', '33,333', '26.7']);
  expect(cells).toContainEqual(['batches of the epoch', '2.0', '100,000', '80.0']);
  expect(cells).toContainEqual(['both', '8.0', '25,000', '20.0']);
  expect(cells).toContainEqual(['training, 12 steps', '0.8', '1,250']);
  expect(cells).toContainEqual(['3,000', '12', '12', '11', '22', '2', '4']);
});
