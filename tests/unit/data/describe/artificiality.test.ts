import { expect, test } from 'vitest';
import { RepetitionSample } from '../../../../src/data/describe/artificiality.js';
import { Random } from '../../../../src/data/random.js';

function measured(texts: readonly string[], totalBytes = 0) {
  const sample = new RepetitionSample(totalBytes);
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

test('takes a sample of 1 MiB spread over all texts', () => {
  const text = 'x'.repeat(1023);
  const texts = Array.from({ length: 4096 }, () => text);
  expect(measured(texts, 4096 * 1024).texts).toBe(1024);
});
