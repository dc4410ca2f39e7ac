import { OutOfBytes, Cursor } from './varint.js';

/** A file of which any part can be read. */
export interface RandomAccess {
  readonly byteLength: number;
  /** Exactly the bytes from `start` to `end`, which lie in the file. */
  read(start: number, end: number): Promise<Buffer>;
}

/** Bytes that are read at once, and that most headers fit into. */
const piece = 1 << 18;
const headerBytes = 1 << 12;

/** Reads a part of a file from its start to its end, some bytes at a time. */
export class ChunkReader {
  readonly #file: RandomAccess;
  readonly #end: number;
  /** Place of the bytes that are next, and those of them that have been read already. */
  #at: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(file: RandomAccess, start: number, end: number) {
    this.#file = file;
    this.#at = start;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  /** The next `count` bytes, which are passed over. */
  async take(count: number): Promise<Buffer> {
    if (count > this.left) throw new OutOfBytes();
    await this.#fill(count);
    const taken = this.#bytes.subarray(0, count);
    this.#pass(count);
    return taken;
  }

  /** Reads something whose length shows only while it is read, and passes over it. */
  async parse<Result>(read: (cursor: Cursor) => Result): Promise<Result> {
    for (let count = headerBytes; ; count *= 8) {
      await this.#fill(Math.min(count, this.left));
      const cursor = new Cursor(this.#bytes);
      try {
        const result = read(cursor);
        this.#pass(cursor.at);
        return result;
      } catch (error) {
        if (!(error instanceof OutOfBytes) || this.#bytes.length >= this.left) throw error;
      }
    }
  }

  async #fill(count: number): Promise<void> {
    if (this.#bytes.length >= count) return;
    const start = this.#at + this.#bytes.length;
    const end = Math.min(Math.max(this.#at + count, start + piece), this.#end);
    this.#bytes = Buffer.concat([this.#bytes, await this.#file.read(start, end)]);
  }

  #pass(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
    this.#at += count;
  }
}
