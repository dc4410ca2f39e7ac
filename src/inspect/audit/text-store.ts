import { AdvError } from '../../base/errors.js';
import { at } from '../../base/at.js';
import { RowStore, type RowPart } from '../../text/row-store.js';

/** Bytes of text kept in memory; beyond that they lie in a scratch file. */
const mostBytesInMemory = 16 * 2 ** 20;

/** What is kept of an example to be shown or compared later. */
export interface StoredText {
  readonly id: string;
  readonly text: string;
}

/**
 * The texts of all examples, written one after the other and read anywhere: 16 MiB of them in memory, more in a scratch
 * file, so that comparing texts takes no second reading of the data and no memory that grows with it.
 */
export class TextStore {
  readonly #folder: string;
  readonly #rows: RowStore;

  /** @param folder an existing folder for the scratch file */
  constructor(folder: string) {
    this.#folder = folder;
    this.#rows = new RowStore(2 ** 16, 2 ** 32, { folder, mostBytesInMemory });
  }

  /**
   * Adds the next row. The next call waits until this one is over.
   *
   * @returns a promise when there is something to wait for: most rows need none
   * @throws AdvError STORAGE when the disk is full
   */
  add({ id, text }: StoredText): Promise<void> | undefined {
    // The id's length first, as two units, so that both strings can be told apart.
    const full = this.#rows.add(2 + id.length + text.length, (into, first) => {
      into[first] = id.length >>> 16;
      into[first + 1] = id.length & 0xffff;
      putUnits(into, first + 2, id);
      putUnits(into, first + 2 + id.length, text);
    });
    return full && this.#explained(full);
  }

  /** Ends writing: rows may be read afterwards. */
  flush(): Promise<void> {
    return this.#explained(this.#rows.flush());
  }

  /** Code units of a row: what reading it takes. */
  lengthOf(row: number): number {
    return this.#rows.lengths.at(row);
  }

  /**
   * Reads rows, in their order.
   *
   * @throws AdvError STORAGE when the disk fails
   */
  async read(rows: readonly number[]): Promise<StoredText[]> {
    const parts = rows.map((row): RowPart => {
      return { start: this.#rows.startOf(row), into: new Int32Array(this.lengthOf(row)) };
    });
    await this.#explained(this.#rows.read(parts));
    return parts.map(({ into }) => storedText(into));
  }

  /** Frees memory and disk. */
  async close(): Promise<void> {
    await this.#rows.close();
  }

  /** A disk that fails, in words for somebody who audits and has no run. */
  async #explained(storing: Promise<void>): Promise<void> {
    return storing.catch((error: unknown) => {
      if (!(error instanceof AdvError) || error.code !== 'STORAGE') throw error;
      throw new AdvError(
        'STORAGE',
        `cannot keep the texts in a temporary file in ${this.#folder}: ${error.message}`,
        'Free space there, or name a folder on another disk by the environment variable TMPDIR.',
        { cause: error },
      );
    });
  }
}

function putUnits(into: Int32Array, first: number, text: string): void {
  for (let place = 0; place < text.length; place++) into[first + place] = text.charCodeAt(place);
}

function storedText(units: Int32Array): StoredText {
  const idLength = at(units, 0) * 2 ** 16 + at(units, 1);
  // As UTF-16 the buffer gives every code unit back, lone surrogates too.
  const whole = Buffer.from(Uint16Array.from(units.subarray(2)).buffer).toString('utf16le');
  return { id: whole.slice(0, idLength), text: whole.slice(idLength) };
}
