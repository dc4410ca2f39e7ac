import { inspect } from 'node:util';
import { AdvError } from './errors.js';

/** Says what a value should be, and whether it is. */
export interface Rule {
  /** "an integer of at least 1", to follow "expected". */
  readonly expected: string;
  accepts(value: unknown): boolean;
}

/** An integer in [min, max]. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Rule {
  return {
    expected:
      max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  };
}

/** A finite number for which `holds` is true; `expected` describes it. */
export function number(expected: string, holds: (value: number) => boolean): Rule {
  return {
    expected,
    accepts: (value) => typeof value === 'number' && Number.isFinite(value) && holds(value),
  };
}

/** The least and the largest size of a number other than 0 that the engine's 32-bit float holds: denormals are 0 to it. */
const leastFloat = 2 ** -126;
const largestFloat = (2 - 2 ** -23) * 2 ** 127;

/**
 * A number of the engine for which `holds` is true. One that 32-bit float makes 0 or infinite is refused: it would say
 * something else there than it does here.
 */
export function float(expected: string, holds: (value: number) => boolean): Rule {
  return number(expected, (value) => {
    const size = Math.abs(value);
    return (size === 0 || (size >= leastFloat && size <= largestFloat)) && holds(value);
  });
}

/** One of a few strings. */
export function choice(...values: readonly string[]): Rule {
  return {
    expected: values.length === 1 ? `'${values.join('')}'` : `one of ${values.join(', ')}`,
    accepts: (value) => typeof value === 'string' && values.includes(value),
  };
}

/** Any string. */
export const anyText: Rule = {
  expected: 'a string',
  accepts: (value) => typeof value === 'string',
};

/** A finite number. */
export const anyNumber: Rule = number('a finite number', () => true);

/** A string that is not empty. */
export const text: Rule = {
  expected: 'a string that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
};

/** A list of strings that are not empty, at least one; `what` names them. */
export function list(what: string): Rule {
  return {
    expected: `a list of ${what}`,
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every((one) => text.accepts(one)),
  };
}

/** True or false. */
export const flag: Rule = {
  expected: 'true or false',
  accepts: (value) => typeof value === 'boolean',
};

/** What an option is called on the command line and what it may be. */
export interface OptionRule {
  readonly flag: string;
  readonly rule: Rule;
  readonly hint?: string;
}

/**
 * Checks every option that is set, and refuses names that no rule knows, so that a misspelt option is no silent
 * default.
 *
 * @throws AdvError USAGE that names the option, what was expected and what came
 */
export function checkOptions(options: object, rules: Readonly<Record<string, OptionRule>>): void {
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    const known = rules[name];
    if (known === undefined) {
      throw new AdvError(
        'USAGE',
        `unknown option '${name}'`,
        `Options are: ${Object.keys(rules).join(', ')}.`,
      );
    }
    if (value !== undefined && !known.rule.accepts(value)) {
      throw new AdvError(
        'USAGE',
        `${known.flag}: expected ${known.rule.expected}, got ${inspect(value)}`,
        known.hint,
      );
    }
  }
}
