import { expect, test } from 'vitest';
import { RepetitionSample } from '../../../../src/inspect/describe/artificiality.js';
import { Random } from '../../../../src/base/random.js';

function measured(texts: readonly string[], seed = 1) {
  const totalBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const sample = new RepetitionSample(totalBytes, seed);
  for (const text of texts) sample.add(text);
  return sample.result();
}

test('counts 4-grams that occurred before', () => {
  // abcd, bcde, abcd, bcdf: one of four is a repetition.
  expect(measured(['a b c d e', 'a b c d f']).repeatedNgrams).toBe(0.25);
  expect(measured(['too short now']).repeatedNgrams).toBe(0);
});

test('tells templates from texts whose words are drawn anew', () => {
  const random = new Random(1, 'texts');
  const actors = ['Mary', 'John', 'Sandra'];
  const places = ['garden', 'kitchen', 'office'];
  const templates = Array.from(
    { length: 500 },
    () => `${random.pick(actors)} went to the ${random.pick(places)}.`,
  );
  const drawn = Array.from({ length: 500 }, () =>
    Array.from({ length: 8 }, () => random.below(2 ** 32).toString(36)).join(' '),
  );
  const [artificial, natural] = [measured(templates), measured(drawn)];
  expect(artificial.templated).toBe(true);
  expect(artificial.compressionRatio).toBeGreaterThan(5);
  expect(natural.templated).toBe(false);
  expect(natural.compressionRatio).toBeLessThan(2);
});

test('draws a sample of 1 MiB from all texts', () => {
  const text = 'x'.repeat(1024);
  const texts = Array.from({ length: 4096 }, () => text);
  expect(measured(texts).texts).toBe(1024);
  expect(measured(texts.slice(0, 700)).texts).toBe(700);
});

/** Texts of 16 words, drawn anew or of a template, about 100 bytes each. */
function natural(count: number): string[] {
  const random = new Random(2, 'natural');
  const word = () => (36 ** 5 + random.below(35 * 36 ** 5)).toString(36);
  return Array.from({ length: count }, () => Array.from({ length: 16 }, word).join(' '));
}
function templated(count: number): string[] {
  const random = new Random(3, 'templates');
  const place = () => random.pick(['garden', 'kitchen', 'office']);
  return Array.from(
    { length: count },
    () =>
      `Mary went to the ${place()} and then John came back from the ${place()} to the very same old place again.`,
  );
}

test.each([1.1, 1.9, 4])('says the same whatever the order of texts of %f MiB', (size) => {
  const half = Math.floor((size * 2 ** 20) / 2 / 110);
  const [drawn, made] = [natural(half), templated(half)];
  const alternating = drawn.flatMap((text, place) => [text, made[place] ?? '']);
  const orders = [[...drawn, ...made], [...made, ...drawn], alternating].map((texts) => measured(texts));
  for (const { repeatedNgrams, compressionRatio } of orders) {
    expect(Math.abs(repeatedNgrams - (orders[0]?.repeatedNgrams ?? 0))).toBeLessThan(0.03);
    expect(Math.abs(compressionRatio / (orders[0]?.compressionRatio ?? 0) - 1)).toBeLessThan(0.1);
  }
  expect(orders[0]?.repeatedNgrams).toBeGreaterThan(0.4);
  expect(orders[0]?.repeatedNgrams).toBeLessThan(0.75);
});

test('draws other texts by another seed and the same by the same', () => {
  const texts = natural(20_000);
  expect(measured(texts, 7)).toEqual(measured(texts, 7));
  expect(measured(texts, 7)).not.toEqual(measured(texts, 8));
});
