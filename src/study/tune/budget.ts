import { numeric, type Rule } from '../../base/rules.js';

/** What a search may use: seconds, or a number of trials. */
export type Budget = { readonly seconds: number } | { readonly trials: number };

const secondsIn = { s: 1, m: 60, h: 3600 } as const;

/** As long as timers run. */
const mostSeconds = 500 * 3600;
const mostTrials = 10_000;

/** A duration as text, such as '30m', or a number of trials. */
export const budgetRule: Rule<string | number> = {
  expected: `a duration such as 90s, 30m or 2h, at most 500h, or a number of runs from 1 to ${mostTrials}`,
  accepts: (value): value is string | number => parseBudget(value) !== undefined,
  typed: numeric,
};

/** @returns undefined where it is no budget */
export function parseBudget(value: unknown): Budget | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= 1 && value <= mostTrials ? { trials: value } : undefined;
  }
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smh])$/u.exec(typeof value === 'string' ? value : '') ?? [];
  const seconds = Number(number) * secondsIn[(unit ?? 's') as keyof typeof secondsIn];
  return seconds > 0 && seconds <= mostSeconds ? { seconds } : undefined;
}
