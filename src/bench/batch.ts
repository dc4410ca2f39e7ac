import { at } from '../base/at.js';
import { Random } from '../base/random.js';
import type { NativeBatch } from '../engine/addon.js';
import type { Configuration } from './configurations.js';
import { naturalIds, withNgrams } from '../text/natural-batch.js';

/** The same batch on every machine and in every run of a configuration. */
export function makeBatch(configuration: Configuration): NativeBatch {
  const { name, B, V, C, tokens, subwords } = configuration;
  const [shortest, longest] = configuration.T;
  const random = new Random(1, 'bench', name);
  const offsets = new Int32Array(B + 1);
  const lengths = Array.from({ length: B }, () => shortest + random.below(longest - shortest + 1));
  lengths.forEach((length, b) => {
    offsets[b + 1] = at(offsets, b) + length;
  });
  const ids =
    tokens === 'natural'
      ? naturalIds(random, lengths, V)
      : Int32Array.from({ length: at(offsets, B) }, () => random.below(V));
  const batch = { ids, offsets, labels: Int32Array.from({ length: B }, () => random.below(C)) };
  return subwords === undefined ? batch : withNgrams(batch, subwords);
}

/** The first T tokens of each text, for peers too slow for all of them; texts have at least T, and words no n-grams. */
export function cutBatch({ ids, offsets, labels }: NativeBatch, T: number): NativeBatch {
  const texts = Array.from(labels, (_, b) => [...ids.subarray(offsets[b], (offsets[b] ?? 0) + T)]);
  return {
    ids: Int32Array.from(texts.flat()),
    offsets: Int32Array.from({ length: labels.length + 1 }, (_, b) => b * T),
    labels,
  };
}

/** Tokens of the longest text. */
export function longestText({ offsets }: NativeBatch): number {
  return offsets.reduce((longest, offset, b) => Math.max(longest, offset - (offsets[b - 1] ?? 0)), 0);
}
