import { IntegerCounts } from '../../statistics/distribution.js';
import { splitNames, type SplitName } from '../../datasets/split-names.js';
import { draftOf, draftsOfRows, type Draft, type Rows } from './draft.js';
import { encodingDamage, showsNothing, type TextCheck } from './encoding-damage.js';
import { lengthFences } from './length-fences.js';
import type { Records } from './records.js';
import { Tallies } from '../../base/tally.js';

/** What is found by looking at each text alone. */
const checks: readonly TextCheck[] = [
  { kind: 'empty-text', what: 'nothing to be seen', find: (text) => (showsNothing(text) ? 0 : -1) },
  ...encodingDamage,
];

/** Looks at every text for damage. */
export class TextChecks {
  readonly #tallies: Tallies<Rows>;

  /** @param examples that are shown of each finding */
  constructor(examples: number) {
    this.#tallies = new Tallies(examples);
  }

  add(split: SplitName, row: number, text: string): void {
    for (const { kind, find } of checks)
      if (find(text) >= 0) this.#tallies.of(`${kind} ${split}`).add(() => [row]);
  }

  drafts(records: Records): Draft[] {
    return checks.flatMap(({ kind, what, find }) =>
      splitNames.flatMap((split) => {
        const tally = this.#tallies.of(`${kind} ${split}`);
        return draftOf(kind, [split], tally, records, `with ${what}`).map((draft) => ({ ...draft, find }));
      }),
    );
  }
}

/** Texts that are far shorter or longer than nearly all training texts. */
export function extremeLengths(records: Records, examples: number): Draft[] {
  const { from, to } = records.rowsOf('train');
  const lengths = new IntegerCounts();
  for (let row = from; row < to; row++) lengths.add(records.lengthOf(row));
  const { shortest, longest } = lengthFences(lengths.distribution().quantiles);
  return draftsOfRows('extreme-length', records, examples, {
    what: `shorter than ${Math.ceil(shortest)} or longer than ${Math.floor(longest)} characters`,
    has: (row) => records.lengthOf(row) < shortest || records.lengthOf(row) > longest,
    rows: (row) => [row],
  });
}
