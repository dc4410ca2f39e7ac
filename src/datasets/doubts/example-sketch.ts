import { stringHash, mixed } from '../../base/hash.js';
import type { Example } from '../../text/types.js';

/** Hashes that are kept at least of a long stream. */
const least = 1024;

/** UTF-16 units of a text that are looked at: the start, and the end of a longer one. */
const looked = 512;

/**
 * A sketch of the examples of a stream, by which two streams can be compared: the smallest hashes of text and label (a bottom-k sketch, Cohen
 * and Kaplan 2007). What is below both sketches' bounds is a random sample of either stream, the same examples in both.
 */
export class ExampleSketch {
  readonly #hashes = new Map<number, number>();
  /** All hashes below are kept. */
  #bound = 2 ** 32;
  #count = 0;

  /** Examples so far. */
  get count(): number {
    return this.#count;
  }

  add({ text, label }: Example): void {
    this.#count += 1;
    const hash = exampleHash(text, label);
    if (hash >= this.#bound) return;
    this.#hashes.set(hash, (this.#hashes.get(hash) ?? 0) + 1);
    if (this.#hashes.size >= 2 * least) this.#shrink();
  }

  /** Share of this stream's examples that are in another one too, repeated ones as often as they stand here; an estimate for long streams. */
  shareIn(other: ExampleSketch): number {
    const bound = Math.min(this.#bound, other.#bound);
    let all = 0;
    let common = 0;
    for (const [hash, times] of this.#hashes) {
      if (hash >= bound) continue;
      all += times;
      if (other.#hashes.has(hash)) common += times;
    }
    return all === 0 ? 0 : common / all;
  }

  #shrink(): void {
    const sorted = Float64Array.from(this.#hashes.keys()).sort();
    this.#bound = sorted[least] ?? this.#bound;
    for (const hash of sorted.subarray(least)) this.#hashes.delete(hash);
  }
}

/** In [0, 2^32). */
function exampleHash(text: string, label: string): number {
  const seen = text.length <= 2 * looked ? text : text.slice(0, looked) + text.slice(-looked);
  return mixed(stringHash(seen) ^ Math.imul(stringHash(label), 0x9e3779b1) ^ text.length) >>> 0;
}
