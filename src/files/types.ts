/** One file that went into a dataset. */
export interface DatasetFile {
  /** Path below the data directory, or the path as the user gave it. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Malformed lines that were left out, each counted once however often its file was read. */
export interface SkippedLines {
  readonly count: number;
  /** The first 100 of them, each as "file:line: what is wrong". */
  readonly first: readonly string[];
}
