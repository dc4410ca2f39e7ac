import { expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { mutatedJson } from './json-mutator.js';
import { mutatedBytes, mutatedText } from './mutator.js';

const many = Array.from({ length: 2000 }, (_, place) => place);
const random = (place: number) => new Random(1, 'mutator', place);

it('changes bytes in every way, the same each time, and leaves the seeds as they are', () => {
  const seeds = [Buffer.from('count 17, the first'), Buffer.from('THE SECOND')];
  const words = [Buffer.from('<word>')];
  const made = many.map((place) => mutatedBytes(random(place), { seeds, words }));
  expect(made).toEqual(many.map((place) => mutatedBytes(random(place), { seeds, words })));
  expect(seeds.map(String)).toEqual(['count 17, the first', 'THE SECOND']);
  const texts = made.map((bytes) => bytes.toString('latin1'));
  for (const [what, happened] of Object.entries({
    cut: (text: string) => 'count 17, the first'.startsWith(text) && text.length < 19,
    empty: (text: string) => text === '',
    repeated: (text: string) => /(.{4,}).*\1/.test(text),
    spliced: (text: string) => /^count.*SECOND$/.test(text),
    word: (text: string) => text.includes('<word>'),
    number: (text: string) => /4294967296|9007199254740993|1e999/.test(text),
    field: (text: string) => /\x7f\xff\xff\xff|\xff\xff\xff\x7f/.test(text),
    removed: (text: string) => /^count.*first$/.test(text) && text.length < 19,
    flipped: (text: string) => text.length === 19 && text !== 'count 17, the first',
  }))
    expect(texts.filter(happened).length, what).toBeGreaterThan(10);
});

it('makes texts that are not well-formed, among others', () => {
  const made = many.map((place) => mutatedText(random(place), { seeds: ['žluťoučký kůň 😀'] }));
  const wellFormed = made.filter((text) => text.isWellFormed()).length;
  expect(wellFormed).toBeGreaterThan(500);
  expect(wellFormed).toBeLessThan(1900);
});

it('makes JSON of other values, and some texts that are none', () => {
  const seed = { name: 'a', list: [1, { deep: true }], none: null };
  const values = many.map((place) => {
    try {
      return JSON.parse(mutatedJson(random(place), [seed])) as unknown;
    } catch {
      return undefined;
    }
  });
  expect(values.filter((value) => value === undefined).length).toBeGreaterThan(50);
  const objects = values.filter((value): value is typeof seed => typeof value === 'object' && value !== null);
  expect(objects.length).toBeGreaterThan(1000);
  expect(objects.filter(({ name }) => typeof name !== 'string').length).toBeGreaterThan(100);
  expect(objects.filter((value) => !('list' in value)).length).toBeGreaterThan(50);
  expect(objects.filter((value) => Object.hasOwn(value, '__proto__')).length).toBeGreaterThan(5);
  expect(seed).toEqual({ name: 'a', list: [1, { deep: true }], none: null });
});
