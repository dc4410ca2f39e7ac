import type { Hash } from 'node:crypto';
import type { NativeBatch } from '../engine/addon.js';
import { at } from '../base/at.js';
import { Growing } from '../base/growing.js';
import { TokenStorage, type TokenPart } from './token-storage.js';
import type { EncodedSplit } from './types.js';

/** Ids that are stored and hashed together. */
const blockLength = 2 ** 16;

/** Rows whose first token's place is added up from that of the first row of their group. */
const rowsInGroup = 64;

/** What bounds the integers of a split, and where they go. */
export interface SplitPlan {
  /** V: ids are in [0, V). */
  readonly vocabularySize: number;
  /** C: labels are in [0, C). */
  readonly classCount: number;
  /** Longest text in tokens, begin and end included. */
  readonly longestText: number;
  /** An existing folder for what does not fit into memory. */
  readonly folder: string;
  /** Receives ids, offsets and labels as 32-bit integers, in this order. */
  readonly hash?: Hash | undefined;
  /** Bytes of token ids kept in memory; see token-storage.ts. */
  readonly mostBytesInMemory?: number | undefined;
}

/** Stores the examples of a split one after the other. */
export class SplitWriter {
  readonly #storage: TokenStorage;
  readonly #hash: Hash | undefined;
  readonly #lengths: Growing;
  readonly #labels: Growing;
  readonly #classCounts: number[];
  readonly #block: Int32Array;
  #filled = 0;
  #tokens = 0;

  constructor(plan: SplitPlan) {
    this.#storage = new TokenStorage(plan.vocabularySize, plan.folder, plan.mostBytesInMemory);
    this.#hash = plan.hash;
    this.#lengths = new Growing(plan.longestText + 1);
    this.#labels = new Growing(plan.classCount);
    this.#classCounts = new Array<number>(plan.classCount).fill(0);
    this.#block = new Int32Array(Math.max(blockLength, plan.longestText));
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
    const full = this.#filled + ids.length > this.#block.length ? this.#flush() : undefined;
    this.#block.set(ids, this.#filled);
    this.#filled += ids.length;
    this.#tokens += ids.length;
    this.#lengths.push(ids.length);
    this.#labels.push(label);
    this.#classCounts[label] = at(this.#classCounts, label) + 1;
    return full;
  }

  /** Ends the split. */
  async finish(counts: { readonly truncated: number; readonly unknown: number }): Promise<EncodedSplit> {
    await this.#flush();
    const [lengths, labels] = [this.#lengths.view(), this.#labels.view()];
    if (this.#hash !== undefined) hashIndex(this.#hash, lengths, labels);
    const words = this.#tokens - 2 * this.count;
    return new StoredSplit(this.#storage, lengths, labels, {
      tokens: this.#tokens,
      truncated: counts.truncated,
      unknownShare: words === 0 ? 0 : counts.unknown / words,
      classCounts: this.#classCounts,
    });
  }

  /** Frees what was stored when the split is not going to be finished. */
  async discard(): Promise<void> {
    await this.#storage.close();
  }

  /** The block is copied before this returns, so that it can be filled again at once. */
  #flush(): Promise<void> {
    const block = this.#block.subarray(0, this.#filled);
    this.#filled = 0;
    this.#hash?.update(block);
    return this.#storage.append(block);
  }
}

class StoredSplit implements EncodedSplit {
  readonly tokens: number;
  readonly truncated: number;
  readonly unknownShare: number;
  readonly classCounts: readonly number[];
  readonly #storage: TokenStorage;
  readonly #lengths: ArrayLike<number>;
  readonly #labels: ArrayLike<number>;
  /** Place of the first token of every group of rows; in doubles, because a corpus may have more than 2^32 tokens. */
  readonly #groups: Float64Array;

  constructor(
    storage: TokenStorage,
    lengths: ArrayLike<number>,
    labels: ArrayLike<number>,
    facts: Pick<EncodedSplit, 'tokens' | 'truncated' | 'unknownShare' | 'classCounts'>,
  ) {
    this.tokens = facts.tokens;
    this.truncated = facts.truncated;
    this.unknownShare = facts.unknownShare;
    this.classCounts = facts.classCounts;
    this.#storage = storage;
    this.#lengths = lengths;
    this.#labels = labels;
    this.#groups = groupStarts(lengths);
  }

  get count(): number {
    return this.#labels.length;
  }

  lengthOf(row: number): number {
    return at(this.#lengths, row);
  }

  async batch(rows: Int32Array): Promise<NativeBatch> {
    const offsets = new Int32Array(rows.length + 1);
    for (let place = 0; place < rows.length; place++) {
      offsets[place + 1] = at(offsets, place) + this.lengthOf(at(rows, place));
    }
    const ids = new Int32Array(at(offsets, rows.length));
    await this.#storage.read([...this.#parts(rows, offsets, ids)]);
    return { ids, offsets, labels: rows.map((row) => at(this.#labels, row)) };
  }

  async close(): Promise<void> {
    await this.#storage.close();
  }

  /** Rows that lie one after the other are one part: a stretch of the split takes one read. */
  *#parts(rows: Int32Array, offsets: Int32Array, ids: Int32Array): Generator<TokenPart> {
    let first = 0;
    for (let place = 1; place <= rows.length; place++) {
      if (place < rows.length && rows[place] === at(rows, place - 1) + 1) continue;
      const into = ids.subarray(offsets[first], offsets[place]);
      yield { start: this.#startOf(at(rows, first)), into };
      first = place;
    }
  }

  #startOf(row: number): number {
    const group = Math.floor(row / rowsInGroup);
    let start = at(this.#groups, group);
    for (let before = group * rowsInGroup; before < row; before++) start += at(this.#lengths, before);
    return start;
  }
}

function groupStarts(lengths: ArrayLike<number>): Float64Array {
  const starts = new Float64Array(Math.ceil(lengths.length / rowsInGroup));
  let start = 0;
  for (let row = 0; row < lengths.length; row++) {
    if (row % rowsInGroup === 0) starts[row / rowsInGroup] = start;
    start += at(lengths, row);
  }
  return starts;
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
