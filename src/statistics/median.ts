/**
 * The median: the middle number, or the mean of the two middle ones.
 *
 * @param numbers at least one; their order does not matter and is left alone
 * @throws RangeError for none
 */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined)
    throw new RangeError('expected at least one number, got none');
  return (lower + upper) / 2;
}
