/** How probable a number of heads is. */
export interface HeadsProbability {
  /** P(X = heads). */
  readonly exactly: number;
  /** P(X ≤ heads). */
  readonly atMost: number;
}

/**
 * The binomial distribution with probability 1/2: how probable it is to get so many heads in some tosses of a fair coin.
 *
 * C(n, i) is taken relative to C(n, n/2), going down from there by C(n, i − 1) = C(n, i)·i/(n − i + 1), and divided by the sum of all:
 * only positive numbers are added and no logarithm of a factorial is taken away from another, so that nothing cancels. The relative
 * error is some 1e-16 for each step from the middle.
 *
 * @param heads an integer in [0, tosses/2]
 * @param tosses an integer of at least 0
 */
export function headsProbability(heads: number, tosses: number): HeadsProbability {
  const middle = Math.floor(tosses / 2);
  let weight = 1;
  let exactly = 0;
  let atMost = 0;
  let below = 0;
  for (let i = middle; i >= 0 && weight > 0; i--) {
    if (i === heads) exactly = weight;
    if (i <= heads) atMost += weight;
    if (i < middle) below += weight;
    weight *= i / (tosses - i + 1);
  }
  // The upper half is the lower one once more; an odd number of tosses has two middles.
  const all = 2 * below + (tosses % 2 === 0 ? 1 : 2);
  return { exactly: exactly / all, atMost: atMost / all };
}
