import { Random } from '../base/random.js';
import type { NativeBatch, NativeWords } from '../engine/addon.js';
import { packTexts, renumbered } from './packed.js';
import { bucketsOf, type Subwords } from './subwords.js';
import { Vocabulary } from './vocabulary.js';

/** An integer in [0, count), n − 1 about 1/n as likely as 0 (Zipf 1935). */
function zipf(random: Random, count: number): number {
  const share = random.below(2 ** 20) / 2 ** 20;
  return Math.floor((count + 1) ** share) - 1;
}

/**
 * Draws the ids of texts in which words occur as they do in languages, between begin and end.
 *
 * @param lengths tokens of each text, with begin and end; at least 2
 */
export function naturalIds(random: Random, lengths: readonly number[], V: number): Int32Array {
  const words = V - Vocabulary.firstWordId;
  const word = (): number => Vocabulary.firstWordId + zipf(random, words);
  return Int32Array.from(
    lengths.flatMap((length) => [
      Vocabulary.beginId,
      ...Array.from({ length: length - 2 }, word),
      Vocabulary.endId,
    ]),
  );
}

/** The same texts as the engine takes them where words have n-grams. */
export function withNgrams(
  batch: NativeBatch,
  subwords: Subwords,
): NativeBatch & { readonly words: NativeWords } {
  const { places, values } = renumbered(batch.ids);
  const { ids: buckets, offsets } = packTexts(
    values.map((id) => (id < Vocabulary.firstWordId ? [] : bucketsOf(spelled(id), subwords))),
  );
  return { ...batch, ids: places, words: { ids: Int32Array.from(values), offsets, buckets } };
}

/** The first most often. */
const letters = 'eaionrtslukdmpvcbgzh';

/** An invented word, the longer the rarer it is: so that a batch has about as many n-grams, and as many different ones, as one of sentences. */
function spelled(id: number): string {
  const random = new Random(1, 'bench', 'word', id);
  const length = String(id).length + random.below(5);
  return Array.from({ length }, () => letters.charAt(zipf(random, letters.length))).join('');
}
