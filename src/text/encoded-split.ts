import type { Hash } from 'node:crypto';
import type { NativeBatch } from '../engine/addon.js';
import { at } from '../base/at.js';
import { Growing } from '../base/growing.js';
import { blockLength, RowStore, type RowPart, type RowPlace } from './row-store.js';
import type { EncodedSplit } from './types.js';

/** What bounds the integers of a split, and where they go: ids, offsets and labels to the hash, in this order. */
export interface SplitPlan extends RowPlace {
  /** V: ids are in [0, V). */
  readonly vocabularySize: number;
  /** C: labels are in [0, C). */
  readonly classCount: number;
  /** Longest text in tokens, begin and end included. */
  readonly longestText: number;
}

/** Stores the examples of a split one after the other. */
export class SplitWriter {
  readonly #texts: RowStore;
  readonly #hash: Hash | undefined;
  readonly #labels: Growing;
  readonly #classCounts: number[];

  constructor({ vocabularySize, classCount, longestText, ...place }: SplitPlan) {
    this.#texts = new RowStore(vocabularySize, longestText + 1, place);
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
    await this.#texts.flush();
    const labels = this.#labels.view();
    if (this.#hash !== undefined) hashIndex(this.#hash, this.#texts.lengths.view(), labels);
    const tokens = this.#texts.total;
    const words = tokens - 2 * this.count;
    return new StoredSplit(this.#texts, labels, {
      tokens,
      truncated: counts.truncated,
      unknownShare: words === 0 ? 0 : counts.unknown / words,
      classCounts: this.#classCounts,
    });
  }

  /** Frees what was stored when the split is not going to be finished. */
  async discard(): Promise<void> {
    await this.#texts.close();
  }
}

class StoredSplit implements EncodedSplit {
  readonly tokens: number;
  readonly truncated: number;
  readonly unknownShare: number;
  readonly classCounts: readonly number[];
  readonly #texts: RowStore;
  readonly #labels: ArrayLike<number>;

  constructor(
    texts: RowStore,
    labels: ArrayLike<number>,
    facts: Pick<EncodedSplit, 'tokens' | 'truncated' | 'unknownShare' | 'classCounts'>,
  ) {
    this.tokens = facts.tokens;
    this.truncated = facts.truncated;
    this.unknownShare = facts.unknownShare;
    this.classCounts = facts.classCounts;
    this.#texts = texts;
    this.#labels = labels;
  }

  get count(): number {
    return this.#labels.length;
  }

  lengthOf(row: number): number {
    return this.#texts.lengths.at(row);
  }

  async batch(rows: Int32Array): Promise<NativeBatch> {
    const offsets = new Int32Array(rows.length + 1);
    for (let place = 0; place < rows.length; place++) {
      offsets[place + 1] = at(offsets, place) + this.lengthOf(at(rows, place));
    }
    const ids = new Int32Array(at(offsets, rows.length));
    await this.#texts.read([...this.#parts(rows, offsets, ids)]);
    return { ids, offsets, labels: rows.map((row) => at(this.#labels, row)) };
  }

  async close(): Promise<void> {
    await this.#texts.close();
  }

  /** Rows that lie one after the other are one part: a stretch of the split takes one read. */
  *#parts(rows: Int32Array, offsets: Int32Array, ids: Int32Array): Generator<RowPart> {
    let first = 0;
    for (let place = 1; place <= rows.length; place++) {
      if (place < rows.length && rows[place] === at(rows, place - 1) + 1) continue;
      const into = ids.subarray(offsets[first], offsets[place]);
      yield { start: this.#texts.startOf(at(rows, first)), into };
      first = place;
    }
  }
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
