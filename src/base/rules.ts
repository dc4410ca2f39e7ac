/** What a value may be, and the words for it. */
export interface Rule<Value = unknown> {
  /** "an integer from 1 to 9", to follow "expected". */
  readonly expected: string;
  accepts(value: unknown): value is Value;
  /**
   * What text that was typed means, after what the option meant before where it is given again. Text that means nothing stays text, so
   * that a message can show it. Itself when left out.
   */
  readonly typed?: (text: string, before?: unknown) => unknown;
  /** A value as a message shows it, near to how it is typed; undefined where it is no such value. As a program writes it when left out. */
  readonly shown?: (value: unknown) => string | undefined;
}

/** An integer in [min, max]. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Rule<number> {
  return {
    expected: `an integer from ${min} to ${max}`,
    accepts: (value): value is number => Number.isSafeInteger(value) && inRange(value as number, min, max),
    typed: numeric,
  };
}

/** An integer of at least `min` that the engine holds in 32 bits. */
export const int32 = (min: number): Rule<number> => integer(min, 2 ** 31 - 1);

/** A finite number for which `holds` is true; `expected` describes it. */
export function number(expected: string, holds: (value: number) => boolean): Rule<number> {
  return {
    expected,
    accepts: (value): value is number => typeof value === 'number' && Number.isFinite(value) && holds(value),
    typed: numeric,
  };
}

/** The least and the largest size of a number other than 0 that the engine's 32-bit float holds: denormals are 0 to it. */
const leastFloat = 2 ** -126;
const largestFloat = (2 - 2 ** -23) * 2 ** 127;

/**
 * A number of the engine for which `holds` is true. One that 32-bit float makes 0 or infinite is refused: it would say
 * something else there than it does here.
 */
export function float(expected: string, holds: (value: number) => boolean): Rule<number> {
  return number(expected, (value) => {
    const size = Math.abs(value);
    return (size === 0 || inRange(size, leastFloat, largestFloat)) && holds(value);
  });
}

/** One of a few strings. */
export function choice<const Value extends string>(...values: readonly Value[]): Rule<Value> {
  return {
    expected: values.length === 1 ? `'${values.join('')}'` : `one of ${values.join(', ')}`,
    accepts: (value): value is Value => (values as readonly unknown[]).includes(value),
  };
}

/** Any string. */
export const anyText: Rule<string> = {
  expected: 'a string',
  accepts: (value) => typeof value === 'string',
};

/** Any string or number. */
export const textOrNumber: Rule<string | number> = {
  expected: 'a string or a number',
  accepts: (value) => typeof value === 'string' || typeof value === 'number',
};

/** A finite number. */
export const anyNumber = number('a finite number', () => true);

/** A string that is not empty. */
export const text: Rule<string> = {
  expected: 'a string that is not empty',
  accepts: (value): value is string => typeof value === 'string' && value !== '',
};

/** How lists are typed, with commas, and shown. */
export const withCommas = {
  typed: (typed) => typed.split(',').map((part) => part.trim()),
  shown: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((one) => text.accepts(one))
      ? value.join(', ')
      : undefined,
} as const satisfies Pick<Rule, 'typed' | 'shown'>;

/** A list of strings that are not empty, at least one; `what` names them. */
export function list(what: string): Rule<readonly string[]> {
  return {
    expected: `a list of ${what}`,
    accepts: (value): value is string[] =>
      Array.isArray(value) && value.length > 0 && value.every((one) => text.accepts(one)),
    ...withCommas,
  };
}

/** The same, where the option is given once for each of them. */
export function repeated(what: string): Rule<readonly string[]> {
  return { ...list(what), typed: (one, before = []) => [...(before as string[]), one] };
}

/** True or false. */
export const flag: Rule<boolean> = {
  expected: 'true or false',
  accepts: (value) => typeof value === 'boolean',
};

/** The number that text means; text that is none stays text. */
export function numeric(typed: string): unknown {
  const value = Number(typed);
  return typed.trim() === '' || Number.isNaN(value) ? typed : value;
}

function inRange(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
