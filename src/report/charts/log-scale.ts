/** A logarithmic axis: where it begins and ends, and where marks stand. */
export interface LogScale {
  readonly domain: [low: number, high: number];
  readonly marks: number[];
}

/** Powers of ten that an axis may span with marks at 2 and 5 times each of them too. */
const fewPowers = 3;

/**
 * A logarithmic axis around some values: between the nearest of 1, 2, 5, 10, 20 …, with marks at these, or at powers of ten
 * only where all would be too many.
 *
 * @param values above 0, at least one
 */
export function logScale(values: readonly number[]): LogScale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const steps = roundSteps(least, most, [1, 2, 5]);
  const low = steps.findLast((step) => step <= least) ?? least;
  const high = steps.find((step) => step >= most && step > low) ?? most;
  const marks = high > low * 10 ** fewPowers ? roundSteps(low, high, [1]) : steps;
  return { domain: [low, high], marks: marks.filter((mark) => mark >= low && mark <= high) };
}

/** Digits times powers of ten, from below the least value to above the most. */
function roundSteps(least: number, most: number, digits: readonly number[]): number[] {
  const first = Math.floor(Math.log10(least)) - 1;
  const powers = Math.ceil(Math.log10(most)) + 2 - first;
  return Array.from({ length: powers }, (_, place) =>
    digits.map((digit) => Number(`${digit}e${first + place}`)),
  ).flat();
}
