import { Random } from '../../base/random.js';
import type { TrainOptions } from '../../recipe/table.js';
import type { Range } from './range.js';

/** Candidates in a row that were there before, after which a space is taken as exhausted. */
const mostMisses = 10_000;

/**
 * Points of a space of options, each different from those before it, that fill the space evenly however many are taken: the additive
 * sequence of Roberts (2018, "The Unreasonable Effectiveness of Quasirandom Sequences"), whose steps are the powers of the generalised
 * golden ratio, moved by a random offset (Cranley and Patterson 1976). Such sequences were found to need fewer points than independent ones
 * to come as close to the best (Bergstra and Bengio 2012, Section 5).
 *
 * @param seed the same seed gives the same points
 * @returns points until the space has no other
 */
export function* samplePoints(ranges: readonly Range[], seed: number): Generator<TrainOptions, void> {
  // By name, so that the order in which ranges are told changes nothing.
  const axes = ranges
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(axisOf(ranges.length, seed));
  const seen = new Set<string>();
  for (let place = 0, misses = 0; misses < mostMisses; place += 1) {
    const point = Object.fromEntries(
      axes.map(({ range, offset, step }) => [range.name, range.at((offset + place * step) % 1)]),
    );
    const shown = JSON.stringify(point);
    misses = seen.has(shown) ? misses + 1 : 0;
    if (misses > 0) continue;
    seen.add(shown);
    yield point;
    if (seen.size >= sizeOf(ranges)) return;
  }
}

/** How many different points a space has. */
export const sizeOf = (ranges: readonly Range[]): number =>
  ranges.reduce((size, { count }) => size * count, 1);

const axisOf = (dimensions: number, seed: number) => {
  const ratio = goldenRatio(dimensions);
  return (range: Range, axis: number) => ({
    range,
    offset: new Random(seed, 'tune', range.name).below(2 ** 32) / 2 ** 32,
    step: ratio ** -(axis + 1),
  });
};

/** The root above 1 of x^(d+1) = x + 1, by iteration; of d = 1 it is the golden ratio. */
function goldenRatio(dimensions: number): number {
  let ratio = 2;
  for (let round = 0; round < 100; round += 1) ratio = (1 + ratio) ** (1 / (dimensions + 1));
  return ratio;
}
