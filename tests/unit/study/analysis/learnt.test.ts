import { expect, it } from 'vitest';
import { learntOf, paperLearnt } from '../../../../src/study/analysis/learnt.js';
import { paperRows } from '../../../../src/study/paper-rows.js';
import { record } from '../../training/support.js';
import type { WarningCode } from '../../../../src/base/warnings.js';

const warned = (...codes: WarningCode[]) => ({
  ...record,
  warnings: codes.map((code) => ({ code, message: 'it is so' })),
});

it('counts the runs that are better than answers without reading, and says why others are not', () => {
  const runs = [warned(), warned('QUOTED_FIELDS'), warned('WORSE_THAN_PRIOR', 'WORSE_THAN_MAJORITY')];
  expect(learntOf(runs)).toEqual({ learnt: 2, of: 3, doubts: ['WORSE_THAN_PRIOR', 'WORSE_THAN_MAJORITY'] });
  expect(learntOf([warned('WORSE_THAN_UNTRAINED'), warned('DIVERGED')])).toMatchObject({ learnt: 0, of: 2 });
});

const figure = (name: string, column: number) => {
  const found = paperRows.find((row) => row.name === name)?.figures?.[column];
  if (found === undefined) throw new Error(`the paper has no ${name}`);
  return found;
};

it('finds the cells of the paper that look as if they had learnt nothing', () => {
  // ln 3 = 1.0986 and ln 2 = 0.6931, whatever the data here is.
  expect(paperLearnt(figure('czech-mall-char', 3), 3, null)).toBe('no');
  expect(paperLearnt(figure('czech-mall-char', 0), 3, null)).toBe('yes');
  expect(paperLearnt(figure('babi-6', 0), 2, 0.6931)).toBe('no');
  expect(paperLearnt(figure('babi-6', 3), 2, 0.6931)).toBe('yes');
  // Of uneven classes the shares are the rival: 1.012 is no better than 1.01.
  expect(paperLearnt(figure('czech-facebook', 0), 4, 1.01)).toBe('no');
  expect(paperLearnt(figure('czech-facebook', 0), 4, 1.2)).toBe('yes');
  expect(paperLearnt(figure('babi-6', 0), undefined, null)).toBeNull();
});
