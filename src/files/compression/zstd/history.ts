import { ZstdProblem } from './problem.js';

/** Bytes of content that are kept beside the window, so that it need not move for every block. */
const slack = 1 << 23;

/** Bytes up to which a loop is faster than a call. */
const few = 32;

/** The last content of a frame, as much as matches may refer to, and behind it the block that is being made. */
export class History {
  readonly #window: number;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Place behind all content. */
  #end = 0;
  #blockStart = 0;
  #blockEnd = 0;

  /** @param window bytes that matches may go back */
  constructor(window: number) {
    this.#window = window;
  }

  /** Begins a block of at most so many bytes. */
  beginBlock(most: number): void {
    if (this.#end + most > this.#bytes.length) this.#makeRoom(most);
    this.#blockStart = this.#end;
    this.#blockEnd = this.#end + most;
  }

  /** The content of the block, in memory of its own. */
  endBlock(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#blockStart, this.#end));
  }

  /**
   * Appends bytes from a place up to another.
   *
   * @throws ZstdProblem when the block becomes too long
   */
  append(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    this.#require(end - start);
    const target = this.#bytes;
    let place = this.#end;
    this.#end += end - start;
    if (end - start > few) target.set(bytes.subarray(start, end), place);
    else for (let from = start; from < end; from++) target[place++] = bytes[from] ?? 0;
  }

  /** @throws ZstdProblem when the block becomes too long */
  fill(byte: number, count: number): void {
    this.#require(count);
    this.#bytes.fill(byte, this.#end, this.#end + count);
    this.#end += count;
  }

  /**
   * Appends content again that begins `offset` bytes before the end, and may go on with what it appends itself.
   *
   * @throws ZstdProblem when there is no such content or the block becomes too long
   */
  repeat(offset: number, count: number): void {
    if (offset > Math.min(this.#window, this.#end)) throw new ZstdProblem('a match with what is not there');
    this.#require(count);
    const bytes = this.#bytes;
    let place = this.#end;
    let from = place - offset;
    this.#end += count;
    if (offset >= count && count > few) bytes.copyWithin(place, from, from + count);
    else for (const end = place + count; place < end;) bytes[place++] = bytes[from++] ?? 0;
  }

  #require(count: number): void {
    if (this.#end + count > this.#blockEnd) throw new ZstdProblem('a block with too much content');
  }

  /** Forgets what no match may refer to, or takes more memory: no more than what came asks for. */
  #makeRoom(most: number): void {
    const kept = this.#bytes.subarray(Math.max(this.#end - this.#window, 0), this.#end);
    const wanted = Math.min(2 * kept.length, this.#window + slack);
    const length = Math.max(kept.length + most, wanted, this.#bytes.length);
    if (length > this.#bytes.length) {
      this.#bytes = new Uint8Array(length);
      this.#bytes.set(kept);
    } else this.#bytes.copyWithin(0, this.#end - kept.length, this.#end);
    this.#end = kept.length;
  }
}
