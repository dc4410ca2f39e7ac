import { ZstdProblem } from './problem.js';

/** Most bits of one look: with the bits before them in their first byte they are in four bytes. */
const mostBits = 25;

/**
 * Bits that are read from the end of some bytes to their start (RFC 8878, 4.1): the highest bit that is set in the last byte
 * is not one of them.
 */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  #left: number;

  /** @throws ZstdProblem when the last byte is 0 or there is none */
  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0;
    if (last === 0) throw new ZstdProblem('bits without their end');
    this.#bytes = bytes;
    this.#left = 8 * bytes.length - 1 - Math.clz32(last) + 24;
  }

  /** Bits that have not been read; below 0 when more were read than there are. */
  get left(): number {
    return this.#left;
  }

  /** The next bits as a number, with zeros for those before the start, which are not yet read. */
  peek(count: number): number {
    const start = this.#left - count;
    if (start < 0) return count + start <= 0 ? 0 : this.#at(0, count + start) << -start;
    return this.#at(start, count);
  }

  /** Takes bits as read. */
  skip(count: number): void {
    this.#left -= count;
  }

  /** Reads up to 31 bits. Those before the start are zeros: {@link left} tells. */
  read(count: number): number {
    if (count > mostBits) return this.read(count - 16) * 0x10000 + this.read(16);
    const bits = this.peek(count);
    this.#left -= count;
    return bits;
  }

  /** At most {@link mostBits} bits from a place counted from the start. */
  #at(place: number, count: number): number {
    const bytes = this.#bytes;
    const first = place >> 3;
    const four =
      (bytes[first] ?? 0) |
      ((bytes[first + 1] ?? 0) << 8) |
      ((bytes[first + 2] ?? 0) << 16) |
      ((bytes[first + 3] ?? 0) << 24);
    return (four >>> (place & 7)) & ((1 << count) - 1);
  }
}
