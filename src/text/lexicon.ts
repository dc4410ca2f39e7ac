import { at } from '../base/at.js';
import type { NativeTexts, NativeWords } from '../engine/addon.js';
import { packTexts, renumbered } from './packed.js';
import { bucketsOf, subwordCount, type Subwords } from './subwords.js';
import { Vocabulary, type EncodedText } from './vocabulary.js';

/**
 * Words as texts write them, where words have n-grams: those of the vocabulary under their ids, and each that it lacks under an id of
 * its own from V on, in the order in which they come. Begin and end of a text are no words and have no n-grams.
 */
export class Lexicon {
  readonly #vocabulary: Vocabulary;
  readonly #subwords: Subwords;
  readonly #others: string[] = [];
  readonly #ids = new Map<string, number>();

  constructor(vocabulary: Vocabulary, subwords: Subwords) {
    this.#vocabulary = vocabulary;
    this.#subwords = subwords;
  }

  /** The ids of a text, with a word's own for every one that the vocabulary lacks. */
  idsOf({ ids, unknown }: EncodedText): readonly number[] {
    let next = 0;
    return ids.map((id) => (id === Vocabulary.unknownId ? this.#idOf(at(unknown, next++)) : id));
  }

  /** Texts of such ids as the engine takes them: with the words that they have, and places among these for ids. */
  withWords<Texts extends NativeTexts>(texts: Texts): Texts & { readonly words: NativeWords } {
    const { places, values } = renumbered(texts.ids);
    const { ids: buckets, offsets } = packTexts(values.map((id) => this.#bucketsOf(id)));
    const known = this.#vocabulary.size;
    const ids = Int32Array.from(values, (id) => (id < known ? id : Vocabulary.unknownId));
    return { ...texts, ids: places, words: { ids, offsets, buckets } };
  }

  /** The most n-grams that so many different words have together. */
  mostSubwords(words: number): number {
    const spelled = [...this.#vocabulary.tokens.slice(Vocabulary.firstWordId), ...this.#others];
    const counts = Int32Array.from(spelled, (word) => subwordCount(word, this.#subwords)).sort();
    return counts.subarray(Math.max(0, counts.length - words)).reduce((sum, count) => sum + count, 0);
  }

  #idOf(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    const id = this.#vocabulary.size + this.#others.push(word) - 1;
    this.#ids.set(word, id);
    return id;
  }

  #bucketsOf(id: number): number[] {
    const { size, tokens } = this.#vocabulary;
    if (id < Vocabulary.firstWordId) return [];
    return bucketsOf(id < size ? at(tokens, id) : at(this.#others, id - size), this.#subwords);
  }
}

/** Packs encoded texts as the engine takes them: with their words, where words have n-grams. */
export function packEncoded(
  texts: readonly EncodedText[],
  vocabulary: Vocabulary,
  subwords: Subwords | undefined,
): NativeTexts {
  if (subwords === undefined) return packTexts(texts.map(({ ids }) => ids));
  const lexicon = new Lexicon(vocabulary, subwords);
  return lexicon.withWords(packTexts(texts.map((text) => lexicon.idsOf(text))));
}
