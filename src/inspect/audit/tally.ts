/** Rows that show something: how many there are, and the first few. */
export class Tally {
  readonly #keep: number;
  readonly #rows: (readonly number[])[] = [];
  #count = 0;

  /** @param keep how many are remembered */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** The rows of the first ones: one, or two that belong together. */
  get first(): readonly (readonly number[])[] {
    return this.#rows;
  }

  /**
   * Counts one.
   *
   * @param rows gives its rows, one or two that belong together; asked for only while there are not enough
   */
  add(rows: () => readonly number[]): void {
    this.#count += 1;
    if (this.#rows.length < this.#keep) this.#rows.push(rows());
  }
}

/** A tally for each of several keys, made when it is first needed. */
export class Tallies<Key> {
  readonly #keep: number;
  readonly #tallies = new Map<Key, Tally>();

  /** @param keep how many rows each remembers */
  constructor(keep: number) {
    this.#keep = keep;
  }

  of(key: Key): Tally {
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    const tally = new Tally(this.#keep);
    this.#tallies.set(key, tally);
    return tally;
  }
}
