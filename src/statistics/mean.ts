/**
 * The mean, in two passes: the second takes out what rounding left in the first.
 *
 * @param values at least one, finite
 */
export function mean(values: Float64Array): number {
  const first = values.reduce((sum, value) => sum + value, 0) / values.length;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}
