/** Things that show something: how many there are, and the first few. */
export class Tally<Item> {
  count = 0;
  readonly first: Item[] = [];
  readonly #keep: number;

  /** @param keep how many are remembered */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /**
   * Counts one.
   *
   * @param item makes what is remembered of it; asked for only while there are not enough
   */
  add(item: () => Item): void {
    this.count += 1;
    if (this.first.length < this.#keep) this.first.push(item());
  }
}

/** A tally for each of several keys, made when it is first needed. */
export class Tallies<Item> {
  readonly #keep: number;
  readonly #tallies = new Map<string, Tally<Item>>();

  /** @param keep how many each remembers */
  constructor(keep: number) {
    this.#keep = keep;
  }

  of(key: string): Tally<Item> {
    const tally = this.#tallies.get(key) ?? new Tally(this.#keep);
    this.#tallies.set(key, tally);
    return tally;
  }
}
