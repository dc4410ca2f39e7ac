/** Runs of neighbouring units of a text, each of which is a feature of it. */
export interface NgramKind {
  /** 'char': the characters of the text, white space among them. 'word': its words, and every other sign for itself. */
  readonly unit: 'char' | 'word';
  /** Units of the shortest and of the longest run; 1 ≤ min ≤ max. */
  readonly min: number;
  readonly max: number;
}

/** Longest run that is counted: longer ones are almost as many as there are places in the texts. */
const longestRun = 9;

/**
 * The least and the greatest length that '2-5', or '3' for '3-3', means.
 *
 * @returns undefined where it means nothing
 */
export function parseLengths(text: string): [min: number, max: number] | undefined {
  const [, first, last = first] = /^([1-9]\d*)(?:-([1-9]\d*))?$/.exec(text) ?? [];
  const [min, max] = [Number(first), Number(last)];
  return min <= max ? [min, max] : undefined;
}

/**
 * What 'char:1-5' or 'word:2' means: a unit, and the runs of it.
 *
 * @returns undefined where it means nothing
 */
export function parseNgramKind(text: string): NgramKind | undefined {
  const [, unit, lengths = ''] = /^(char|word):(.*)$/s.exec(text) ?? [];
  const [min, max] = parseLengths(lengths) ?? [0, Infinity];
  return (unit === 'char' || unit === 'word') && max <= longestRun ? { unit, min, max } : undefined;
}

/** The kind as parseNgramKind reads it. */
export function ngramKindText({ unit, min, max }: NgramKind): string {
  return `${unit}:${min}-${max}`;
}

/** What a list of texts means; undefined where one of them means nothing. */
export function parseNgramKinds(texts: readonly string[]): NgramKind[] | undefined {
  const kinds = texts.flatMap((text) => parseNgramKind(text) ?? []);
  return kinds.length === texts.length ? kinds : undefined;
}
