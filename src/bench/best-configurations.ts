import { babiBest, czechPostsBest, dslBest } from '../datasets/best.js';
import { babiDefaults, czechPostsDefaults, dslDefaults } from '../datasets/defaults.js';
import type { DefaultsByLevel } from '../recipe/presets.js';
import { resolveRecipe, subwordsOf } from '../recipe/recipe.js';
import type { TrainOptions } from '../recipe/table.js';
import type { CelllessConfiguration } from './configurations.js';

/** Data that models of `--preset best` are trained on, its sizes as the tokenizer finds them. */
interface Data extends Pick<CelllessConfiguration, 'name' | 'description' | 'V' | 'C' | 'T'> {
  readonly dataset: DefaultsByLevel;
  readonly options?: TrainOptions;
}

const dsl = { level: 'char', defaults: dslDefaults, best: dslBest(10_000) } as const;

/** Lengths are those that the middle batch of an epoch has: texts of like length come together. */
const data: readonly Data[] = [
  {
    ...{ name: 'best-dsl', description: 'best for 10,000 DSL sentences, words with n-grams' },
    ...{ dataset: dsl, V: 95_332, C: 14, T: [42, 45] },
  },
  {
    ...{ name: 'best-dsl-char', description: 'best for 10,000 DSL sentences, characters' },
    ...{ dataset: dsl, options: { level: 'char' }, V: 267, C: 14, T: [222, 230] },
  },
  {
    ...{ name: 'best-posts', description: 'best for Czech posts, words with n-grams' },
    dataset: { level: 'word', defaults: czechPostsDefaults, best: czechPostsBest(8_000) },
    ...{ V: 17_835, C: 4, T: [14, 15] },
  },
  {
    ...{ name: 'best-babi', description: 'best for 1,000 bAbI questions, words' },
    dataset: { level: 'word', defaults: babiDefaults, best: babiBest(900) },
    ...{ V: 24, C: 6, T: [41, 43] },
  },
];

/** The models that `--preset best` trains, taken from the preset itself. */
export const bestConfigurations: readonly CelllessConfiguration[] = data.map(
  ({ dataset, options = {}, ...sizes }) => {
    const recipe = resolveRecipe(options, dataset);
    const { embedding: E, hidden: H, mlp: M } = recipe.dimensions;
    const { batchSize: B, pooling, ema, weightDecay } = recipe;
    return {
      ...sizes,
      B,
      E,
      H,
      M,
      pooling,
      subwords: subwordsOf(recipe),
      ema,
      weightDecay,
      tokens: 'natural',
    };
  },
);
