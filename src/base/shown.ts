import { inspect } from 'node:util';

const longest = 100;

/** A value as a message shows it, whatever it is: on one line, and cut where it is long. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = inspect(value, { depth: 1, breakLength: Infinity });
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
