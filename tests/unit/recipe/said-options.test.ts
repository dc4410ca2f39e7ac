import { describe, expect, it } from 'vitest';
import { usualSettings } from '../../../src/datasets/catalogue.js';
import { trainArguments, trainCommand } from '../../../src/recipe/command-line.js';
import { resolveRecipe } from '../../../src/recipe/recipe.js';
import { allOptions, saidOptions } from '../../../src/recipe/said-options.js';
import type { DefaultsByLevel } from '../../../src/recipe/presets.js';
import type { TrainOptions } from '../../../src/recipe/table.js';

const examples = 9000;

function settings(options: TrainOptions): DefaultsByLevel {
  const data = options.train === undefined ? { dataset: options.dataset ?? '' } : { train: options.train };
  const usual = usualSettings(data as Parameters<typeof usualSettings>[0], examples, 'char');
  if (usual === undefined) throw new Error('no dataset of this package');
  return usual;
}

describe('the options that give a recipe', () => {
  it.each<TrainOptions>([
    { dataset: 'babi-6', preset: 'best' },
    { dataset: 'babi-1', preset: 'best', regime: 'vanilla', seed: 7, epsilon: 0.3, hidden: 65 },
    { dataset: 'dsl', limit: 10_000, preset: 'paper', cell: 'lstm', loss: 'squared', size: 'small' },
    { dataset: 'dsl', limit: 10_000, preset: 'best', subwords: false, ngrams: false },
    { dataset: 'czech-facebook', preset: 'fast' },
    { dataset: 'czech-mall', preset: 'paper', level: 'char', regime: 'random+dropout', clipNorm: 0 },
  ])('are those that differ from what the preset sets: %j', (options) => {
    const usual = settings(options);
    expect(saidOptions(resolveRecipe(options, usual), usual)).toEqual(options);
  });

  it('say where own files lie, and their level, which follows from texts that are not read', () => {
    const options: TrainOptions = {
      ...{ train: '/data/a.csv', test: '/data/b.csv', labelColumn: 'stars', preset: 'paper' },
      level: 'word',
      alpha: 0.25,
    };
    const usual = settings(options);
    expect(saidOptions(resolveRecipe(options, usual), usual)).toEqual(options);
  });

  it('are none where the recipe is not what any options give', () => {
    const usual = settings({ dataset: 'babi-6' });
    const recipe = resolveRecipe({ dataset: 'babi-6' }, usual);
    expect(saidOptions({ ...recipe, dropoutKeep: 0.7 }, usual)).toBeUndefined();
  });

  it('are all of them where nothing is known of what the data sets', () => {
    const options: TrainOptions = { dataset: 'dsl', preset: 'best', buckets: 5000, limit: 900 };
    const recipe = resolveRecipe(options, settings(options));
    const all = allOptions(recipe);
    expect(resolveRecipe(all, settings({ dataset: 'babi-6' }))).toEqual(recipe);
    expect(Object.keys(all).length).toBeGreaterThan(25);
  });
});

describe('a command line', () => {
  it('writes lists with commas, lengths with a dash, and what is left out as such', () => {
    const options: TrainOptions = {
      ...{ dataset: 'dsl', preset: 'best', limit: 10_000, subwords: [2, 5], ngrams: false },
      ...{ pooling: ['last', 'max'], learningRate: 0.002, header: true },
    };
    expect(trainArguments(options)).toEqual([
      '--dataset dsl',
      '--header',
      '--preset best',
      '--limit 10000',
      '--pooling last,max',
      '--subwords 2-5',
      '--no-ngrams',
      '--lr 0.002',
    ]);
    expect(trainCommand({ train: "it's here.tsv" })).toBe(
      String.raw`npx advnative train --train 'it'\''s here.tsv'`,
    );
  });
});
