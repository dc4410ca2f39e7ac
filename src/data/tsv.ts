import { readLines } from './lines.js';
import type { MalformedLines } from './malformed.js';

/** A well-formed line of a labelled file. */
export interface LabelledLine {
  /** Line number from 1. */
  readonly number: number;
  readonly text: string;
  readonly label: string;
}

/** Which labels a file may have. */
export interface LabelRule {
  /** The class that a written label stands for, or undefined when it is not allowed. */
  accept(written: string): string | undefined;
  /** What is allowed, to follow "expected". */
  readonly expected: string;
}

/** Takes every label as it is written. */
export const anyLabel: LabelRule = { accept: (written) => written, expected: 'any label' };

const labelsShown = 20;

/**
 * Takes the given labels only.
 *
 * @param canonical turns other spellings of a label into the usual one
 */
export function oneOf(
  labels: readonly string[],
  canonical: (written: string) => string = (written) => written,
): LabelRule {
  const known = new Set(labels);
  const more = labels.length > labelsShown ? `, … (${labels.length} in all)` : '';
  return {
    accept: (written) => {
      const label = canonical(written);
      return known.has(label) ? label : undefined;
    },
    expected: `one of ${labels.slice(0, labelsShown).join(', ')}${more}`,
  };
}

/**
 * Streams the well-formed lines of a `text<TAB>label` file without header; blanks around the label don't count.
 * Malformed lines go to `malformed`.
 *
 * @throws AdvError DATA_MISSING when the file cannot be read, DATA_MALFORMED when `malformed` stops at a line
 */
export async function* readLabelledLines(
  file: string,
  rule: LabelRule,
  malformed: MalformedLines,
): AsyncGenerator<LabelledLine, void, undefined> {
  for await (const line of readLines(file)) {
    const parsed = 'problem' in line ? line.problem : parseLine(line.text, rule);
    if (typeof parsed === 'string') malformed.report(file, line.number, parsed);
    else yield { number: line.number, ...parsed };
  }
}

/** Text and label of a line, or what is wrong with it. */
function parseLine(line: string, rule: LabelRule): { text: string; label: string } | string {
  const tab = line.indexOf('\t');
  if (isBlank(line)) return 'empty line, expected text<TAB>label';
  if (tab < 0) return 'no tab, expected text<TAB>label';
  const text = line.slice(0, tab);
  const written = line.slice(tab + 1);
  if (written.includes('\t')) {
    return `${line.split('\t').length - 1} tabs, expected exactly one between text and label`;
  }
  if (isBlank(text)) return 'empty text before the tab';
  if (isBlank(written)) return 'empty label after the tab';
  const label = rule.accept(written.trim());
  return label === undefined
    ? `unknown label '${written.trim()}', expected ${rule.expected}`
    : { text, label };
}

function isBlank(text: string): boolean {
  return !/\S/.test(text);
}
