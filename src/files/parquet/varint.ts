import { ParquetProblem } from './problem.js';

/** A place in some bytes that moves on as they are read. */
export class Cursor {
  at: number;

  /** @param bytes to be read from `at` */
  constructor(
    readonly bytes: Buffer,
    at = 0,
  ) {
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** @throws OutOfBytes */
  byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new OutOfBytes();
    this.at++;
    return byte;
  }

  /** @throws OutOfBytes */
  skip(count: number): void {
    if (count > this.left) throw new OutOfBytes();
    this.at += count;
  }

  /**
   * An unsigned integer of seven bits a byte, the lowest first; exact below 2^53.
   *
   * @throws OutOfBytes; ParquetProblem when it takes more than ten bytes
   */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new ParquetProblem('an integer of more than ten bytes');
  }

  /** A signed integer in zigzag order: 0, −1, 1, −2, … */
  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** The bytes end before what they should hold does. */
export class OutOfBytes extends ParquetProblem {
  constructor() {
    super('an end where more bytes should follow');
  }
}
