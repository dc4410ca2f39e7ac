import { describe, expect, it } from 'vitest';
import { loadAddon } from '../../src/engine/loader.js';
import { matching } from '../unit/support.js';
import { adversarial, batch, createClassifier, evenBatch, vanilla } from './fixtures.js';

const lengths = Int32Array.of(3, 5, 1);
const mebibyte = 2 ** 20;

it('memory that this process may have is never all there could be', () => {
  const addon = loadAddon();
  const need = { bytes: 2 ** 60, what: 'a wish' };
  const refusal = /^a wish needs \S+ GiB, and this process may have \S+ .iB more: /u;
  expect(() => {
    addon.requireMemory(need);
  }).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY', message: matching(refusal) }));
  addon.requireMemory({ bytes: 2 * mebibyte, what: 'little' });
  for (const bytes of [-1, NaN, Infinity]) {
    expect(() => {
      addon.requireMemory({ bytes, what: 'nothing' });
    }).toThrow(RangeError);
  }
});

describe('what a call takes', () => {
  it('is known before, and is nothing once it is held', async () => {
    const classifier = createClassifier();
    const [made, training, evaluating] = [
      classifier.heldBytes,
      classifier.bytesFor(lengths, adversarial),
      classifier.bytesFor(lengths),
    ];
    expect(evaluating).toBeGreaterThan(0);
    expect(training).toBeGreaterThan(evaluating);
    expect(classifier.bytesFor(lengths, vanilla)).toBeLessThan(training);
    await classifier.trainStep(batch, adversarial);
    const taken = classifier.heldBytes - made;
    expect(taken).toBeLessThanOrEqual(training);
    expect(taken).toBeGreaterThan(training / 1.2);
    expect(classifier.bytesFor(lengths, adversarial)).toBeLessThan(1000);
  });

  it.each([
    ['no array', [3], /lengths: expected an Int32Array, got an array/u],
    ['no text', Int32Array.of(), /lengths: expected at least 1 text, got 0/u],
    ['an empty text', Int32Array.of(3, 0), /lengths\[1\]: expected at least 1, got 0/u],
    ['more tokens than ids can count', Int32Array.of(2 ** 31 - 1, 1), /at most 2,147,483,647 tokens/u],
  ])('is refused for %s', (_, wrong, message) => {
    const classifier = createClassifier();
    expect(() => classifier.bytesFor(wrong as Int32Array)).toThrow(message);
    classifier.dispose();
    expect(() => classifier.bytesFor(lengths)).toThrow(/dispose\(\)/u);
    expect(() => classifier.heldBytes).toThrow(/dispose\(\)/u);
  });

  it('does not stay when a batch was huge', async () => {
    const classifier = createClassifier({ hiddenSize: 64, embeddingSize: 50 });
    const [usual, huge] = [evenBatch(20, 20), evenBatch(40, 2000)];
    for (let step = 0; step < 3; step++) await classifier.trainStep(usual, adversarial);
    const [held, resident] = [classifier.heldBytes, process.memoryUsage.rss()];
    const needed = classifier.bytesFor(new Int32Array(40).fill(2000), adversarial);
    expect(needed).toBeGreaterThan(200 * mebibyte);
    await classifier.trainStep(huge, adversarial);
    expect(classifier.heldBytes).toBeLessThan(held);
    expect(process.memoryUsage.rss() - resident).toBeLessThan(60 * mebibyte);
    await classifier.trainStep(usual, adversarial);
    expect(classifier.heldBytes).toBe(held);
  });
});
