/** Runs of neighbouring units of a text, as features of it. */
export interface NgramKind {
  /** 'char': characters, white space among them. 'word': words, and every other sign for itself. */
  readonly unit: 'char' | 'word';
  /** Units of the shortest and of the longest run: 1 ≤ min ≤ max. */
  readonly min: number;
  readonly max: number;
}
