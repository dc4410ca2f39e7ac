import type { Warning } from '../../base/warnings.js';
import { isHighSurrogate } from '../../text/code-points.js';
import type { SplitName } from '../split-names.js';
import type { Example } from '../../text/types.js';

/** Something that is likely wrong with data: training warns of it, and an audit shows it as a finding. */
export interface Doubt extends Warning {
  /** The splits that show it, in the order in which they are read. */
  readonly splits: readonly SplitName[];
  /** How many examples, or classes, show it. */
  readonly count: number;
  /** Their share of the examples, or classes, of the last of `splits`, 0 to 1. */
  readonly share: number;
  /** Some that show it; of their texts the start. */
  readonly examples: readonly Example[];
}

/** Warnings as a run records them. */
export function warningsOf(doubts: readonly Doubt[]): Warning[] {
  return doubts.map(({ code, message }) => ({ code, message }));
}

/** UTF-16 units of a text that are kept. */
const kept = 400;

/** An example of which little stays in memory, whatever the length of its text. */
export function shortExample({ id, text, label }: Example): Example {
  return { id, text: startOfText(text, kept), label: startOfText(label, kept) };
}

/**
 * The start of a text as a string of its own: one cut out of a longer one would keep the whole longer one in memory.
 *
 * @param length most UTF-16 units; half of a surrogate pair at the end is left out
 */
export function startOfText(text: string, length: number): string {
  const cut = text.length > length && isHighSurrogate(text.charCodeAt(length - 1)) ? length - 1 : length;
  return Buffer.from(text.slice(0, cut), 'utf16le').toString('utf16le');
}
