import type { CompactArray } from '../../base/growing.js';
import { type NgramKind } from './kind.js';
import { ngramHashes } from './ngrams.js';

/** The different n-grams of a text. */
export interface TermCounts {
  /** Their hashes, rising. */
  readonly hashes: CompactArray;
  /** How often each occurs, at its place. */
  readonly counts: CompactArray;
}

/** Counts the n-grams of a text. */
export function countTerms(text: string, kinds: readonly NgramKind[]): TermCounts {
  const hashes = ngramHashes(text, kinds).sort();
  const counts = new Uint32Array(hashes.length);
  let length = 0;
  for (const hash of hashes) {
    if (length > 0 && hashes[length - 1] === hash) {
      counts[length - 1] = (counts[length - 1] ?? 0) + 1;
      continue;
    }
    hashes[length] = hash;
    counts[length++] = 1;
  }
  return { hashes: hashes.subarray(0, length), counts: counts.subarray(0, length) };
}
