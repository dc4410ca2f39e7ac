import { expect, it } from 'vitest';
import {
  nameWritten,
  parseRange,
  parseValues,
  rangedNames,
  writtenName,
} from '../../../../src/study/tune/range.js';
import { trainOptions } from '../../../../src/recipe/table.js';
import { expectRefused } from '../../support.js';

const places = Array.from({ length: 1000 }, (_, place) => place / 1000);
const valuesOf = (name: string, text: string): unknown[] => {
  const range = parseRange('--range', name, text);
  return places.map((place) => range.at(place));
};

it('has numbers along a line, with three digits, from one end to the other', () => {
  const range = parseRange('--range', 'alpha', '0.2..0.8');
  expect(range).toMatchObject({ name: 'alpha', count: Infinity });
  expect([0, 0.25, 0.5, 0.9999999].map((place) => range.at(place))).toEqual([0.2, 0.35, 0.5, 0.8]);
});

it('has numbers along their logarithm, never beyond the ends', () => {
  const range = parseRange('--range', 'learningRate', '0.00123456..0.0123456:log');
  expect(range.at(0.5)).toBe(0.0039);
  expect([range.at(0), range.at(0.99999999)]).toEqual([0.00123456, 0.0123]);
});

it('has integers where the option takes no others, each as often, also where a range has two', () => {
  const counted = (name: string, text: string): number[] => {
    const all = valuesOf(name, text);
    return [...new Set(all)].map((value) => all.filter((one) => one === value).length);
  };
  expect([...new Set(valuesOf('layers', '1..4'))]).toEqual([1, 2, 3, 4]);
  expect(parseRange('--range', 'layers', '1..4').count).toBe(4);
  for (const count of counted('layers', '1..4')) expect(Math.abs(count - 250)).toBeLessThan(3);
  expect(counted('layers', '1..2')).toEqual([500, 500]);
  const sizes = valuesOf('hidden', '8..512:log') as number[];
  expect(Math.abs(sizes.filter((size) => size < 64).length - 500)).toBeLessThan(10);
  expect(sizes[0]).toBe(8);
  expect(parseRange('--range', 'hidden', '8..512:log').at(0.99999)).toBe(512);
  expect(sizes.every(Number.isInteger)).toBe(true);
});

it('has values, each typed as the option itself and as often', () => {
  expect(valuesOf('cell', 'gru, lstm').filter((cell) => cell === 'gru')).toHaveLength(500);
  expect([...new Set(valuesOf('hidden', '32,64,128'))]).toEqual([32, 64, 128]);
  expect(parseValues('--sweep', 'pooling', 'last/max,mean')).toEqual([['last'], ['max', 'mean']]);
  expect(parseValues('--sweep', 'subwords', 'none,3,2-5')).toEqual([false, [3, 3], [2, 5]]);
});

it.each([
  ['epsilon', '3..0.1', /--range epsilon: expected a number on the left of \.\. that is below/],
  ['epsilon', '0.1..much', /--range epsilon: expected numbers on both sides of \.\., got 'much'/],
  ['epsilon', '0..3:log', /--range epsilon: expected a range above 0 for :log/],
  ['alpha', '0.5..1.5', /--range alpha: expected a number from 0 to 1 .*, got 1\.5/],
  ['cell', 'gru,transformer', /--range cell: expected one of .*, got 'transformer'/],
  ['cell', 'gru', /--range cell: expected at least two different values, got 'gru'/],
  ['hidden', '32,32', /at least two different values/],
  ['learningRate', '', /--range lr: expected a number above 0/],
  ['epochs', '5,10', /--range: epochs has no range: the search shares out the epochs itself/],
  ['loss', 'squared,cross-entropy', /--range: loss has no range: values of different losses/],
  ['seed', '1,2', /--range: expected an option among level, .*, got 'seed'/],
  ['toString', '1,2', /--range: expected an option among .*, got 'toString'/],
])('refuses %s=%s', async (name, text, problem) => {
  const parsing = (): Promise<unknown> => Promise.resolve().then(() => parseRange('--range', name, text));
  await expectRefused(parsing(), 'USAGE', problem);
});

it('calls options as the command line does', () => {
  expect(writtenName('learningRate')).toBe('lr');
  expect(nameWritten('unk-rate')).toBe('unknownRate');
  expect(nameWritten('learningRate')).toBeUndefined();
  expect(rangedNames).toContain('epsilon');
  for (const name of rangedNames) expect(trainOptions[name]).toMatchObject({ network: true });
});
