/** A list of 32-bit integers that grows by doubling, for counts that only the end of a stream tells. */
export class GrowingInt32 {
  #values = new Int32Array(1024);
  #length = 0;

  /** Integers held. */
  get length(): number {
    return this.#length;
  }

  /** Adds one integer in [-2^31, 2^31). */
  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow(this.#length + 1);
    this.#values[this.#length++] = value;
  }

  /** Adds several integers in [-2^31, 2^31). */
  pushAll(values: ArrayLike<number>): void {
    const length = this.#length + values.length;
    if (length > this.#values.length) this.#grow(length);
    this.#values.set(values, this.#length);
    this.#length = length;
  }

  /** A copy of exactly what is held. */
  toArray(): Int32Array<ArrayBuffer> {
    return this.#values.slice(0, this.#length);
  }

  #grow(needed: number): void {
    const larger = new Int32Array(Math.max(needed, 2 * this.#values.length));
    larger.set(this.#values.subarray(0, this.#length));
    this.#values = larger;
  }
}
