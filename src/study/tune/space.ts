import type { Recipe } from '../../recipe/recipe.js';
import { attackOf } from '../../recipe/regime.js';
import type { TrainOptions } from '../../recipe/table.js';
import type { Asked } from './asked.js';
import type { Ranges } from './options.js';
import { parseRange, parseValues, type OptionName, type Range } from './range.js';
import { samplePoints } from './sample.js';
import type { Trial } from './trial.js';

/**
 * What a search varies where nothing is said: ε and the learning rate around their defaults, which are known to fit the kind of data but not
 * how much of it there is nor how noisy, and α where there is a perturbation to weigh. What the user set stays.
 *
 * - ε: a tenth to ten times the default, on a logarithmic scale: what served best on the paper's datasets lies in 0.02 to 0.3 standard deviations.
 * - the learning rate: a third to three times the default, the width of the paper's grid, 0.001 to 0.003, on both sides, logarithmic.
 * - α: 0.2 to 0.8; the ends 0 and 1 are other regimes.
 * - in regimes with dropout, the share of units that is kept: 0.3 to 0.9, around the paper's 0.5.
 */
export function defaultRanges(
  { regime, epsilon, learningRate }: Pick<Recipe, 'regime' | 'epsilon' | 'learningRate'>,
  said: TrainOptions,
): Ranges {
  const perturbs = attackOf(regime) !== undefined;
  return {
    ...(perturbs && said.epsilon === undefined && epsilon > 0 ? { epsilon: around(epsilon, 10) } : {}),
    ...(perturbs && said.alpha === undefined ? { alpha: '0.2..0.8' } : {}),
    ...(regime.includes('dropout') && said.dropoutKeep === undefined ? { dropoutKeep: '0.3..0.9' } : {}),
    ...(said.learningRate === undefined ? { learningRate: around(learningRate, 3) } : {}),
  };
}

const around = (value: number, factor: number): string =>
  `${Number((value / factor).toPrecision(3))}..${Number((value * factor).toPrecision(3))}:log`;

/**
 * The ranges of a search.
 *
 * @throws AdvError USAGE
 */
export function parseRanges(ranges: Ranges): Range[] {
  return Object.entries(ranges).map(([name, text]) => parseRange('--range', name, text));
}

/** What a recipe has of an option. */
export function valueIn(recipe: Recipe, name: OptionName): unknown {
  return { ...recipe, ...recipe.dimensions }[name as keyof Recipe] ?? null;
}

/** Trials of a search, the first with the defaults, until its space is exhausted. */
export function* searchTrials({ options, space, defaults }: Asked, seed: number): Generator<Trial, void> {
  yield { number: 1, chosen: {}, options };
  let number = 1;
  const usual = JSON.stringify(sorted(defaults));
  for (const chosen of samplePoints(parseRanges(space), seed)) {
    if (JSON.stringify(sorted(chosen)) === usual) continue;
    number += 1;
    yield { number, chosen, options: { ...options, ...chosen } };
  }
}

const sorted = (options: TrainOptions): unknown =>
  Object.entries(options).toSorted(([one], [other]) => (one < other ? -1 : 1));

/**
 * The values of a sweep, in the order in which they were told, of the second option within the first.
 *
 * @throws AdvError USAGE
 */
export function sweepValues(space: Ranges): TrainOptions[] {
  return Object.entries(space).reduce<TrainOptions[]>(
    (before, [name, text]) => {
      const values = parseValues('--sweep', name, text);
      return before.flatMap((chosen) => values.map((value) => ({ ...chosen, [name]: value })));
    },
    [{}],
  );
}

/** Trials of a sweep: every value with the first seed before any has its second. */
export function sweepTrials({ options, space, seeds }: Asked, seed: number): Trial[] {
  const values = sweepValues(space);
  const each = Array.from({ length: seeds ?? 1 }, (_, place) => seed + place);
  return each
    .flatMap((one) => values.map((value) => ({ ...value, seed: one })))
    .map((chosen, place) => ({ number: place + 1, chosen, options: { ...options, ...chosen } }));
}
