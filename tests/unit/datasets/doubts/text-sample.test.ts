import { expect, it } from 'vitest';
import { startOfText } from '../../../../src/datasets/doubts/doubt.js';
import { TextSample } from '../../../../src/datasets/doubts/text-sample.js';

/** Places of the examples that a sample of a stream keeps. */
function sampled(count: number): number[] {
  const sample = new TextSample();
  for (let place = 0; place < count; place++) sample.add({ id: String(place), text: 'x', label: 'y' });
  return sample.examples.map(({ id }) => Number(id));
}

it('keeps all examples of a short stream', () => {
  expect(sampled(0)).toEqual([]);
  expect(sampled(1024)).toEqual(Array.from({ length: 1024 }, (_, place) => place));
});

it.each([1025, 3000, 4096, 100_000])('keeps some at equal distances of a stream of %d', (count) => {
  const places = sampled(count);
  expect(places.length).toBeGreaterThanOrEqual(512);
  expect(places.length).toBeLessThanOrEqual(1024);
  const distance = (places[1] ?? 0) - (places[0] ?? 0);
  expect(places).toEqual(Array.from({ length: Math.ceil(count / distance) }, (_, place) => place * distance));
});

it('keeps the start of a text, and no half of a pair', () => {
  expect(startOfText('abc', 5)).toBe('abc');
  expect(startOfText('abc', 2)).toBe('ab');
  expect(startOfText('ab\u{1f600}', 3)).toBe('ab');
  expect(startOfText('ab\u{1f600}', 4)).toBe('ab\u{1f600}');
  expect(startOfText('ab\ud83d', 3)).toBe('ab\ud83d');
});
