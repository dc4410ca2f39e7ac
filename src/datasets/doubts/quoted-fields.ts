import { Tally } from '../../base/tally.js';
import type { SplitName } from '../split-names.js';
import type { Example } from '../../text/types.js';
import { shortExample, type Doubt } from './doubt.js';

/** Share of a column's fields from which on the quotes are the file's and not the writers': a few lines may be added by hand. */
const nearlyAll = 0.95;

/** The same for texts that have doubled quotes inside as well: nobody but programs writes so. */
const few = 0.001;

const examplesKept = 100;

const quote = 0x22;

const advice =
  'TSV knows none, so that quotes are part of what is read. ' +
  "Quotes of CSV are read with --format csv --delimiter '\\t', for which the first line must name the columns.";

/** Looks for fields in quotes, as CSV has them, in the examples of a file whose form knows none. */
export class QuotedFields {
  readonly #texts = new Tally<Example>(examplesKept);
  readonly #labels = new Tally<Example>(examplesKept);
  /** Texts in quotes that have quotes inside, each of them doubled. */
  readonly #doubled = new Tally<Example>(examplesKept);
  #total = 0;

  add(example: Example): void {
    this.#total += 1;
    const shown = (): Example => shortExample(example);
    if (isQuoted(example.label)) this.#labels.add(shown);
    if (!isQuoted(example.text)) return;
    this.#texts.add(shown);
    if (hasDoubledQuotes(example.text)) this.#doubled.add(shown);
  }

  /** @param file for the message */
  doubts(file: string, split: SplitName): Doubt[] {
    const doubt = (what: string, { count, first }: Tally<Example>): Doubt[] => [
      {
        code: 'QUOTED_FIELDS',
        message: `${file}: ${what}; ${advice}`,
        ...{ splits: [split], count, share: count / this.#total, examples: first },
      },
    ];
    const texts = this.#isMost(this.#texts, nearlyAll);
    const labels = this.#isMost(this.#labels, nearlyAll);
    if (texts || labels) {
      const tally = texts ? this.#texts : this.#labels;
      const every = tally.count === this.#total ? 'every' : 'nearly every';
      return doubt(`${every} ${texts && labels ? 'field' : texts ? 'text' : 'label'} is in quotes`, tally);
    }
    if (!this.#isMost(this.#doubled, few)) return [];
    const { count } = this.#doubled;
    const what = count === 1 ? '1 text is in quotes and has' : `${count} texts are in quotes and have`;
    return doubt(`${what} doubled quotes inside`, this.#doubled);
  }

  #isMost({ count }: Tally<Example>, share: number): boolean {
    return count > 0 && count >= share * this.#total;
  }
}

function isQuoted(field: string): boolean {
  return field.length >= 2 && field.charCodeAt(0) === quote && field.charCodeAt(field.length - 1) === quote;
}

function hasDoubledQuotes(quoted: string): boolean {
  const inside = quoted.slice(1, -1);
  return inside.includes('""') && !inside.replaceAll('""', '').includes('"');
}
