import { expect, it } from 'vitest';
import { bestConfigurations } from '../../../src/bench/best-configurations.js';
import { engineConfig, engineStep } from '../../../src/bench/engine.js';
import { planBench } from '../../../src/bench/plan.js';
import { babiBest, czechPostsBest, dslBest } from '../../../src/datasets/best.js';
import { babiDefaults, czechPostsDefaults, dslDefaults } from '../../../src/datasets/defaults.js';
import { resolveRecipe, type Recipe } from '../../../src/recipe/recipe.js';
import { classifierConfig, stepOptions } from '../../../src/training/native-model.js';

const dsl = { level: 'char', defaults: dslDefaults, best: dslBest(10_000) } as const;
const posts = { level: 'word', defaults: czechPostsDefaults, best: czechPostsBest(8_000) } as const;
const babi = { level: 'word', defaults: babiDefaults, best: babiBest(900) } as const;

const trained: Readonly<Record<string, Recipe>> = {
  'best-dsl': resolveRecipe({ dataset: 'dsl' }, dsl),
  'best-dsl-char': resolveRecipe({ dataset: 'dsl', level: 'char' }, dsl),
  'best-posts': resolveRecipe({ dataset: 'czech-facebook' }, posts),
  'best-babi': resolveRecipe({ dataset: 'babi-1' }, babi),
};

it('measures a model of each kind of data', () => {
  expect(bestConfigurations.map(({ name }) => name)).toEqual(Object.keys(trained));
  expect(bestConfigurations.map(({ subwords }) => subwords !== undefined)).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

it.each(bestConfigurations)('measures with $name what train trains', ({ name, ...configuration }) => {
  const recipe = trained[name];
  if (recipe === undefined) throw new Error(`no recipe for ${name}`);
  const { V, C, B, subwords, pooling } = configuration;
  const model = { ...configuration, cell: recipe.cell };
  // Only where weights begin is the bench's own.
  const begin = { embeddingRange: 0.5, seed: 1 };
  const config = classifierConfig(recipe, { vocabularySize: V, classCount: C }, 2);
  expect(engineConfig(model, 2)).toEqual({ ...config, ...begin });
  expect(subwords && [subwords.shortest, subwords.longest]).toEqual(recipe.subwords ?? undefined);
  expect(B).toBe(recipe.batchSize);
  for (const regime of ['vanilla', 'adversarial'] as const) {
    expect(engineStep(model, regime).weightDecay).toBe(stepOptions(recipe).weightDecay);
  }
  expect(planBench({}).regimes).toContain(recipe.regime);
  // What the operations are counted for, and what PyTorch's program has.
  expect(['last', 'max', 'mean']).toEqual(expect.arrayContaining([...pooling]));
});
