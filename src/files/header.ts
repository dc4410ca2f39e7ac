import { AdvError } from '../base/errors.js';
import { shellQuoted } from '../base/storage/shell-path.js';

/** The first line of a file whose lines are text and label: it may be an example, or name the columns. */
export interface FirstLine {
  readonly text: string;
  readonly label: string;
}

/**
 * What columns of texts and of labels are called, in lower case, and what pandas calls one without a name; `review_text` and `Text1` are
 * found by their parts.
 */
const textNames = new Set(
  (
    'text texts texto texte sentence sentences review reviews content contents comment comments tweet tweets message messages ' +
    'title headline body document documents doc utterance question query description post posts abstract article phrase snippet ' +
    'input premise summary sms email transcript unnamed'
  ).split(' '),
);
const labelNames = new Set(
  (
    'label labels class classes category categories target targets sentiment sentiments polarity rating ratings score scores star ' +
    'stars topic topics intent emotion tag tags type y gold annotation lang language genre output answer'
  ).split(' '),
);

/** Longest name of a column, in characters and in words: longer ones are texts. */
const longestName = 40;
const mostWords = 3;
/** Fewest other examples that tell enough of a file without names that are known. */
const fewestWithOneName = 10;
const fewestWithoutNames = 20;
/** Largest share of texts of one word in a file whose first text, of one word, is no example. */
const mostSingleWords = 0.05;

/** Of what a name consists in any language. */
const plainName = /^\p{L}[\p{L}\p{M}\p{N}\s_.-]*$/u;
/** A mark that some put behind a name: `is_positive?`. */
const markBehind = /[?*:;]$/;

function unquoted(field: string): string {
  return field.trim().replace(/^(["'])(.*)\1$/, '$2');
}

/** The words of what is short enough for a name, in lower case: `"Gold_Label1 (0/1)"` has gold and label. */
function partsOf(field: string): string[] | undefined {
  const name = unquoted(field);
  if (name.length > longestName) return undefined;
  const parts = name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{M}]+/u)
    .filter((part) => part !== '');
  return parts.length <= mostWords ? parts : undefined;
}

/** Whether a field has the words of a column's name, whatever stands between and around them. */
function isNamed(field: string, names: ReadonlySet<string>): boolean {
  return partsOf(field)?.some((part) => names.has(part)) === true;
}

/** Whether a field could be a name that is not known. */
function isPlainName(field: string): boolean {
  return plainName.test(unquoted(field)) && partsOf(field) !== undefined;
}

function isSingleWord(field: string): boolean {
  return isPlainName(field) && !/\s/.test(field.trim());
}

function isNumber(field: string): boolean {
  return field.trim() !== '' && Number.isFinite(Number(field));
}

/** Which field has the name of a column of texts, when the other has one of labels. */
function namedInOrder({ text, label }: FirstLine): 'text first' | 'label first' | undefined {
  if (isNamed(text, textNames) && isNamed(label, labelNames)) return 'text first';
  return isNamed(text, labelNames) && isNamed(label, textNames) ? 'label first' : undefined;
}

/** Whether one field has a name of a column and the other could be one. */
function isHalfNamed({ text, label }: FirstLine): boolean {
  const known = [textNames, labelNames].some((names) => isNamed(text, names) || isNamed(label, names));
  return known && [text, label].every((field) => isSingleWord(field.trim().replace(markBehind, '')));
}

/** Whether the first line of a file names its columns, where its label is none that the file may have. */
export function namesColumns(line: FirstLine): boolean {
  return namedInOrder(line) !== undefined || isHalfNamed(line);
}

/** Whether among the fields of a first line of any form are the name of a column of texts and that of another one of labels. */
export function nameColumns(fields: readonly string[]): boolean {
  const text = fields.findIndex((field) => isNamed(field, textNames));
  return text >= 0 && fields.some((field, place) => place !== text && isNamed(field, labelNames));
}

/**
 * Tells from a whole file whether its first line names the columns. It does when its label stands beside no other text, both fields
 * can be names, and
 *
 * - both are names that columns of texts and labels have, such as `#text` and `label (0/1)`, or
 * - every other label is a number and this one is not, or
 * - there are at least two other labels, each with two examples or more, and one of the fields is such a name, beside at least 10 other
 *   examples, or neither is, but of at least 20 other texts at most one in twenty is a single word as the first is.
 *
 * A class of a single example, which could neither be learnt nor validated, is all that a wrong answer costs, and `header: false` mends it.
 */
export class HeaderDoubt {
  #first: FirstLine | undefined;
  readonly #counts = new Map<string, number>();
  #others = 0;
  #singleWords = 0;
  #numbersOnly = true;

  /** Takes the first line of a file; without it, or where it can't be a header, there is no doubt. */
  begin(line: FirstLine): void {
    const { text, label } = line;
    const couldName = namesColumns(line) || (isPlainName(text) && isPlainName(label));
    this.#first = couldName ? { text, label: label.trim() } : undefined;
  }

  /** Takes an example of the file; one like the first line, which joined files have further ones of, tells nothing. */
  add(text: string, label: string): void {
    if (this.#first === undefined) return;
    if (label === this.#first.label) {
      if (text !== this.#first.text) this.#first = undefined;
      return;
    }
    this.#others++;
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
    if (!isNumber(label)) this.#numbersOnly = false;
    if (isSingleWord(text)) this.#singleWords++;
  }

  /** The first line, where it names the columns, once all examples have been added. */
  get header(): FirstLine | undefined {
    return this.#first !== undefined && this.#isHeader(this.#first) ? this.#first : undefined;
  }

  #isHeader(first: FirstLine): boolean {
    if (namedInOrder(first) !== undefined) return true;
    if (this.#others < 2) return false;
    if (this.#numbersOnly) return true;
    if (this.#counts.size < 2 || [...this.#counts.values()].some((count) => count < 2)) return false;
    if (isHalfNamed(first)) return this.#others >= fewestWithOneName;
    return (
      isSingleWord(first.text) &&
      isSingleWord(first.label) &&
      this.#others >= fewestWithoutNames &&
      this.#singleWords <= mostSingleWords * this.#others
    );
  }
}

/** The error for a file whose first line names its columns, though nobody said so. */
export function headerError(file: string, line: FirstLine): AdvError {
  const [first, second] = [line.text.trim(), line.label.trim()];
  const [text, label] = namedInOrder(line) === 'label first' ? [second, first] : [first, second];
  return new AdvError(
    'DATA_MALFORMED',
    `${file}: expected text<TAB>label, got a first line that looks like a header: '${first}' and '${second}'`,
    `Name the columns with --text-column ${shellQuoted(text)} --label-column ${shellQuoted(label)}, or give --no-header if the line is an example.`,
  );
}
