import { splitNames, type SplitName } from '../../datasets/split-names.js';
import { severityOf, type Finding, type FindingExample, type FindingKind } from './finding.js';
import type { Records } from './records.js';
import { Tally } from '../../base/tally.js';

/** Code points of a text that are shown. */
const longestExcerpt = 100;

/** Rows of one example, or of two that belong together. */
export type Rows = readonly number[];

/** A finding whose examples are still rows. */
export interface Draft extends Omit<Finding, 'severity' | 'examples'> {
  readonly rows: readonly Rows[];
  /** For each of `rows`, how alike the two are; empty where that is not what was found. */
  readonly similarities?: readonly number[];
  /** Where in a text is what was found, in code units, so that an excerpt shows it; its start when absent. */
  readonly find?: (text: string) => number;
}

/**
 * A draft of what a tally counted in a split; none where it counted nothing.
 *
 * @param what the examples have, to follow their number
 */
export function draftOf(
  kind: FindingKind,
  splits: readonly SplitName[],
  { count, first }: Pick<Tally<Rows>, 'count' | 'first'>,
  records: Records,
  what: string,
): Draft[] {
  const last = splits.at(-1);
  if (count === 0 || last === undefined) return [];
  const message = `${count} ${last} ${count === 1 ? 'example' : 'examples'} ${what}`;
  return [{ kind, splits, message, count, share: count / records.sizeOf(last), rows: first }];
}

/** Something that rows of any split may show. */
interface RowCheck {
  /** What the examples have, to follow their number. */
  readonly what: string;
  readonly has: (row: number) => boolean;
  /** What is shown of a row: it, or a pair that it belongs to. */
  readonly rows: (row: number) => Rows;
}

/** Drafts of what rows show, one a split; none where no row of it does. */
export function draftsOfRows(
  kind: FindingKind,
  records: Records,
  examples: number,
  { what, has, rows }: RowCheck,
): Draft[] {
  return splitNames.flatMap((split) => {
    const tally = new Tally<Rows>(examples);
    const { from, to } = records.rowsOf(split);
    for (let row = from; row < to; row++) if (has(row)) tally.add(() => rows(row));
    return draftOf(kind, [split], tally, records, what);
  });
}

/**
 * Reads the examples of a draft.
 *
 * @throws AdvError STORAGE when the disk fails
 */
export async function findingOf(draft: Draft, records: Records): Promise<Finding> {
  const { rows, similarities = [], find = () => 0, ...rest } = draft;
  const examples: FindingExample[] = [];
  for (const [place, together] of rows.entries()) {
    const texts = (await records.read(together)).map(({ id, label, text }) => ({
      id,
      label,
      text: excerpt(text, find(text)),
    }));
    const similarity = similarities[place];
    examples.push(similarity === undefined ? { texts } : { texts, similarity });
  }
  return { ...rest, severity: severityOf(draft.kind), examples };
}

/**
 * A text, or a part of it between ellipses.
 *
 * @param place in code units, which the part shows
 */
export function excerpt(text: string, place = 0): string {
  const before = Array.from(text.slice(0, place)).length;
  const points = Array.from(text);
  if (points.length <= longestExcerpt) return text;
  const middle = Math.floor(before - longestExcerpt / 2);
  const first = Math.max(0, Math.min(middle, points.length - longestExcerpt));
  const end = first + longestExcerpt;
  return `${first === 0 ? '' : '…'}${points.slice(first, end).join('')}${end === points.length ? '' : '…'}`;
}
