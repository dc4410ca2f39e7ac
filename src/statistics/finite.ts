import { AdvError } from '../base/errors.js';

/**
 * The value at a place, which must be a finite number.
 *
 * @param test what asks for it, for the message: 'a paired t-test'
 * @param name what the values are called there
 * @throws AdvError USAGE that names the place
 */
export function finiteAt(test: string, values: ArrayLike<number>, place: number, name: string): number {
  const value = values[place];
  if (value !== undefined && Number.isFinite(value)) return value;
  throw new AdvError('USAGE', `${test} expects finite numbers, got ${String(value)} at ${name}[${place}]`);
}

/**
 * A copy of some values, all of which must be finite.
 *
 * @param atLeast how many there must be
 * @throws AdvError USAGE
 */
export function finiteValues(
  test: string,
  values: ArrayLike<number>,
  name: string,
  atLeast: number,
): Float64Array {
  if (values.length < atLeast) {
    throw new AdvError('USAGE', `${test} expects at least ${atLeast} of ${name}, got ${values.length}`);
  }
  for (let place = 0; place < values.length; place++) finiteAt(test, values, place, name);
  return new Float64Array(values);
}
