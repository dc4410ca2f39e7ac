import { at } from '../base/at.js';
import { compareCodePoints } from '../base/order.js';

/** Counts the tokens of texts. Its memory grows with the vocabulary. */
export class TokenCounts {
  readonly #places = new Map<string, number>();
  readonly #counts: number[] = [];
  #total = 0;

  add(tokens: readonly string[]): void {
    for (const token of tokens) {
      const place = this.#places.get(token);
      if (place === undefined) this.#places.set(detached(token), this.#counts.push(1) - 1);
      else this.#counts[place] = at(this.#counts, place) + 1;
    }
    this.#total += tokens.length;
  }

  /** Tokens, each occurrence counted. */
  get total(): number {
    return this.#total;
  }

  /** Types: different tokens. */
  get types(): number {
    return this.#counts.length;
  }

  has(token: string): boolean {
    return this.#places.has(token);
  }

  /** Every type with its count. */
  *[Symbol.iterator](): Generator<readonly [token: string, count: number]> {
    for (const [token, place] of this.#places) yield [token, at(this.#counts, place)];
  }

  /** Counts of all types, the most frequent first: the frequency at each rank. */
  frequencies(): Float64Array {
    return Float64Array.from(this.#counts).sort().reverse();
  }

  /** The most frequent types, or all of them, by falling count and, where counts are equal, by code point. */
  mostFrequent(number = this.types): { token: string; count: number }[] {
    const least = this.frequencies()[Math.min(number, this.types) - 1] ?? 0;
    return [...this]
      .filter(([, count]) => count >= least)
      .sort(([a, m], [b, n]) => n - m || compareCodePoints(a, b))
      .slice(0, number)
      .map(([token, count]) => ({ token, count }));
  }
}

/** How much of a split a vocabulary lacks. */
export interface UnknownShare {
  /** Share of the tokens, each occurrence counted. */
  readonly tokens: number;
  /** Share of the types. */
  readonly types: number;
}

/** Shares of a split that training data lacks; zeros where the split has no token. */
export function unknownShare(training: TokenCounts, split: TokenCounts): UnknownShare {
  let tokens = 0;
  let types = 0;
  for (const [token, count] of split) {
    if (training.has(token)) continue;
    tokens += count;
    types += 1;
  }
  return { tokens: tokens / Math.max(split.total, 1), types: types / Math.max(split.types, 1) };
}

/** A copy that stands for itself: a string cut out of a longer one keeps the whole longer one, here a line, in memory. */
export function detached(token: string): string {
  return Buffer.from(token).toString();
}
