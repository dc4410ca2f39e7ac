import { deflateRawSync } from 'node:zlib';
import { Random } from '../../base/random.js';
import { tokenizerOf } from '../../text/tokenizers/pipeline.js';

/** Bytes of text that are looked at: as many of every dataset, because both measures grow with the amount. */
const mostBytes = 2 ** 20;

/** n of the n-grams of words that are looked for again. */
const order = 4;

/** Share of repeated n-grams above which texts are called templated: natural corpora stay far below, simulators come near 1. */
const templatedFrom = 0.5;

const lineEnd = Buffer.from('\n');

/** The same words for every dataset, whatever tokens its models read. */
const words = tokenizerOf(['nfc@1', 'lowercase@1', 'words@1']);

/** How much texts repeat each other: a stand-in for "artificially constructed", which no count can prove. */
export interface Artificiality {
  /** Texts of the sample, drawn from all of the training data. */
  readonly texts: number;
  /** Bytes of the sample over those after DEFLATE: about 2 to 3 for natural texts, far more for templates. */
  readonly compressionRatio: number;
  /** Share of the 4-grams of words that occurred before in the sample. */
  readonly repeatedNgrams: number;
  /** Whether more than half of them did. */
  readonly templated: boolean;
}

/**
 * Draws texts, up to 1 MiB, and measures how much they repeat each other. Drawn from all, because corpora are often ordered by
 * class or source, so that the first MiB may be of one kind; and by chance, because every so many of them may be too.
 */
export class RepetitionSample {
  readonly #random: Random;
  readonly #texts: Buffer[] = [];
  readonly #ngrams = new Set<string>();
  /** Bytes of the texts to come, and those that the sample still wants of them. */
  #left: number;
  #missing: number;
  #ngramCount = 0;

  /**
   * @param totalBytes of all texts that are going to be added, as UTF-8
   * @param seed of the draw
   */
  constructor(totalBytes: number, seed: number) {
    this.#left = totalBytes;
    this.#missing = Math.min(totalBytes, mostBytes);
    this.#random = new Random(seed, 'repetition sample');
  }

  /** Takes a text with the same chance as any other: the share that the wanted bytes have of those to come stays the same. */
  add(text: string): void {
    const whole = Buffer.from(text);
    const share = this.#missing / Math.max(this.#left, 1);
    this.#left -= whole.length;
    if (this.#missing === 0 || (share < 1 && this.#random.below(2 ** 32) >= share * 2 ** 32)) return;
    const taken = whole.subarray(0, this.#missing);
    this.#missing -= taken.length;
    this.#texts.push(taken);
    this.#addNgrams(words.tokenize(text));
  }

  result(): Artificiality {
    const sample = Buffer.concat(this.#texts.flatMap((text) => [text, lineEnd]));
    const repeatedNgrams = this.#ngramCount === 0 ? 0 : 1 - this.#ngrams.size / this.#ngramCount;
    return {
      texts: this.#texts.length,
      compressionRatio: sample.length / deflateRawSync(sample, { level: 9 }).length,
      repeatedNgrams,
      templated: repeatedNgrams > templatedFrom,
    };
  }

  #addNgrams(words: readonly string[]): void {
    for (let end = order; end <= words.length; end++) {
      this.#ngrams.add(words.slice(end - order, end).join(' '));
      this.#ngramCount += 1;
    }
  }
}
