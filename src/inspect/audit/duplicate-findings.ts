import { at } from '../../base/at.js';
import { splitNames, type SplitName } from '../../datasets/split-names.js';
import { draftOf, draftsOfRows, type Draft, type Rows } from './draft.js';
import type { Records } from './records.js';
import { Tallies } from '../../base/tally.js';

/** The bit of a split. */
export function bitOf(split: SplitName): number {
  return 1 << splitNames.indexOf(split);
}

/** What equal texts show. */
export interface EqualTexts {
  /** For each text, the splits that have it, a bit each. */
  readonly splits: Uint8Array;
  readonly drafts: readonly Draft[];
}

/** Finds texts that occur twice in a split, in two splits, or with two labels. */
export function compareEqualTexts(records: Records, examples: number): EqualTexts {
  const splits = new Uint8Array(records.textCount);
  const tallies = new Tallies<Rows>(examples);
  for (const split of splitNames) {
    const earlier = splitNames.slice(0, splitNames.indexOf(split));
    const { from, to } = records.rowsOf(split);
    for (let row = from; row < to; row++) {
      const text = records.textOf(row);
      const seen = at(splits, text);
      // Found only for what is going to be shown, because that reads all rows.
      const pairWith = (other: SplitName) => (): number[] => [records.find(other, text) ?? row, row];
      if ((seen & bitOf(split)) !== 0) tallies.of(split).add(pairWith(split));
      for (const before of earlier) {
        if ((seen & bitOf(before)) !== 0) tallies.of(`${before} ${split}`).add(pairWith(before));
      }
      splits[text] = seen | bitOf(split);
    }
  }
  const drafts = splitNames.flatMap((split, place) => [
    ...splitNames
      .slice(0, place)
      .flatMap((before) =>
        draftOf(
          'leakage',
          [before, split],
          tallies.of(`${before} ${split}`),
          records,
          `with a text that is in ${before} too`,
        ),
      ),
    ...draftOf('duplicates', [split], tallies.of(split), records, 'with the text of an earlier one'),
  ]);
  return { splits, drafts: [...drafts, ...contradictions(records, examples)] };
}

/** Rows whose text has another label elsewhere. */
function contradictions(records: Records, examples: number): Draft[] {
  const labels = new Int32Array(records.textCount).fill(-1);
  const contradicting = new Uint8Array(records.textCount);
  for (let row = 0; row < records.count; row++) {
    const text = records.textOf(row);
    if (labels[text] === -1) labels[text] = records.labelOf(row);
    else if (labels[text] !== records.labelOf(row)) contradicting[text] = 1;
  }
  return draftsOfRows('contradicting-labels', records, examples, {
    what: 'with a text that has another label elsewhere',
    has: (row) => contradicting[records.textOf(row)] === 1,
    rows: (row) => [row, otherLabel(records, row)],
  });
}

/** The first row that has the same text and another label. */
function otherLabel(records: Records, row: number): number {
  const differs = (other: number): boolean => records.labelOf(other) !== records.labelOf(row);
  for (const split of splitNames) {
    const other = records.find(split, records.textOf(row), differs);
    if (other !== undefined) return other;
  }
  return row;
}
