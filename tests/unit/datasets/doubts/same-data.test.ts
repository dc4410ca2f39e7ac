import { describe, expect, it } from 'vitest';
import { ExampleSketch } from '../../../../src/datasets/doubts/example-sketch.js';
import { sameData, type ComparedSplit } from '../../../../src/datasets/doubts/same-data.js';
import type { SplitName } from '../../../../src/datasets/split-names.js';

function sketchOf(from: number, to: number, label = 'pos'): ExampleSketch {
  const sketch = new ExampleSketch();
  for (let number = from; number < to; number++) {
    sketch.add({ id: String(number), text: `this is text ${number} of many`, label });
  }
  return sketch;
}

function compared(
  split: SplitName,
  sketch: ExampleSketch,
  sha256?: string,
  name = `${split}.tsv`,
): ComparedSplit {
  return { split, sketch, file: sha256 === undefined ? undefined : { name, bytes: 1, sha256 } };
}

describe('ExampleSketch', () => {
  it('is exact for short streams', () => {
    expect(sketchOf(0, 100).shareIn(sketchOf(0, 100))).toBe(1);
    expect(sketchOf(0, 100).shareIn(sketchOf(75, 400))).toBe(0.25);
    expect(sketchOf(0, 100).shareIn(sketchOf(100, 200))).toBe(0);
    expect(sketchOf(0, 100).shareIn(sketchOf(0, 100, 'neg'))).toBe(0);
    expect(new ExampleSketch().shareIn(sketchOf(0, 9))).toBe(0);
    expect(sketchOf(0, 9).shareIn(new ExampleSketch())).toBe(0);
  });

  it('counts repeated examples as often as they stand', () => {
    const sketch = sketchOf(0, 10);
    for (let again = 0; again < 10; again++) sketch.add({ id: 'again', text: 'one more', label: 'pos' });
    expect(sketch.shareIn(sketchOf(0, 10))).toBe(0.5);
    expect(sketch.count).toBe(20);
  });

  it('estimates the share of long streams, and of a short one in a long one', () => {
    const long = sketchOf(0, 100_000);
    expect(long.shareIn(sketchOf(50_000, 200_000))).toBeCloseTo(0.5, 1);
    expect(long.shareIn(sketchOf(0, 100_000))).toBe(1);
    expect(long.shareIn(sketchOf(100_000, 200_000))).toBe(0);
    expect(sketchOf(99_000, 101_000).shareIn(sketchOf(0, 100_000))).toBeGreaterThan(0.2);
    expect(sketchOf(99_000, 101_000).shareIn(sketchOf(0, 100_000))).toBeLessThan(0.8);
  });

  it('tells long texts apart by their start, their end and their length', () => {
    const one = new ExampleSketch();
    one.add({ id: '1', text: `${'a'.repeat(600)}${'b'.repeat(600)}`, label: 'x' });
    for (const text of ['c', 'd'].map((end) => `${'a'.repeat(600)}${'b'.repeat(599)}${end}`)) {
      const other = new ExampleSketch();
      other.add({ id: '1', text, label: 'x' });
      expect(other.shareIn(one)).toBe(0);
    }
  });
});

describe('sameData', () => {
  const splitNames = ['train', 'valid', 'test'] as const;
  const [a, b, c] = [sketchOf(0, 100), sketchOf(100, 140), sketchOf(200, 240)];

  it('says nothing of splits that have nothing in common', () => {
    const different = [compared('train', a, '1'), compared('valid', b, '2'), compared('test', c, '3')];
    expect(sameData(different)).toEqual([]);
    expect(sameData([compared('train', a), compared('valid', b)])).toEqual([]);
    expect(sameData([compared('train', a, '1')])).toEqual([]);
  });

  it('names one file that is all data, once', () => {
    const [doubt, ...more] = sameData(splitNames.map((split) => compared(split, a, '1', 'x.tsv')));
    expect(more).toEqual([]);
    expect(doubt).toMatchObject({ code: 'SAME_DATA', splits: splitNames, count: 100, share: 1 });
    expect(doubt?.message).toMatch(/^one file is training, validation and test data: x\.tsv\. /);
  });

  it.each([
    ['training and validation data: train.tsv, valid.tsv', ['1', '1', '2'], ['train', 'valid']],
    ['training and test data: train.tsv, test.tsv', ['1', '2', '1'], ['train', 'test']],
    ['validation and test data: valid.tsv, test.tsv', ['1', '2', '2'], ['valid', 'test']],
  ] as const)('names every pair: %s', (what, hashes, splits) => {
    const sketches = { 1: a, 2: b };
    const [doubt, ...more] = sameData(
      splitNames.map((split, place) => {
        const hash = hashes[place] ?? '1';
        return compared(split, sketches[hash], hash);
      }),
    );
    expect(more).toEqual([]);
    expect(doubt?.message).toContain(`one file is ${what}`);
    expect(doubt?.splits).toEqual(splits);
  });

  it('tells of files that have most of their examples from another, whatever their form', () => {
    const [doubt] = sameData([
      compared('train', a, '1'),
      compared('valid', sketchOf(90, 100), '2'),
      compared('test', sketchOf(60, 120), '3'),
    ]);
    expect(doubt?.message).toMatch(
      /^all of the validation examples are in the training data too, with the same labels; 66 % of the test examples are in the training data too/,
    );
    expect(doubt).toMatchObject({ splits: ['train', 'valid', 'test'], count: 40, share: 2 / 3 });
  });

  it('leaves alone what repeats less than half', () => {
    expect(sameData([compared('train', a), compared('test', sketchOf(51, 200))])).toEqual([]);
  });

  it('tells of definitions, which have no file for each split', () => {
    expect(sameData([compared('train', a), compared('test', a)])[0]?.message).toMatch(
      /^all of the test examples/,
    );
  });
});
