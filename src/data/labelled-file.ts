import { AdvError } from '../errors.js';
import { at } from './at.js';
import { Growing } from './growing.js';
import type { MalformedLines } from './malformed.js';
import { compareCodePoints } from './order.js';
import { drain, withPauses } from './streaming.js';
import { readLabelledLines, type LabelRule } from './tsv.js';
import type { Example } from './types.js';

/** A `text<TAB>label` file and how it is read. */
export interface LabelledFile {
  readonly path: string;
  /** Name of the split, the first part of every example's id. */
  readonly split: string;
  readonly rule: LabelRule;
  readonly malformed: MalformedLines;
  readonly signal: AbortSignal | undefined;
}

/** The classes of a file and the class of each of its well-formed lines, in order: all that a draw needs. */
export interface LabelScan {
  /** Sorted by code point. */
  readonly names: readonly string[];
  /** Place in `names` of each example's label. */
  readonly labels: Int16Array;
}

/** Most classes of a file: above it, text and label have most likely changed places. */
const mostClasses = 1000;

/**
 * Streams the examples of a labelled file. An example's id is "split:line", so it is the same in every run on this file.
 *
 * @param wanted 1 for each well-formed line to give, 0 for the others; all when absent
 */
export async function* readExamples(
  { path, split, rule, malformed, signal }: LabelledFile,
  wanted?: Uint8Array,
): AsyncGenerator<Example, void, undefined> {
  let place = 0;
  for await (const { number, text, label } of withPauses(readLabelledLines(path, rule, malformed), signal)) {
    if (wanted === undefined || wanted[place] === 1) yield { id: `${split}:${number}`, text, label };
    place++;
  }
}

/**
 * Reads a labelled file once for its labels, in a few bytes an example.
 *
 * @throws AdvError DATA_MALFORMED when it has no example or more than 1000 classes
 */
export async function scanLabels(file: LabelledFile): Promise<LabelScan> {
  const seen = new Map<string, number>();
  const ids = new Growing(mostClasses);
  for await (const { label } of readExamples(file)) {
    const id = seen.get(label) ?? seen.size;
    if (id === mostClasses) throw tooManyClasses(file);
    if (id === seen.size) seen.set(label, id);
    ids.push(id);
  }
  if (ids.length === 0) throw noExamples(file);
  const names = [...seen.keys()].sort(compareCodePoints);
  const places = [...seen.keys()].map((name) => names.indexOf(name));
  return { names, labels: Int16Array.from(ids.view(), (id) => at(places, id)) };
}

/**
 * Reads a labelled file to its end for its form alone, and gives none of it away.
 *
 * @throws AdvError DATA_MALFORMED when a line is malformed and the policy says stop, or when there is no example
 */
export async function checkForm(file: LabelledFile): Promise<void> {
  const examples = readExamples(file);
  if ((await examples.next()).done) throw noExamples(file);
  await drain(examples);
}

function noExamples({ path, split, malformed }: LabelledFile): AdvError {
  const [first] = malformed.skipped.filter((place) => place.startsWith(`${path}:`));
  return new AdvError(
    'DATA_MALFORMED',
    first === undefined
      ? `${path}: the file is empty, expected lines of text<TAB>label for the ${split} split`
      : `${path}: no line is well-formed; the first: ${first}`,
    'Write one example a line: the text, a tab, its label.',
  );
}

function tooManyClasses({ path }: LabelledFile): AdvError {
  return new AdvError(
    'DATA_MALFORMED',
    `${path}: expected at most ${mostClasses} classes, got more different labels`,
    'The order in a line is text, tab, label: check that they have not changed places.',
  );
}
