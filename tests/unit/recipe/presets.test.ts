import { expect, it } from 'vitest';
import { ownDataDefaults } from '../../../src/datasets/defaults.js';
import { checkTrainOptions } from '../../../src/recipe/check.js';
import { resolveRecipe } from '../../../src/recipe/recipe.js';
import type { TrainOptions } from '../../../src/recipe/table.js';
import { advError } from '../support.js';

const best = {
  level: 'word',
  char: { pooling: ['max'], learningRate: 0.004 },
  word: {
    pooling: ['mean', 'max'],
    subwords: [2, 4],
    ngrams: ['char:1-3'],
    epochs: 7,
    sizes: {
      big: { embedding: 8, hidden: 9, mlp: 10 },
      small: { embedding: 4, hidden: 5, mlp: 6 },
    },
  },
} as const;
const dataset = { level: 'char', defaults: ownDataDefaults, best } as const;
const recipeOf = (options: TrainOptions) => resolveRecipe(options, dataset);

it('takes what is best for the data unless the user says otherwise', () => {
  expect(recipeOf({})).toMatchObject({
    preset: 'best',
    level: 'word',
    tokenizer: ownDataDefaults.word.tokenizer,
    ...{ pooling: ['mean', 'max'], subwords: [2, 4], ngrams: ['char:1-3'], epochs: 7 },
    dimensions: { embedding: 8, hidden: 9, mlp: 10 },
    learningRate: ownDataDefaults.word.learningRate,
  });
  const said = { pooling: ['last'], epochs: 2, size: 'small', hidden: 3, subwords: [3, 3] } as const;
  expect(recipeOf(said)).toMatchObject({
    ...{ pooling: ['last'], epochs: 2, subwords: [3, 3], ngrams: ['char:1-3'] },
    dimensions: { embedding: 4, hidden: 3, mlp: 6 },
  });
});

it('leaves n-grams out where the user says so', () => {
  expect(recipeOf({ ngrams: false, subwords: false })).toMatchObject({ ngrams: null, subwords: null });
  expect(() => recipeOf({ subwords: false, buckets: 9 })).toThrow(
    advError('USAGE', /^--buckets cannot be combined with --no-subwords: without n-grams/u, /Leave one/u),
  );
  expect(() => recipeOf({ level: 'char', buckets: 9 })).toThrow(
    advError('USAGE', /expected --subwords beside --buckets/u, /--subwords 2-5/u),
  );
});

it("tells a learning rate that does not go with the preset's weight decay as what the user said", () => {
  const decaying = { ...dataset, best: { ...best, word: { ...best.word, weightDecay: 2 } } };
  expect(() => resolveRecipe({ learningRate: 4 }, decaying)).toThrow(
    advError(
      'USAGE',
      /^--lr: expected at most 0.5, which is 1 \/ --weight-decay of 2, got 4$/u,
      /lower one/u,
    ),
  );
});

it('takes what is best for characters where the user reads them', () => {
  expect(recipeOf({ level: 'char' })).toMatchObject({
    ...{ level: 'char', pooling: ['max'], subwords: null, ngrams: null, learningRate: 0.004 },
    dimensions: ownDataDefaults.char.sizes.big,
  });
});

it("takes the paper's model and training, whatever is best", () => {
  const { tokenizer, epochs, learningRate, sizes } = ownDataDefaults.char;
  expect(recipeOf({ preset: 'paper' })).toMatchObject({
    ...{ preset: 'paper', level: 'char', regime: 'adversarial', pooling: ['last'], schedule: 'constant' },
    ...{ subwords: null, ngrams: null, tokenizer, epochs, learningRate, dimensions: sizes.big },
  });
});

it('takes n-grams alone to be fast, and then nothing that is said of a network', () => {
  const fast = { preset: 'fast', recurrent: false, ngrams: ['char:1-6', 'word:1-2'] };
  expect(recipeOf({ preset: 'fast' })).toMatchObject(fast);
  expect(recipeOf({ preset: 'fast', ngrams: ['char:2-3'] }).ngrams).toEqual(['char:2-3']);
  expect(() => {
    checkTrainOptions({ preset: 'fast', learningRate: 0.1 });
  }).toThrow(advError('USAGE', /^--lr cannot be combined with --preset fast/u, /Leave one/u));
  expect(recipeOf({ preset: 'fast', recurrent: true, learningRate: 0.1 }).recurrent).toBe(true);
  expect(() => recipeOf({ preset: 'fast', ngrams: false })).toThrow(
    advError('USAGE', /^--no-ngrams cannot be combined with --preset fast: without a network/u, /Leave one/u),
  );
  expect(() => recipeOf({ preset: 'fast', recurrent: false, ngrams: false })).toThrow(
    advError('USAGE', /^--no-ngrams cannot be combined with --no-recurrent: /u, /Leave one/u),
  );
});
