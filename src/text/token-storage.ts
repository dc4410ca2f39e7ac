import { ScratchFile } from '../base/storage/scratch-file.js';
import { compactArray, Growing, type CompactArray } from '../base/growing.js';

/**
 * Most bytes of token ids that a split keeps in memory; a larger one goes to a scratch file. 64 MiB hold 32 million
 * characters: a corpus that fills its own step in the memory would not notice, and two splits stay far below 1 GiB.
 */
export const mostBytesInMemory = 64 * 2 ** 20;

/** Token ids to be read. */
export interface TokenPart {
  /** Place of the first among all ids. */
  readonly start: number;
  /** Receives the ids; as long as the part. */
  readonly into: Int32Array;
}

/**
 * The token ids of a split, one text after the other: written from first to last, then read anywhere. 16 bits an id
 * where the vocabulary allows it. Small ones lie in memory, larger ones in a scratch file; which of the two changes
 * nothing but the time of a read.
 */
export class TokenStorage {
  readonly #vocabularySize: number;
  readonly #folder: string;
  readonly #mostBytes: number;
  #memory: Growing;
  #file: ScratchFile | undefined;

  /**
   * @param vocabularySize V: ids are in [0, V)
   * @param folder an existing folder for the scratch file
   * @param mostBytes kept in memory
   */
  constructor(vocabularySize: number, folder: string, mostBytes: number = mostBytesInMemory) {
    this.#vocabularySize = vocabularySize;
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#memory = new Growing(vocabularySize);
  }

  /**
   * Adds ids at the end. They are copied before this returns; the next call waits until this one is over.
   *
   * @throws AdvError STORAGE when the disk is full
   */
  async append(ids: Int32Array): Promise<void> {
    const copy = this.#compact(ids.length);
    copy.set(ids);
    if (this.#file === undefined) {
      if (this.#memory.view().byteLength + copy.byteLength <= this.#mostBytes) {
        this.#memory.pushAll(copy);
        return;
      }
      this.#file = await ScratchFile.create(this.#folder);
      await this.#file.append(this.#memory.view());
      this.#memory = new Growing(this.#vocabularySize);
    }
    await this.#file.append(copy);
  }

  /**
   * Reads several parts at once. All of them were appended before.
   *
   * @throws AdvError STORAGE when the disk fails
   */
  async read(parts: readonly TokenPart[]): Promise<void> {
    if (this.#file === undefined) {
      const ids = this.#memory.view();
      for (const { start, into } of parts) into.set(ids.subarray(start, start + into.length));
      return;
    }
    const reads = parts.map(({ start, into: ids }) => {
      const into = this.#compact(ids.length);
      return { position: start * into.BYTES_PER_ELEMENT, into, ids };
    });
    await this.#file.read(reads);
    for (const { into, ids } of reads) ids.set(into);
  }

  /** Frees the memory and the scratch file, after the reads that have begun. */
  async close(): Promise<void> {
    this.#memory = new Growing(this.#vocabularySize);
    await this.#file?.close();
  }

  #compact(length: number): CompactArray {
    return compactArray(this.#vocabularySize, length);
  }
}
