/**
 * The value at a place that is known to exist.
 *
 * @throws RangeError when it does not, rather than going on with undefined
 */
export function at<Value>(values: ArrayLike<Value>, place: number): Value {
  const value = values[place];
  if (value === undefined) throw new RangeError(`expected a place in [0, ${values.length}), got ${place}`);
  return value;
}
