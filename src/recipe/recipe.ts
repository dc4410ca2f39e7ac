import { isDeepStrictEqual } from 'node:util';
import { fields, kept, optional, orNull, type Schema } from '../base/schema.js';
import { tokenizerOf } from '../text/tokenizers/pipeline.js';
import { checkDecay, checkDropout, checkLoss, checkRecurrent, checkSubwords } from './check.js';
import { dataSource, dataSourceSchema, settled, type DataSource } from './data-source.js';
import type { Subwords } from '../text/subwords.js';
import type { Known, ModelSize } from './option.js';
import { presetDefaults, presetLevel, usualNgrams, type DefaultsByLevel } from './presets.js';
import { recordedParts, recipeTable, type RecordedOptions, type TrainOptions } from './table.js';

/** Everything that decides the numbers of a run: two runs of one recipe give the same bits. */
export interface Recipe extends RecordedOptions {
  readonly data: DataSource;
}

/** What a file must hold for a {@link Recipe}, but for what runs from before an option lack. */
export const recipeSchema: Schema<Recipe> = fields({
  data: dataSourceSchema,
  ...Object.fromEntries(
    recordedParts.map(([name, part]) => {
      const schema = part.default === null ? orNull(kept(part.rule)) : kept(part.rule);
      return [name, part.absent === undefined ? schema : optional(schema)];
    }),
  ),
}) as unknown as Schema<Recipe>;

/** Which n-grams words have; undefined where they have none. */
export function subwordsOf({
  subwords,
  buckets,
}: Pick<Recipe, 'subwords' | 'buckets'>): Subwords | undefined {
  if (subwords === null) return undefined;
  const [shortest, longest] = subwords;
  return { shortest, longest, buckets };
}

/** A recipe as it was recorded, with what was done before there were some of its options. */
export function completed(recorded: Recipe): Recipe {
  const missing = recordedParts.filter(([name, { absent }]) => absent !== undefined && !(name in recorded));
  return { ...recorded, ...Object.fromEntries(missing.map(([name, { absent }]) => [name, absent])) };
}

/** A recipe as its fingerprint has it: without what was done before there was an option for it. */
export function fingerprinted(recipe: Recipe): Partial<Recipe> {
  const absent = new Map<string, unknown>(recordedParts.map(([name, part]) => [name, part.absent]));
  return Object.fromEntries(
    Object.entries(recipe).filter(([name, value]) => !isDeepStrictEqual(value, absent.get(name))),
  );
}

/**
 * What an exported model tells of how it was trained. Dimensions stand one by one, lists with commas; what was not said is left out, and so
 * is, without a network, what is said of one.
 */
export function trainingFacts(recipe: Recipe): Record<string, string | number> {
  const facts: Record<string, string | number> = {};
  for (const [name, { fact, network }] of recordedParts) {
    const value = recipe[name];
    if (fact === undefined || value === null || (network && !recipe.recurrent)) continue;
    const told = Array.isArray(value) ? value.join(',') : value;
    Object.assign(facts, typeof told === 'object' ? told : { [name]: told });
  }
  return facts;
}

/**
 * The dataset's defaults, which are the paper's, overlaid by those of the preset and by what the user set.
 *
 * @throws AdvError USAGE when what the user set does not go with the dataset's defaults
 */
export function resolveRecipe(options: TrainOptions, dataset: DefaultsByLevel): Recipe {
  const { preset = recipeTable.preset.recorded.default } = options;
  const datasetLevel = presetLevel(preset, dataset);
  const defaults = { ...presetDefaults({ preset, level: options.level ?? datasetLevel }, dataset) };
  const said: Readonly<Record<string, unknown>> = { ...options };
  const own = dimensionsOf(options);
  const chosen: Record<string, unknown> = { data: settled(dataSource(options)) };
  for (const [name, { default: usual }] of recordedParts) {
    const known = { ...chosen, datasetLevel, sizes: defaults.sizes, own } as unknown as Known;
    chosen[name] =
      said[name] === undefined
        ? defaultOf(usual, defaults[name as keyof typeof defaults], known)
        : said[name];
    // What --no-… leaves out where there is a list of it else.
    if (chosen[name] === false && usual === null) chosen[name] = null;
  }
  // What is best beside a network says nothing of what is best without one.
  if (chosen['recurrent'] === false && said['ngrams'] === undefined) chosen['ngrams'] ??= usualNgrams;
  const wanted = chosen as unknown as Recipe;
  const { steps, level: tokens } = tokenizerOf(wanted.tokenizer);
  // A preset's are for words, and the user may name a tokenizer that makes none.
  const subwords = options.subwords === undefined && tokens === 'char' ? null : wanted.subwords;
  const recipe = { ...wanted, tokenizer: steps, subwords };
  checkDecay(recipe, options);
  checkDropout(recipe);
  checkSubwords(subwords, tokens, options);
  checkRecurrent(recipe, options);
  checkLoss(recipe, options);
  return recipe;
}

/** The dimensions that were set one by one. */
function dimensionsOf({ embedding, hidden, mlp }: TrainOptions): Partial<ModelSize> {
  return {
    ...(embedding === undefined ? {} : { embedding }),
    ...(hidden === undefined ? {} : { hidden }),
    ...(mlp === undefined ? {} : { mlp }),
  };
}

/** @param preset what the preset sets, if anything */
function defaultOf(usual: unknown, preset: unknown, known: Known): unknown {
  const said = preset ?? usual;
  return typeof said === 'function' ? (said as (known: Known) => unknown)(known) : said;
}

/** The seeds of checked options: the data needs them before the recipe is known. */
export function seedsOf({
  seed = recipeTable.seed.recorded.default,
  splitSeed = recipeTable.splitSeed.recorded.default,
}: Pick<TrainOptions, 'seed' | 'splitSeed'>): Pick<Recipe, 'seed' | 'splitSeed'> {
  return { seed, splitSeed };
}
