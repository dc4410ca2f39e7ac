import { onFirstUse } from '../../../base/on-first-use.js';
import { apart, hard, regular, respelled } from './exceptions.js';
import { seam } from './spelling.js';

/** Letters of a word that are read as if they were spelled otherwise. */
interface Exception {
  /** Letters that make the word an exception. */
  readonly written: string;
  /** How many of them are replaced; those behind are context, and may begin another exception. */
  readonly replaced: number;
  readonly spoken: string;
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

/** Fewest letters of an exception: it is looked up by them. */
const fewestLetters = 3;

const exceptions = onFirstUse(() =>
  indexed([
    ...hard.map((written) => exception(written, written.replace(/(?<=[dtn])(?=[ií])/gu, seam))),
    ...apart.map((spoken) => exception(spoken.replace(seam, ''), spoken)),
    ...regular.map((written) => exception(written, written)),
    ...respelled.map(([written, spoken]) => exception(written, spoken)),
  ]),
);

/**
 * Spells a Czech word the way it is read where that differs from its letters: politika → polit|ika, nauka → na|uka,
 * existence → egzistence. Of several exceptions at one place the longest counts.
 */
export function respell(word: string): string {
  let spelling = '';
  let copied = 0;
  let place = 0;
  while (place + fewestLetters <= word.length) {
    const found = exceptionAt(word, place);
    if (found === undefined) {
      place++;
      continue;
    }
    spelling += word.slice(copied, place) + found.spoken;
    place += found.replaced;
    copied = place;
  }
  return spelling + word.slice(copied);
}

function exceptionAt(word: string, place: number): Exception | undefined {
  return exceptions()
    .get(key(word, place))
    ?.find(
      ({ written, atStart, atEnd }) =>
        word.startsWith(written, place) &&
        (!atStart || isStart(word, place)) &&
        (!atEnd || place + written.length === word.length),
    );
}

/** Whether a word begins here, or what is left of it without ne-, nej- and nejne-. */
function isStart(word: string, place: number): boolean {
  if (place === 0) return true;
  if (place === 2) return word.startsWith('ne');
  if (place === 3) return word.startsWith('nej');
  return place === 5 && word.startsWith('nejne');
}

/** A number for three letters; others can have the same, which only costs a comparison. */
function key(word: string, place: number): number {
  return (word.charCodeAt(place) << 18) ^ (word.charCodeAt(place + 1) << 9) ^ word.charCodeAt(place + 2);
}

/**
 * @param marked letters that make the exception, with ^ at the start and $ at the end of a word
 * @param spoken the same letters as they are read; marks don't count
 */
function exception(marked: string, spoken: string): Exception {
  const written = marked.replace(/[$^]/gu, '');
  const read = spoken.replace(/[$^]/gu, '');
  const kept = read === written ? 0 : sharedEnd(written, read);
  return {
    written,
    replaced: written.length - kept,
    spoken: read.slice(0, read.length - kept),
    atStart: marked.startsWith('^'),
    atEnd: marked.endsWith('$'),
  };
}

/** How many letters two words have in common at their ends. */
function sharedEnd(a: string, b: string): number {
  let shared = 0;
  while (shared < a.length && a.at(-1 - shared) === b.at(-1 - shared)) shared++;
  return shared;
}

function indexed(all: readonly Exception[]): ReadonlyMap<number, readonly Exception[]> {
  const index = new Map<number, Exception[]>();
  for (const one of all.toSorted((a, b) => b.written.length - a.written.length)) {
    const sameKey = index.get(key(one.written, 0));
    if (sameKey === undefined) index.set(key(one.written, 0), [one]);
    else sameKey.push(one);
  }
  return index;
}
