import { isDeepStrictEqual } from 'node:util';
import { AdvError } from '../base/errors.js';
import type { DataSource } from './data-source.js';
import type { ModelSize } from './option.js';
import type { DefaultsByLevel } from './presets.js';
import { resolveRecipe, type Recipe } from './recipe.js';
import { recordedParts, trainOptions, type TrainOptions } from './table.js';

/** Options while they are put together. */
type Said = Record<string, unknown>;

/**
 * The fewest options of train() that give a recipe: where its data lies, its preset, and what differs from what that sets.
 *
 * @param dataset what the data itself sets
 * @returns undefined when no options give the recipe, as where a preset has changed since
 */
export function saidOptions(recipe: Recipe, dataset: DefaultsByLevel): TrainOptions | undefined {
  const said: Said = { ...optionsOfData(recipe.data), preset: recipe.preset };
  try {
    for (const [name] of recordedParts) {
      const usual = resolveRecipe(said, dataset);
      if (name === 'dimensions') Object.assign(said, otherDimensions(recipe, usual));
      else if (!isDeepStrictEqual(usual[name], recipe[name])) Object.assign(said, optionsOf(recipe, name));
    }
    return isDeepStrictEqual(resolveRecipe(said, dataset), recipe) ? said : undefined;
  } catch (error) {
    if (error instanceof AdvError) return undefined;
    throw error;
  }
}

/** Every option that decides the numbers of a recipe, whatever its preset and its data set. */
export function allOptions(recipe: Recipe): TrainOptions {
  const said: Said = { ...optionsOfData(recipe.data) };
  for (const [name, { network }] of recordedParts) {
    const idle = (network && !recipe.recurrent) || (name === 'buckets' && recipe.subwords === null);
    if (!idle) Object.assign(said, optionsOf(recipe, name));
  }
  return said;
}

function optionsOfData(data: DataSource): Said {
  if ('dataset' in data) return { dataset: data.dataset };
  const { header, ...rest } = data;
  const named = (data.textColumn ?? data.labelColumn ?? null) !== null;
  const given = Object.entries(rest).filter(([, value]) => value !== null);
  // Files of before there was a choice were all read as TSV.
  const format = data.format === undefined ? { format: 'tsv' } : {};
  return {
    ...Object.fromEntries(given),
    ...format,
    ...(header === undefined || header === named ? {} : { header }),
  };
}

function otherDimensions({ dimensions }: Recipe, usual: Recipe): Said {
  const names = ['embedding', 'hidden', 'mlp'] as const;
  const other = names.filter((name) => dimensions[name] !== usual.dimensions[name]);
  return Object.fromEntries(other.map((name) => [name, dimensions[name]]));
}

/** The option, or the options, that set a part of a recipe; null stands for what only `false` says. */
function optionsOf(recipe: Recipe, name: keyof Omit<Recipe, 'data'>): Said | ModelSize {
  if (name === 'dimensions') return recipe.dimensions;
  const { [name]: value } = recipe;
  if (!(name in trainOptions)) return {};
  if (value !== null) return { [name]: value };
  return 'noHelp' in trainOptions[name as keyof typeof trainOptions] ? { [name]: false } : {};
}
