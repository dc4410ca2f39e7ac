interface EmptyRowsOfFile {
  count: number;
  readonly first: number;
  /** The last of them that has been counted: every pass meets them in the same order. */
  furthest: number;
}

/** Counts the wholly empty rows of files, each once, however often its file is read. */
export class EmptyRows {
  readonly #files = new Map<string, EmptyRowsOfFile>();

  /**
   * Takes note of an empty row.
   *
   * @param number of its line or row, from 1
   */
  add(file: string, number: number): void {
    const known = this.#files.get(file);
    if (known === undefined) this.#files.set(file, { count: 1, first: number, furthest: number });
    else if (number > known.furthest) {
      known.count++;
      known.furthest = number;
    }
  }

  /** What a reader of a result must know of them: a sentence a file that has some. */
  get notes(): string[] {
    return [...this.#files].map(([file, { count, first }]) =>
      count === 1
        ? `${file}: 1 wholly empty row was left out, on line ${first}`
        : `${file}: ${count} wholly empty rows were left out, the first on line ${first}`,
    );
  }
}
