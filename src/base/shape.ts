import { inspect } from 'node:util';
import type { Rule } from './checks.js';

/**
 * Looks at a value that was read from a file.
 *
 * @param place the value's name, for messages
 * @returns what is wrong with it, as "place: expected …, got …"; undefined when nothing is
 */
export type Shape = (value: unknown, place: string) => string | undefined;

/** A value that keeps a rule. */
export function kept(rule: Rule): Shape {
  return (value, place) => (rule.accepts(value) ? undefined : problem(place, rule.expected, value));
}

/** An object with these members; it may have others. */
export function fields(members: Readonly<Record<string, Shape>>): Shape {
  return (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return problem(place, 'an object', value);
    return firstProblem(members, (shape, name) =>
      shape(
        Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined,
        within(place, name),
      ),
    );
  };
}

/** An object of any members, each of one shape. */
export function recordOf(shape: Shape): Shape {
  return (value, place) =>
    fields({})(value, place) ??
    firstProblem(value as Readonly<Record<string, unknown>>, (member, name) =>
      shape(member, within(place, name)),
    );
}

/** A list, each item of one shape. */
export function listOf(shape: Shape): Shape {
  return (value, place) =>
    Array.isArray(value)
      ? firstProblem(value, (item, index) => shape(item, `${place}[${index}]`))
      : problem(place, 'a list', value);
}

/** Null, or a value of a shape. */
export function orNull(shape: Shape): Shape {
  return (value, place) => (value === null ? undefined : shape(value, place));
}

/** A value of a shape, which may be missing. */
export function optional(shape: Shape): Shape {
  return (value, place) => (value === undefined ? undefined : shape(value, place));
}

function firstProblem<Member>(
  members: Readonly<Record<string, Member>> | readonly Member[],
  look: (member: Member, name: string) => string | undefined,
): string | undefined {
  for (const [name, member] of Object.entries(members)) {
    const found = look(member, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function within(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}

function problem(place: string, expected: string, value: unknown): string {
  const got =
    value === undefined ? 'nothing' : inspect(value, { depth: 1, breakLength: Infinity }).slice(0, 200);
  return `${place === '' ? '' : `${place}: `}expected ${expected}, got ${got}`;
}
