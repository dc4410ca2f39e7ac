import { inspect } from 'node:util';

const longest = 100;

/** A value as a message shows it, whatever it is: on one line, and cut where it is long. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  return shortened(inspect(value, { depth: 1, breakLength: Infinity }));
}

/** Text that a message shows, cut where it is long. */
export function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
