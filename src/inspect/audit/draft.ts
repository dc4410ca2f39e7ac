import type { SplitName } from '../../datasets/split-names.js';
import { severityOf, type Finding, type FindingExample, type FindingKind } from './finding.js';
import type { Records } from './records.js';
import type { Tally } from './tally.js';

/** Code points of a text that are shown. */
const longestExcerpt = 100;

/** A finding whose examples are still rows. */
export interface Draft {
  readonly kind: FindingKind;
  readonly splits: readonly SplitName[];
  readonly message: string;
  readonly count: number;
  readonly share: number;
  /** Rows of one example, or of two that belong together. */
  readonly rows: readonly (readonly number[])[];
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
  tally: Tally,
  records: Records,
  what: string,
): Draft[] {
  const last = splits.at(-1);
  if (tally.count === 0 || last === undefined) return [];
  const share = tally.count / records.sizeOf(last);
  const message = `${tally.count} ${last} ${tally.count === 1 ? 'example' : 'examples'} ${what}`;
  return [{ kind, splits, message, count: tally.count, share, rows: tally.first }];
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
