import { expect, it } from 'vitest';
import { babiBest, bestOfAny, czechPostsBest, dslBest } from '../../../src/datasets/best.js';
import { babiDefaults, ownDataDefaults } from '../../../src/datasets/defaults.js';
import { resolveRecipe } from '../../../src/recipe/recipe.js';

it.each([
  [100, 20],
  [2_500, 20],
  [5_000, 10],
  [10_000, 5],
  [20_000, 3],
  [1_000_000, 3],
])('reads %i examples %i times', (examples, epochs) => {
  const { word, char } = bestOfAny(examples);
  expect([word.epochs, char.epochs]).toEqual([epochs, epochs]);
});

it('reads all epochs, however many the user sets', () => {
  const dataset = { level: 'word', defaults: ownDataDefaults, best: bestOfAny(5_000) } as const;
  expect(resolveRecipe({}, dataset)).toMatchObject({ epochs: 10, patience: 10 });
  expect(resolveRecipe({ epochs: 40 }, dataset)).toMatchObject({ epochs: 40, patience: 40 });
  expect(resolveRecipe({ epochs: 40, patience: 3 }, dataset)).toMatchObject({ epochs: 40, patience: 3 });
  expect(resolveRecipe({ epochs: 40, preset: 'paper' }, dataset).patience).toBe(10);
});

it.each([
  [20, 2_000],
  [1_000, 20_000],
  [8_000, 100_000],
  [1_000_000, 100_000],
])('has for %i examples %i vectors of n-grams', (examples, buckets) => {
  const dataset = { level: 'word', defaults: ownDataDefaults, best: bestOfAny(examples) } as const;
  expect(resolveRecipe({}, dataset).buckets).toBe(buckets);
});

it('reads words by their parts and n-grams beside them, and characters without parts', () => {
  const dataset = { level: 'word', defaults: ownDataDefaults, best: bestOfAny(10_000) } as const;
  const recipe = resolveRecipe({}, dataset);
  const ngrams = ['char:1-6', 'word:1-2'];
  expect(recipe).toMatchObject({ ...{ regime: 'adversarial', subwords: [2, 5], ngrams, unknownRate: 0.5 } });
  expect(recipe).toMatchObject({ pooling: ['last', 'max', 'mean'], schedule: 'linear', ema: 0.99 });
  const { char } = ownDataDefaults;
  expect(resolveRecipe({}, { ...dataset, level: 'char' })).toMatchObject({
    ...{ subwords: null, ngrams, unknownRate: char.unknownRate, tokenizer: char.tokenizer },
  });
});

it('reads DSL by words', () => {
  const dataset = { level: 'char', defaults: ownDataDefaults, best: dslBest(10_000) } as const;
  expect(resolveRecipe({}, dataset)).toMatchObject({ level: 'word', subwords: [2, 5], epochs: 5 });
  expect(resolveRecipe({ preset: 'paper' }, dataset).level).toBe('char');
});

it('moves Czech posts further than other texts', () => {
  const [posts, any] = [czechPostsBest(8_000).word, bestOfAny(8_000).word];
  expect(posts.epsilon).toBeGreaterThan(any.epsilon ?? Number.NaN);
  expect({ ...posts, epsilon: 0, patience: 0 }).toEqual({ ...any, epsilon: 0, patience: 0 });
});

it.each([
  [900, 40],
  [10_000, 12],
  [100_000, 6],
])('reads %i bAbI questions %i times, and no n-grams', (examples, epochs) => {
  const dataset = { level: 'word', defaults: babiDefaults, best: babiBest(examples) } as const;
  const recipe = resolveRecipe({}, dataset);
  expect(recipe).toMatchObject({ epochs, ngrams: null, subwords: null, pooling: ['max'], unknownRate: 0 });
  const few = { regime: 'vanilla', weightDecay: 1 };
  expect(recipe).toMatchObject(examples < 5_000 ? few : { regime: 'adversarial', weightDecay: 0 });
  expect(recipe.embeddingRange).toBe(babiDefaults.word.embeddingRange);
  expect(resolveRecipe({ recurrent: false }, dataset).ngrams).toEqual(['char:1-6', 'word:1-2']);
});
