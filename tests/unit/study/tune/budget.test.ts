import { expect, it } from 'vitest';
import { budgetRule, parseBudget } from '../../../../src/study/tune/budget.js';

it('takes durations and numbers of runs', () => {
  expect(parseBudget('90s')).toEqual({ seconds: 90 });
  expect(parseBudget('30m')).toEqual({ seconds: 1800 });
  expect(parseBudget('1.5h')).toEqual({ seconds: 5400 });
  expect(parseBudget(budgetRule.typed?.('20'))).toEqual({ trials: 20 });
});

it.each(['', '0', '0s', '-5', '2.5', '30', '10d', '501h', 'm', '5 m', '10001'])('refuses %j', (text) => {
  const value = text === '30' ? text : budgetRule.typed?.(text);
  expect(budgetRule.accepts(value)).toBe(false);
});
