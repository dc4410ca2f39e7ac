import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import type { LabelledExample } from '../../../src/text/encode.js';
import type { ActiveRun } from '../../../src/training/active-run.js';
import { sampleOf } from '../../../src/training/fit-linear.js';
import { sampled } from '../../../src/training/sampled.js';
import { forAll, streamOf } from '../support.js';

/** Examples of these lengths and classes. */
const examplesOf = (rows: readonly (readonly [number, number])[]): LabelledExample[] =>
  rows.map(([length, label], place) => ({
    example: { id: String(place), text: 'x'.repeat(length), label: String(label) },
    label,
  }));

async function* stream(examples: readonly LabelledExample[]): AsyncGenerator<LabelledExample> {
  for (const one of examples) yield await Promise.resolve(one);
}

const lengthOf = (some: readonly LabelledExample[]) =>
  some.reduce((sum, { example }) => sum + example.text.length, 0);

const placesOf = (some: readonly LabelledExample[]) => some.map(({ example }) => Number(example.id));

const many = examplesOf(Array.from({ length: 4000 }, (_, place) => [10, place % 2]));

it('keeps all texts that fit, and of more a sample of every part and class', async () => {
  expect(await sampled(stream(many), 40_000, 1)).toEqual(many);
  expect(await sampled(stream(many), 39_999, 1)).toHaveLength(3999);
  const some = await sampled(stream(many), 20_000, 1);
  expect(some).toHaveLength(2000);
  const places = placesOf(some);
  expect(places).toEqual([...places].sort((one, other) => one - other));
  const share = (of: readonly number[]) => of.length / some.length;
  expect(share(places.filter((place) => place % 2 === 0))).toBeCloseTo(0.5, 1);
  expect(share(places.filter((place) => place < 2000))).toBeCloseTo(0.5, 1);
  expect(await sampled(stream(many), 20_000, 1)).toEqual(some);
  expect(await sampled(stream(many), 20_000, 2)).not.toEqual(some);
  expect(await sampled(stream(many), 900, 1)).toHaveLength(90);
});

it('uses nearly all that is allowed where texts are long', async () => {
  const long = examplesOf(Array.from({ length: 120 }, (_, place) => [400, place % 2]));
  for (const seed of [1, 2, 3]) {
    expect(lengthOf(await sampled(stream(long), 12_000, seed))).toBe(12_000);
    expect(lengthOf(await sampled(stream(long), 11_999, seed))).toBe(11_600);
  }
});

/** What the sample is by its definition: of each class the example of the smallest draw, then the smallest draws. */
function byDefinition(examples: readonly LabelledExample[], most: number, seed: number): LabelledExample[] {
  const random = new Random(seed, 'sample of texts');
  const drawn = examples.map((one) => ({ one, draw: random.below(2 ** 30) }));
  drawn.sort((one, other) => one.draw - other.draw);
  const isFirst = ({ one }: (typeof drawn)[number]) =>
    drawn.find((other) => other.one.label === one.label)?.one === one;
  const taken: LabelledExample[] = [];
  const fits = ({ one }: (typeof drawn)[number]) => lengthOf([...taken, one]) <= most;
  for (const one of drawn.filter(isFirst)) if (fits(one)) taken.push(one.one);
  for (const one of drawn.filter((other) => !isFirst(other))) {
    if (!fits(one)) break;
    taken.push(one.one);
  }
  return examples.filter((one) => taken.includes(one));
}

it('is the smallest draws, as if all texts had been held: of one class, or of equal lengths', async () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
  const most = fc.integer({ min: 40, max: 700 });
  await forAll([lengths, most, fc.nat(9)]).check(async (numbers, bound, seed) => {
    const ofOneClass = examplesOf(numbers.map((length) => [length, 0]));
    expect(await sampled(stream(ofOneClass), bound, seed)).toEqual(byDefinition(ofOneClass, bound, seed));
    const ofOneLength = examplesOf(numbers.map((number) => [20, number % 5]));
    expect(await sampled(stream(ofOneLength), bound, seed)).toEqual(byDefinition(ofOneLength, bound, seed));
  });
});

it('has every class that fits, wherever its texts are, and one text at least', async () => {
  for (const place of [0, 1999, 3999]) {
    const rare = many.map((one, row) => (row === place ? { ...one, label: 2 } : one));
    for (const seed of [1, 2, 3]) {
      const some = await sampled(stream(rare), 200, seed);
      expect(some).toHaveLength(20);
      expect(new Set(some.map(({ label }) => label))).toEqual(new Set([0, 1, 2]));
    }
  }
  const tooLong = [...many, ...examplesOf([[201, 2]])];
  const others = await sampled(stream(tooLong), 200, 1);
  expect(new Set(others.map(({ label }) => label))).toEqual(new Set([0, 1]));
  expect(lengthOf(others)).toBe(200);
  expect(
    await sampled(
      stream(
        examplesOf([
          [201, 0],
          [300, 1],
        ]),
      ),
      200,
      1,
    ),
  ).toHaveLength(1);
});

it('is taken of the characters that a run has, however many tokens its network reads', async () => {
  const texts = many.map(({ example }) => [example.text, example.label] as const);
  const dataset = { labels: ['0', '1'], train: () => streamOf(...texts), valid: () => streamOf() };
  // Fewer than 12,345 characters by whatever a token has.
  const data = { dataset, train: { tokens: 100 } };
  const run = { data, recipe: { seed: 1, level: 'word' }, watch: {} } as unknown as ActiveRun;
  const sizeOf = async (most: number): Promise<number> => {
    const some: LabelledExample[] = [];
    for await (const one of sampleOf(run, most).train) some.push(one);
    return lengthOf(some);
  };
  expect(await sizeOf(40_000)).toBe(40_000);
  expect(await sizeOf(12_345)).toBe(12_340);
});
