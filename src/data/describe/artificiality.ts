import { deflateRawSync } from 'node:zlib';
import { tokenizerOf } from '../tokenizers/pipeline.js';

/** Bytes of text that are looked at: as many of every dataset, because both measures grow with the amount. */
const mostBytes = 2 ** 20;

/** n of the n-grams of words that are looked for again. */
const order = 4;

/** N-grams that are looked at. */
const mostNgrams = 100_000;

/** Share of repeated n-grams above which texts are called templated: natural corpora stay far below, simulators come near 1. */
const templatedFrom = 0.5;

/** The same words for every dataset, whatever tokens its models read. */
const words = tokenizerOf(['nfc@1', 'lowercase@1', 'words@1']);

/** How much texts repeat each other: a stand-in for "artificially constructed", which no count can prove. */
export interface Artificiality {
  /** Texts of the sample, spread evenly over the training data. */
  readonly texts: number;
  /** Bytes of the sample over those after DEFLATE: about 2 to 3 for natural texts, far more for templates. */
  readonly compressionRatio: number;
  /** Share of the 4-grams of words that occurred before in the sample. */
  readonly repeatedNgrams: number;
  /** Whether more than half of them did. */
  readonly templated: boolean;
}

/** Takes a sample of texts, up to 1 MiB and 100,000 n-grams, and measures how much they repeat each other. */
export class RepetitionSample {
  readonly #stride: number;
  readonly #texts: Buffer[] = [];
  readonly #ngrams = new Set<string>();
  #seen = 0;
  #bytes = 0;
  #ngramCount = 0;

  /** @param totalBytes of all texts that are going to be added: every so many of them are taken, spread over all */
  constructor(totalBytes: number) {
    this.#stride = Math.max(1, Math.floor(totalBytes / mostBytes));
  }

  add(text: string): void {
    if (this.#seen++ % this.#stride !== 0 || this.#bytes >= mostBytes) return;
    const bytes = Buffer.from(`${text}\n`).subarray(0, mostBytes - this.#bytes);
    this.#texts.push(bytes);
    this.#bytes += bytes.length;
    this.#addNgrams(words.tokenize(text));
  }

  result(): Artificiality {
    const sample = Buffer.concat(this.#texts);
    const repeatedNgrams = this.#ngramCount === 0 ? 0 : 1 - this.#ngrams.size / this.#ngramCount;
    return {
      texts: this.#texts.length,
      compressionRatio: sample.length / deflateRawSync(sample, { level: 9 }).length,
      repeatedNgrams,
      templated: repeatedNgrams > templatedFrom,
    };
  }

  #addNgrams(words: readonly string[]): void {
    for (let end = order; end <= words.length && this.#ngramCount < mostNgrams; end++) {
      this.#ngrams.add(words.slice(end - order, end).join(' '));
      this.#ngramCount += 1;
    }
  }
}
