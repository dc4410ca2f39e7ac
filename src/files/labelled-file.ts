import { AdvError } from '../base/errors.js';
import { at } from '../base/at.js';
import { isBlank } from '../text/blank.js';
import type { ExampleGroups } from '../text/example-groups.js';
import { Growing } from '../base/growing.js';
import type { LabelRule } from './label-rule.js';
import type { MalformedLines } from './malformed.js';
import { compareCodePoints } from '../base/order.js';
import type { EmptyRows } from './empty-rows.js';
import { shortened } from './columns.js';
import { formatOf, formHints } from './format.js';
import { HeaderDoubt, headerError, namesColumns, type FirstLine } from './header.js';
import { readRecords } from './read.js';
import type { DataForm, FileRecord } from './record.js';
import { withPauses } from '../base/streaming.js';
import type { Example } from '../text/types.js';

/** A file of labelled texts and how it is read. */
export interface LabelledFile {
  readonly path: string;
  /** Its form and its columns; what is left out follows from the file's name. */
  readonly form?: DataForm | undefined;
  /** Name of the split, the first part of every example's id. */
  readonly split: string;
  readonly rule: LabelRule;
  readonly malformed: MalformedLines;
  /** Counts rows that are wholly empty. */
  readonly emptyRows?: EmptyRows | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The classes of a file and the class of each of its well-formed lines, in order: all that a draw needs. */
export interface LabelScan {
  /** Sorted by code point. */
  readonly names: readonly string[];
  /** Place in `names` of each example's label. */
  readonly labels: Int16Array;
}

/** Takes the examples of a file while it is read for something else. */
export interface ExampleObserver {
  add(example: Example): void;
}

/** Most classes of a file: above it, text and label have most likely changed places. */
const mostClasses = 1000;

/**
 * Streams the examples of a labelled file; blanks around a label don't count. Malformed records go to `malformed`, empty rows to
 * `emptyRows`. An example's id is "split:number", so it is the same in every run on this file.
 *
 * @param onFirstLine is given the first line where a header cannot be told from data, before its example comes; unless it says
 * otherwise, a line that looks like one is refused when its label is none of the rule's
 * @throws AdvError, while iterating, DATA_MISSING when the file cannot be read; DATA_MALFORMED when `malformed` stops at a
 * record, a column is missing, the first line looks like a header, there is no record or the file is damaged; USAGE when the form's
 * options contradict each other; INTERRUPTED
 */
export async function* readExamples(
  file: LabelledFile,
  onFirstLine: (line: FirstLine) => void = (line) => {
    requireExample(line, file);
  },
): AsyncGenerator<Example, void, undefined> {
  const { path, form, split, rule, malformed, emptyRows, signal } = file;
  const asked = form?.header === false ? undefined : onFirstLine;
  const records = readRecords(path, form, { signal, onFirstLine: asked });
  for await (const record of withPauses(records, signal)) {
    if ('empty' in record) {
      emptyRows?.add(path, record.number);
      continue;
    }
    const checked = check(record, rule);
    if (typeof checked === 'string') malformed.report(path, record.number, checked);
    else yield { id: `${split}:${record.number}`, ...checked };
  }
}

function requireExample(line: FirstLine, { path, rule }: LabelledFile): void {
  if (rule.accept(line.label.trim()) === undefined && namesColumns(line)) throw headerError(path, line);
}

/** Text and class of a record, or what is wrong with it. */
function check(
  record: Exclude<FileRecord, { empty: true }>,
  rule: LabelRule,
): { text: string; label: string } | string {
  if ('problem' in record) return record.problem;
  const { text } = record;
  if (isBlank(text)) return 'empty text';
  const written = record.label.trim();
  if (written === '') return 'empty label';
  if (/[\t\n\r]/.test(written)) return 'label with a tab or a line break in it';
  const label = rule.accept(written);
  return label === undefined
    ? `unknown label '${shortened(written)}', expected ${rule.expected}${rule.like?.(written) ?? ''}`
    : { text, label };
}

/**
 * Reads a labelled file once for its labels, in a few bytes an example.
 *
 * @param into.survey takes the examples, where doubts about them are wanted
 * @param into.groups takes the texts, where it matters which are equal
 * @throws AdvError DATA_MALFORMED when it has no example or more than 1000 classes, or its first line looks like a header
 */
export async function scanLabels(
  file: LabelledFile,
  into: { readonly survey?: ExampleObserver | undefined; readonly groups?: ExampleGroups | undefined } = {},
): Promise<LabelScan> {
  const seen = new Map<string, number>();
  const ids = new Growing(mostClasses);
  const doubt = new HeaderDoubt();
  const takeFirst = (line: FirstLine): void => {
    doubt.begin(line);
  };
  for await (const example of readExamples(file, takeFirst)) {
    const { text, label } = example;
    doubt.add(text, label);
    into.survey?.add(example);
    into.groups?.add(text);
    const id = seen.get(label) ?? seen.size;
    if (id === mostClasses) throw tooManyClasses(file);
    if (id === seen.size) seen.set(label, id);
    ids.push(id);
  }
  if (doubt.header !== undefined) throw headerError(file.path, doubt.header);
  if (ids.length === 0) throw noExamples(file);
  const names = [...seen.keys()].sort(compareCodePoints);
  const places = [...seen.keys()].map((name) => names.indexOf(name));
  return { names, labels: Int16Array.from(ids.view(), (id) => at(places, id)) };
}

/**
 * Reads a labelled file to its end for its form, and gives none of it away.
 *
 * @param survey takes the examples, where doubts about them are wanted
 * @throws AdvError DATA_MALFORMED when a record is malformed and the policy says stop, or when there is no example
 */
export async function checkForm(file: LabelledFile, survey?: ExampleObserver): Promise<void> {
  let isEmpty = true;
  for await (const example of readExamples(file)) {
    survey?.add(example);
    isEmpty = false;
  }
  if (isEmpty) throw noExamples(file);
}

/** The error for a file all of whose records were left out; one without records is none. */
function noExamples({ path, form, malformed }: LabelledFile): AdvError {
  return new AdvError(
    'DATA_MALFORMED',
    `${path}: no example is well-formed; the first: ${malformed.firstOf(path) ?? 'none'}`,
    formHints[form?.format ?? formatOf(path)],
  );
}

function tooManyClasses({ path }: LabelledFile): AdvError {
  return new AdvError(
    'DATA_MALFORMED',
    `${path}: expected at most ${mostClasses} classes, got more different labels`,
    'Check that text and label have not changed places, or that --label-column names the right column.',
  );
}
