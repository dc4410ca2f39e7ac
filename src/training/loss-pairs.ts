import { at } from '../base/at.js';
import { AdvError } from '../base/errors.js';
import type { LossRow } from './loss-file.js';

/** Losses of two models on the same examples. */
export interface LossPairs {
  /** a[i] and b[i] are losses of one example. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** Of the same examples. */
  readonly labels: readonly string[];
  /** Whether each predicts the label of the same examples. */
  readonly rightA: readonly boolean[];
  readonly rightB: readonly boolean[];
  /** Examples of each that the other lacks. */
  readonly leftOut: { readonly a: number; readonly b: number };
}

/** How few pairs a t-test takes. */
const fewestPairs = 2;

/**
 * Pairs the losses of two models by text and label, whatever the order of the rows, in the order of `a`. Of a text that
 * occurs several times, the k-th row of one goes with the k-th of the other: which goes with which is all the same, because
 * one model gives them one loss.
 *
 * @param options.common leaves out examples that only one of the two has, instead of refusing them
 * @throws AdvError DATA_MALFORMED, with counts and an example of each side, when one has an example that the other lacks,
 *   or there are fewer than two pairs
 */
export function pairLosses(
  a: readonly LossRow[],
  b: readonly LossRow[],
  { common = false }: { readonly common?: boolean | undefined } = {},
): LossPairs {
  const { pairs, onlyA, onlyB } = match(a, b, ({ textHash, label }) => `${textHash} ${label}`);
  const counts = `${pairs.length} in both, ${onlyIn('a', onlyA)} and ${onlyIn('b', onlyB)}`;
  const relabelled = match(onlyA, onlyB, ({ textHash }) => textHash);
  const others = describedRelabelled(relabelled);
  const hint = `Test both models on the same examples: ${whatDiffers(relabelled)}.`;
  if (pairs.length === 0) {
    throw unpaired(
      `expected examples that both have, with the same text and label, got ${counts}${others}`,
      hint,
    );
  }
  if (!common && onlyA.length + onlyB.length > 0) {
    throw unpaired(
      `expected the same texts with the same labels in both, got ${counts}${others}`,
      `${hint} Or leave out with --common what only one of them has.`,
    );
  }
  if (pairs.length < fewestPairs) {
    throw unpaired(`expected at least ${fewestPairs} examples that both have, got ${counts}`, hint);
  }
  return {
    a: Float64Array.from(pairs, ([row]) => row.loss),
    b: Float64Array.from(pairs, ([, row]) => row.loss),
    labels: pairs.map(([{ label }]) => label),
    rightA: pairs.map(([row]) => isRight(row)),
    rightB: pairs.map(([, row]) => isRight(row)),
    leftOut: { a: onlyA.length, b: onlyB.length },
  };
}

const isRight = ({ label, prediction }: LossRow): boolean => label === prediction;

interface Matches {
  readonly pairs: readonly (readonly [LossRow, LossRow])[];
  readonly onlyA: readonly LossRow[];
  readonly onlyB: readonly LossRow[];
}

/** Pairs rows of the same key, the k-th of one with the k-th of the other. */
function match(a: readonly LossRow[], b: readonly LossRow[], keyOf: (row: LossRow) => string): Matches {
  const waiting = new WaitingPlaces(b.map(keyOf));
  const pairs: (readonly [LossRow, LossRow])[] = [];
  const onlyA: LossRow[] = [];
  const paired = new Uint8Array(b.length);
  for (const row of a) {
    const place = waiting.take(keyOf(row));
    if (place === undefined) {
      onlyA.push(row);
      continue;
    }
    pairs.push([row, at(b, place)]);
    paired[place] = 1;
  }
  return { pairs, onlyA, onlyB: b.filter((_, place) => paired[place] === 0) };
}

/** The places of each key, which are taken one by one from the first. */
class WaitingPlaces {
  readonly #first = new Map<string, number>();
  /** Leads from a place to the next one of its key, or to the end: a list for each key would take far more memory. */
  readonly #next: Int32Array;

  constructor(keys: readonly string[]) {
    this.#next = new Int32Array(keys.length);
    for (let place = keys.length - 1; place >= 0; place--) {
      const key = at(keys, place);
      this.#next[place] = this.#first.get(key) ?? keys.length;
      this.#first.set(key, place);
    }
  }

  /** @returns undefined when all places of the key are taken */
  take(key: string): number | undefined {
    const place = this.#first.get(key);
    if (place === undefined || place === this.#next.length) return undefined;
    this.#first.set(key, at(this.#next, place));
    return place;
  }
}

function onlyIn(name: string, rows: readonly LossRow[]): string {
  const [first] = rows;
  return `${rows.length} only in ${name}${first === undefined ? '' : ` (such as ${described(first)})`}`;
}

/** Says how many of the rows have the text of one on the other side, under another label then. */
function describedRelabelled({ pairs }: Matches): string {
  const [first] = pairs;
  if (first === undefined) return '';
  return `; with the same text under another label: ${pairs.length} (such as ${described(first[0])} in a, ${described(first[1])} in b)`;
}

function whatDiffers({ pairs, onlyA, onlyB }: Matches): string {
  if (pairs.length === 0) return 'texts must be the same to the character, white space included';
  return onlyA.length + onlyB.length === 0
    ? 'the texts are the same, and their labels must be so, too'
    : 'labels must be the same, and texts to the character, white space included';
}

function described({ id, label }: LossRow): string {
  return `${id} '${label}'`;
}

function unpaired(message: string, hint: string): AdvError {
  return new AdvError('DATA_MALFORMED', message, hint);
}
