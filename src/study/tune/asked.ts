import { isDeepStrictEqual } from 'node:util';
import { packageVersion } from '../../base/package.js';
import { AdvError } from '../../base/errors.js';
import { parseJson } from '../../base/json.js';
import { choice, integer, number, text, type Rule } from '../../base/rules.js';
import { checked, closed, kept, listOf, orNull, type Kept } from '../../base/schema.js';
import { trainOptions } from '../../recipe/table.js';
import { anyOptions } from '../study-folder.js';
import { budgetRule } from './budget.js';
import type { Ranges } from './options.js';

/** Version of the layout of a tune folder. */
const tuneFormat = 1;

const rangesRule: Rule<Ranges> = {
  expected: 'an object of ranges by the names of options',
  accepts: (value): value is Ranges =>
    typeof value === 'object' && value !== null && Object.values(value).every((one) => text.accepts(one)),
};

const whole = kept(integer(1));

const askedSchema = closed({
  format: kept(integer(tuneFormat, tuneFormat)),
  /** Of advnative. */
  version: kept(text),
  /** What every trial is told; paths are absolute. */
  options: kept(anyOptions),
  /** Of a search, what options may be; of a sweep, the values that they have in turn. */
  space: kept(rangesRule),
  method: kept(choice('successive halving', 'sweep')),
  /** Of a sweep: seeds of each value, from that of the options on. */
  seeds: orNull(whole),
  /** Of a search, as it was last told. */
  budget: orNull(kept(budgetRule)),
  dataset: kept(text),
  /** What trial 1 of a search has of the options of the space. */
  defaults: kept(anyOptions),
  /** Epochs of a whole training with the defaults. */
  epochs: whole,
  /** What the best epoch of a trial is selected by. */
  select: kept(trainOptions.select.rule),
  /** Shares of all epochs, 1 / divisor, after which trials are compared. */
  divisors: listOf(whole),
  /** Of its trials one in so many goes on from a rung. */
  eta: kept(number('a number above 1', (value) => value > 1)),
  testPart: kept(choice('not read')),
  /** Of a search: the trials of each round after trial 1; how many fit into a budget of time is measured once and kept. */
  rounds: listOf(whole),
});

/** tune.json: what was asked, and what has been decided of it. */
export interface Asked extends Kept<typeof askedSchema> {}

/** With the versions of this layout and of this package. */
export const makeAsked = (asked: Omit<Asked, 'format' | 'version' | 'testPart'>): Asked => ({
  format: tuneFormat,
  version: packageVersion,
  ...asked,
  testPart: 'not read',
});

export const askedText = (asked: Asked): string => `${JSON.stringify(asked, null, 2)}\n`;

/** @throws AdvError RUN_DIRECTORY that says what is wrong where */
export function parseAsked(path: string, content: string): Asked {
  const wrong = (problem: string): AdvError =>
    new AdvError(
      'RUN_DIRECTORY',
      `${path} is damaged: ${problem}`,
      'Restore it from a copy, or choose another --out.',
    );
  return checked(askedSchema, parseJson(content, wrong), wrong);
}

/** Whether two ask for the same, whatever the budget. */
export function isSameAsked(one: Asked, other: Asked): boolean {
  const core = ({ options, space, method, seeds }: Asked): unknown =>
    JSON.parse(JSON.stringify({ options, space, method, seeds }));
  return isDeepStrictEqual(core(one), core(other));
}
