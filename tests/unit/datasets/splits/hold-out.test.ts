import { expect, test } from 'vitest';
import { ExampleGroups } from '../../../../src/text/example-groups.js';
import { holdOut } from '../../../../src/datasets/splits/hold-out.js';
import { Random } from '../../../../src/base/random.js';

/** Holds out a tenth of examples that are given as `text` or `text=label`; without a label, class 0. */
function draw(examples: readonly string[], seed = 1) {
  const groups = new ExampleGroups();
  const labels = Int16Array.from(examples, (example) => Number(example.split('=')[1] ?? 0));
  for (const example of examples) groups.add(example.split('=')[0] ?? '');
  const classCount = Math.max(...labels) + 1;
  const marks = holdOut(labels, classCount, groups, 0.1, new Random(seed, 'validation'));
  return {
    heldOut: examples.filter((_, place) => marks[place] === 1),
    rest: examples.filter((_, place) => marks[place] === 0),
  };
}

/** Examples of a text each, so many of each class. */
const different = (counts: readonly number[]) =>
  counts.flatMap((count, label) => Array.from({ length: count }, (_, n) => `${label} ${n}=${label}`));

const copies = (count: number, example: string) => Array.from({ length: count }, () => example);

test('takes a share of each class, at least one of two and none of one', () => {
  const { heldOut } = draw(different([100, 14, 2, 1]));
  expect([0, 1, 2, 3].map((label) => heldOut.filter((one) => one.endsWith(`=${label}`)).length)).toEqual([
    10, 1, 1, 0,
  ]);
});

test('never parts copies, and takes no text that is more than the share', () => {
  const examples = [...copies(300, 'common'), ...copies(40, 'often'), ...different([660])];
  for (let seed = 1; seed <= 20; seed++) {
    const { heldOut, rest } = draw(examples, seed);
    expect(heldOut.length).toBe(100);
    expect(rest).toEqual(expect.arrayContaining(copies(300, 'common')));
    expect([0, 40]).toContain(heldOut.filter((one) => one === 'often').length);
  }
  const drawn = Array.from({ length: 20 }, (_, seed) => draw(examples, seed).heldOut.includes('often'));
  expect(new Set(drawn).size).toBe(2);
});

test('takes the smallest of few texts with many copies', () => {
  const { heldOut } = draw([...copies(30, 'a'), ...copies(10, 'b'), ...copies(20, 'c')]);
  expect(heldOut).toEqual(copies(10, 'b'));
});

test('leaves each class an example to train on', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { rest } = draw(['x', 'x=1', 'y', 'z', 'z=2', 'q=2'], seed);
    expect(new Set(rest.map((one) => one.split('=')[1] ?? '0'))).toEqual(new Set(['0', '1', '2']));
  }
  expect(draw(['x', 'x=1', 'y=1', 'y']).heldOut).toHaveLength(2);
  expect(draw(['x', 'x=1', 'x']).heldOut).toEqual([]);
});
