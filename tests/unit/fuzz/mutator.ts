import type { Random } from '../../../src/base/random.js';

/** What mutated inputs are made of. */
export interface Corpus<Seed> {
  /** Valid inputs, at least one. Parts of one may come into another. */
  readonly seeds: readonly Seed[];
  /** What has a meaning to the parser, such as separators and signatures: put in at any place. */
  readonly words?: readonly Seed[];
  /** Most changes of one input; four unless said otherwise. Formats of which every byte counts survive fewer. */
  readonly mostChanges?: number;
}

/** Bytes, or the code units of a text. */
type Units = Uint8Array | Uint16Array;

/** A valid input of bytes with one to four changes. The same random numbers give the same bytes. */
export function mutatedBytes(random: Random, corpus: Corpus<Buffer>): Buffer {
  const put = { words: corpus.words ?? [], awkward: numbers };
  const units = mutated(random, corpus.seeds, put, corpus.mostChanges);
  return Buffer.from(units.buffer, units.byteOffset, units.byteLength);
}

/** A valid text with one to four changes, which need not be well-formed UTF-16. */
export function mutatedText(random: Random, { seeds, words = [], mostChanges }: Corpus<string>): string {
  const put = { words: words.map(unitsOf), awkward: hostile };
  const { buffer, byteOffset, byteLength } = mutated(random, seeds.map(unitsOf), put, mostChanges);
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf16le');
}

function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let place = 0; place < text.length; place++) units[place] = text.charCodeAt(place);
  return units;
}

/** What is put into inputs: words of the format, and what is awkward in any. */
interface Put {
  readonly words: readonly Units[];
  readonly awkward: readonly Units[];
}

function mutated<Type extends Units>(
  random: Random,
  seeds: readonly Type[],
  put: Put,
  mostChanges = 4,
): Type {
  const seed = random.pick(seeds);
  // A copy, which slice() of a Buffer would not be.
  let units = joined(seed, seed);
  for (let changes = 1 + random.below(mostChanges); changes > 0; changes--)
    units = random.pick(kinds)(units, random, { seeds, put });
  return units as Type;
}

type Change = (
  units: Units,
  random: Random,
  from: { readonly seeds: readonly Units[]; readonly put: Put },
) => Units;

function something(random: Random, { words, awkward }: Put): Units {
  return random.pick(words.length > 0 && random.below(2) === 0 ? words : awkward);
}

/** One bit of one unit. */
const flip: Change = (units, random) => {
  if (units.length === 0) return units;
  const place = random.below(units.length);
  units[place] = (units[place] ?? 0) ^ (1 << random.below(8 * units.BYTES_PER_ELEMENT));
  return units;
};

/** A unit takes another value. */
const set: Change = (units, random) => {
  if (units.length > 0) units[random.below(units.length)] = random.below(2 ** (8 * units.BYTES_PER_ELEMENT));
  return units;
};

/** A word, or what is awkward, in place of as many units. */
const overwrite: Change = (units, random, { put }) => {
  const word = something(random, put);
  const place = random.below(units.length + 1);
  units.set(word.subarray(0, units.length - place), place);
  return units;
};

const insert: Change = (units, random, { put }) => {
  const place = random.below(units.length + 1);
  return joined(units, units.subarray(0, place), something(random, put), units.subarray(place));
};

const remove: Change = (units, random) => {
  const [start, end] = stretch(units, random);
  return joined(units, units.subarray(0, start), units.subarray(end));
};

const repeat: Change = (units, random) => {
  const [start, end] = stretch(units, random);
  return joined(units, units.subarray(0, end), units.subarray(start));
};

/** A stretch of an input at another place. */
const move: Change = (units, random) => {
  const [start, end] = stretch(units, random);
  const place = random.below(units.length + 1);
  return joined(units, units.subarray(0, place), units.subarray(start, end), units.subarray(place));
};

/** The beginning of one input and the end of another, or of the same from elsewhere. */
const splice: Change = (units, random, { seeds }) => {
  const other = random.pick(seeds);
  return joined(
    units,
    units.subarray(0, random.below(units.length + 1)),
    other.subarray(random.below(other.length + 1)),
  );
};

const cut: Change = (units, random) => units.subarray(0, random.below(units.length + 1));

/** The same digits stand for another number: one that overflows, is negative or none. */
const otherNumber: Change = (units, random, from) => {
  const digits = [...units.keys()].filter((place) => isDigit(units[place]));
  if (digits.length === 0) return flip(units, random, from);
  const start = random.pick(digits);
  let end = start;
  while (isDigit(units[end])) end += 1;
  const number = new Uint8Array(Buffer.from(random.pick(writtenNumbers)));
  return joined(units, units.subarray(0, start), number, units.subarray(end));
};

/** Small changes come more often: after large ones little is as the parser expects it. */
const kinds: readonly Change[] = [
  ...[flip, flip, set, overwrite, overwrite, insert, remove, repeat],
  ...[move, splice, cut, otherNumber],
];

function isDigit(unit: number | undefined): boolean {
  return unit !== undefined && unit >= 0x30 && unit <= 0x39;
}

/** Where a stretch begins and ends: most are short, some go on to the end. */
function stretch(units: Units, random: Random): [start: number, end: number] {
  const start = random.below(units.length + 1);
  const longest = 2 ** random.below(11);
  return [start, Math.min(start + 1 + random.below(longest), units.length)];
}

function joined(like: Units, ...parts: readonly ArrayLike<number>[]): Units {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = like instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length);
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** Numbers at which lengths, counts and offsets go wrong, as fields of one to eight bytes, either end first. */
const numbers: readonly Buffer[] = [1, 2, 4, 8].flatMap((bytes) => {
  const bits = BigInt(8 * bytes);
  const top = 1n << (bits - 1n);
  const edges = [0n, 1n, -1n, top, top - 1n, 1n << (bits / 2n), top / 2n];
  return edges.flatMap((edge) => {
    const little = Buffer.alloc(8);
    little.writeBigUInt64LE(BigInt.asUintN(64, edge));
    const field = little.subarray(0, bytes);
    return [field, Buffer.from(field).reverse()];
  });
});

const writtenNumbers = [
  ...['0', '-1', '1e999', '0.5', '4294967296', '9007199254740993', '9'.repeat(400), 'NaN', ''],
];

/** What text is rarely tested with, bars between: half pairs, marks without a base, joiners, directions, controls, other digits. */
const hostile: readonly Uint16Array[] = [
  ...'\ud800|\udfff|\udc00\ud83d|\u0301'.split('|'),
  '\u0301'.repeat(60),
  ...'\u200d|\ufe0f|\u20e3|\ufeff|\0|\b|\u0085|\u2028|\u00a0|\u202e|\u061c|\u00ad|\ufffd'.split('|'),
  ...'\uffff|\u{e0001}|👩‍👩‍👧‍👦|🇨🇿|🇨|👍🏽|\u{10ffff}|ﷺ|ﬁ|İ|ß|Ǆ|ﬃ|각|क्षि|\u1100|กำ|٣|²|½|\'|"|<|&'.split('|'),
  ...'&amp;|&#x|http://|www.|@|#|:-)|:|...|--|1,000.5|a.b.|\\|%'.split('|'),
].map(unitsOf);
