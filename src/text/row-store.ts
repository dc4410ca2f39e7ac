import type { Hash } from 'node:crypto';
import { at } from '../base/at.js';
import { compactArray, Growing } from '../base/growing.js';
import { ScratchFile } from '../base/storage/scratch-file.js';

/**
 * Most bytes of token ids that a split keeps in memory; a larger one goes to a scratch file. 64 MiB hold 32 million
 * characters: a corpus that fills its own step in the memory would not notice, and two splits stay far below 1 GiB.
 */
const mostBytes = 64 * 2 ** 20;

/** Integers that are stored and hashed together. */
export const blockLength = 2 ** 16;

/** Rows whose place is added up from that of the first row of their group. */
const rowsInGroup = 64;

/** Where rows go. */
export interface RowPlace {
  /** An existing folder for what does not fit into memory. */
  readonly folder: string;
  /** Receives the integers of all rows, as 32 bits each. */
  readonly hash?: Hash | undefined;
  /** Bytes kept in memory, 64 MiB where nothing is said. */
  readonly mostBytesInMemory?: number | undefined;
}

/** Integers to be read. */
export interface RowPart {
  /** Place of the first among all. */
  readonly start: number;
  /** Receives them; as long as the part. */
  readonly into: Int32Array;
}

/**
 * Rows of integers, such as the token ids of texts: written from first to last, then read anywhere. 16 bits an integer where
 * the bound allows it. Small stores lie in memory, larger ones in a scratch file; which of the two changes nothing but
 * the time of a read.
 */
export class RowStore {
  /** Of the rows so far. */
  readonly lengths: Growing;
  readonly #bound: number;
  readonly #place: RowPlace;
  /** Place of the first integer of every group of rows; in doubles, because there may be more than 2^32. */
  readonly #groups: number[] = [];
  #memory: Growing;
  #file: ScratchFile | undefined;
  #block = new Int32Array(blockLength);
  #filled = 0;
  #total = 0;

  /**
   * @param bound the integers are in [0, bound)
   * @param lengthBound every row is shorter; at most 2^32
   */
  constructor(bound: number, lengthBound: number, place: RowPlace) {
    this.lengths = new Growing(lengthBound);
    this.#bound = bound;
    this.#place = place;
    this.#memory = new Growing(bound);
  }

  /** Integers of all rows so far. */
  get total(): number {
    return this.#total;
  }

  /**
   * Adds the next row. The next call waits until this one is over.
   *
   * @param put writes the row into an array, from a place on
   * @returns a promise when there is something to wait for: most rows need none
   * @throws AdvError STORAGE when the disk is full
   */
  add(length: number, put: (into: Int32Array, first: number) => void): Promise<void> | undefined {
    const full = this.#filled + length > this.#block.length ? this.flush() : undefined;
    if (length > this.#block.length) this.#block = new Int32Array(length);
    put(this.#block, this.#filled);
    this.#filled += length;
    if (this.lengths.length % rowsInGroup === 0) this.#groups.push(this.#total);
    this.lengths.push(length);
    this.#total += length;
    return full;
  }

  /**
   * Ends writing: rows may be read afterwards.
   *
   * @throws AdvError STORAGE when the disk is full
   */
  async flush(): Promise<void> {
    const block = this.#block.subarray(0, this.#filled);
    this.#filled = 0;
    this.#place.hash?.update(block);
    // Before this waits for anything, so that the block can be filled again at once.
    const copy = compactArray(this.#bound, block.length);
    copy.set(block);
    if (this.#file === undefined) {
      const { folder, mostBytesInMemory = mostBytes } = this.#place;
      if (this.#memory.view().byteLength + copy.byteLength <= mostBytesInMemory) {
        this.#memory.pushAll(copy);
        return;
      }
      this.#file = await ScratchFile.create(folder);
      await this.#file.append(this.#memory.view());
      this.#memory = new Growing(this.#bound);
    }
    await this.#file.append(copy);
  }

  /** Place of a row's first integer among all. */
  startOf(row: number): number {
    const group = Math.floor(row / rowsInGroup);
    let start = at(this.#groups, group);
    for (let before = group * rowsInGroup; before < row; before++) start += this.lengths.at(before);
    return start;
  }

  /**
   * Reads several parts at once; a part may go on over rows.
   *
   * @throws AdvError STORAGE when the disk fails
   */
  async read(parts: readonly RowPart[]): Promise<void> {
    if (this.#file === undefined) {
      const integers = this.#memory.view();
      for (const { start, into } of parts) into.set(integers.subarray(start, start + into.length));
      return;
    }
    const reads = parts.map(({ start, into: integers }) => {
      const into = compactArray(this.#bound, integers.length);
      return { position: start * into.BYTES_PER_ELEMENT, into, integers };
    });
    await this.#file.read(reads);
    for (const { into, integers } of reads) integers.set(into);
  }

  /** Frees the memory and the scratch file, after the reads that have begun. */
  async close(): Promise<void> {
    this.#memory = new Growing(this.#bound);
    await this.#file?.close();
  }
}
