import { History } from './history.js';
import type { HuffmanTable } from './huffman.js';
import { readLiterals } from './literals.js';
import { ZstdProblem } from './problem.js';
import { decodeSequences, readSequencesHeader, type SequenceTables } from './sequences.js';

/** Decodes the blocks of a frame, one after another: each may refer to tables and content of those before. */
export class BlockDecoder {
  readonly #most: number;
  readonly #history: History;
  #huffman: HuffmanTable | undefined;
  #tables: SequenceTables | undefined;
  /** The last three offsets. */
  #latest = 1;
  #second = 4;
  #third = 8;

  /**
   * @param window bytes that matches may go back
   * @param most bytes of content that a block may have
   */
  constructor(window: number, most: number) {
    this.#most = most;
    this.#history = new History(window);
  }

  /** A block of bytes as they are. */
  stored(bytes: Uint8Array): Buffer {
    return this.#block(() => {
      this.#history.append(bytes);
    });
  }

  /** A block of one byte many times. */
  repeated(byte: number, count: number): Buffer {
    return this.#block(() => {
      this.#history.fill(byte, count);
    });
  }

  /**
   * A compressed block (RFC 8878, 3.1.1.3).
   *
   * @throws ZstdProblem when it is damaged
   */
  compressed(block: Uint8Array): Buffer {
    return this.#block(() => {
      const literals = readLiterals(block, this.#most, this.#huffman);
      this.#huffman = literals.table;
      const { count, tables, end } = readSequencesHeader(block, literals.end, this.#tables);
      let used = 0;
      if (tables === undefined) {
        if (end < block.length) throw new ZstdProblem('something behind the end of a block');
      } else {
        this.#tables = tables;
        decodeSequences(block.subarray(end), count, tables, (sequence) => {
          const next = used + sequence.literals;
          if (next > literals.bytes.length) throw new ZstdProblem('fewer literals than sequences need');
          this.#history.append(literals.bytes, used, next);
          used = next;
          this.#history.repeat(this.#offsetOf(sequence.offset, sequence.literals), sequence.match);
        });
      }
      this.#history.append(literals.bytes, used);
    });
  }

  #block(make: () => void): Buffer {
    this.#history.beginBlock(this.#most);
    make();
    return this.#history.endBlock();
  }

  /** The offset that is written as such or as one of the last three (RFC 8878, 3.1.1.5), which then becomes the latest. */
  #offsetOf(written: number, literals: number): number {
    // Without literals the latest offset would only go on with the match before: the numbers stand for the next ones.
    const which = written > 3 ? 0 : written + (literals === 0 ? 1 : 0);
    if (which === 1) return this.#latest;
    const offset =
      which === 0 ? written - 3 : which === 2 ? this.#second : which === 3 ? this.#third : this.#latest - 1;
    if (offset === 0) throw new ZstdProblem('a match with itself');
    if (which !== 2) this.#third = this.#second;
    this.#second = this.#latest;
    this.#latest = offset;
    return offset;
  }
}
