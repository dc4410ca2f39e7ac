import type { Hash } from 'node:crypto';
import type { NativeBatch } from '../engine/addon.js';
import { at } from '../base/at.js';
import { Growing } from '../base/growing.js';
import type { Lexicon } from './lexicon.js';
import { blockLength, RowStore, type RowPart, type RowPlace } from './row-store.js';
import type { EncodedSplit } from './types.js';

/** What bounds the integers of a split, and where they go: ids, offsets and labels to the hash, in this order. */
export interface SplitPlan extends RowPlace {
  /** V: ids are in [0, V). */
  readonly vocabularySize: number;
  /** Where words have n-grams: ids are this one's, without a bound. */
  readonly lexicon?: Lexicon | undefined;
  /** C: labels are in [0, C). */
  readonly classCount: number;
  /** Longest text in tokens, begin and end included. */
  readonly longestText: number;
}

/** Stores the examples of a split one after the other. */
export class SplitWriter {
  readonly #texts: RowStore;
  readonly #lexicon: Lexicon | undefined;
  readonly #hash: Hash | undefined;
  readonly #labels: Growing;
  readonly #classCounts: number[];

  constructor({ vocabularySize, lexicon, classCount, longestText, ...place }: SplitPlan) {
    this.#texts = new RowStore(lexicon === undefined ? vocabularySize : 2 ** 31, longestText + 1, place);
    this.#lexicon = lexicon;
    this.#hash = place.hash;
    this.#labels = new Growing(classCount);
    this.#classCounts = new Array<number>(classCount).fill(0);
  }

  /** Number of examples so far. */
  get count(): number {
    return this.#labels.length;
  }

  /**
   * Adds an example. The next call waits until this one is over.
   *
   * @returns a promise when there is something to wait for: most examples need none
   * @throws AdvError STORAGE when the disk is full
   */
  add(ids: ArrayLike<number>, label: number): Promise<void> | undefined {
    this.#labels.push(label);
    this.#classCounts[label] = at(this.#classCounts, label) + 1;
    return this.#texts.add(ids.length, (into, first) => {
      into.set(ids, first);
    });
  }

  /** Ends the split. */
  async finish(counts: { readonly truncated: number; readonly unknown: number }): Promise<EncodedSplit> {
    const [texts, labels, lexicon] = [this.#texts, this.#labels.view(), this.#lexicon];
    await texts.flush();
    if (this.#hash !== undefined) hashIndex(this.#hash, texts.lengths.view(), labels);
    const words = texts.total - 2 * this.count;
    return {
      count: this.count,
      tokens: texts.total,
      truncated: counts.truncated,
      unknownShare: words === 0 ? 0 : counts.unknown / words,
      classCounts: this.#classCounts,
      lengthOf: (row) => texts.lengths.at(row),
      mostSubwords: (words) => lexicon?.mostSubwords(words) ?? 0,
      batch: async (rows) => {
        const batch = await batchOf(texts, labels, rows);
        return lexicon?.withWords(batch) ?? batch;
      },
      close: () => texts.close(),
    };
  }

  /** Frees what was stored when the split is not going to be finished. */
  async discard(): Promise<void> {
    await this.#texts.close();
  }
}

async function batchOf(texts: RowStore, labels: ArrayLike<number>, rows: Int32Array): Promise<NativeBatch> {
  const offsets = new Int32Array(rows.length + 1);
  for (let place = 0; place < rows.length; place++) {
    offsets[place + 1] = at(offsets, place) + texts.lengths.at(at(rows, place));
  }
  const ids = new Int32Array(at(offsets, rows.length));
  const parts: RowPart[] = [];
  let first = 0;
  for (let place = 1; place <= rows.length; place++) {
    // Rows that lie one after the other are one part: a stretch of the split takes one read.
    if (place < rows.length && rows[place] === at(rows, place - 1) + 1) continue;
    parts.push({
      start: texts.startOf(at(rows, first)),
      into: ids.subarray(offsets[first], offsets[place]),
    });
    first = place;
  }
  await texts.read(parts);
  return { ids, offsets, labels: rows.map((row) => at(labels, row)) };
}

/** Hashes offsets and labels as whole arrays of 32 bits, of which there is never more than a block. */
function hashIndex(hash: Hash, lengths: ArrayLike<number>, labels: ArrayLike<number>): void {
  let offset = 0;
  hash.update(Int32Array.of(offset));
  hashInBlocks(hash, lengths, (length) => (offset += length));
  hashInBlocks(hash, labels, (label) => label);
}

function hashInBlocks(hash: Hash, values: ArrayLike<number>, map: (value: number) => number): void {
  for (let first = 0; first < values.length; first += blockLength) {
    const length = Math.min(blockLength, values.length - first);
    hash.update(Int32Array.from({ length }, (_, place) => map(at(values, first + place))));
  }
}
