import { describe, expect, it } from 'vitest';
import { missingValueLabels } from '../../../../src/datasets/doubts/missing-values.js';
import { singleExampleClasses } from '../../../../src/datasets/doubts/single-examples.js';
import { similarLabels, type SeenLabel } from '../../../../src/datasets/doubts/similar-labels.js';

const first = (label: string) => ({ id: `train:${label}`, text: 'a text', label });

/** Labels with as many examples as are said. */
function seen(counts: Readonly<Record<string, number>>): Map<string, SeenLabel> {
  return new Map(Object.entries(counts).map(([label, count]) => [label, { count, first: first(label) }]));
}

describe('similarLabels', () => {
  it('groups labels that look alike, with their counts and an example of each', () => {
    const [doubt, ...more] = similarLabels(
      seen({ NEG: 20, Neg: 1, 'cafe\u0301': 4, 'caf\u00e9': 5, neg: 22, pos: 9 }),
    );
    expect(more).toEqual([]);
    expect(doubt).toMatchObject({ code: 'SIMILAR_LABELS', splits: ['train'], count: 5, share: 5 / 6 });
    expect(doubt?.message).toContain(
      "'NEG' (20), 'Neg' (1) and 'neg' (22) differ by case; 'cafe\\u0301' (4) and 'caf\u00e9' (5) differ by how letters are composed",
    );
    const shown = doubt?.examples.map(({ label }) => label);
    expect(shown).toEqual(['NEG', 'Neg', 'neg', 'cafe\u0301', 'caf\u00e9']);
  });

  it('says nothing of labels that differ as they should', () => {
    expect(similarLabels(seen({ neg: 1, pos: 2, neutral: 3, 'very good': 4, good: 5, 1: 6, 10: 7 }))).toEqual(
      [],
    );
    expect(similarLabels(seen({}))).toEqual([]);
  });

  it('shows some of many groups and of many labels', () => {
    const pairs = Array.from({ length: 9 }, (_, group) => [`label${group}`, `Label${group}`]);
    const counts = Object.fromEntries(pairs.flat().map((label) => [label, 1]));
    const [many] = similarLabels(seen(counts));
    expect(many?.message).toContain('… (9 groups in all)');
    expect(many?.count).toBe(18);
    const spellings = ['abc', 'Abc', 'aBc', 'abC', 'ABc', 'AbC', 'aBC', 'ABC'];
    const [one] = similarLabels(seen(Object.fromEntries(spellings.map((label) => [label, 2]))));
    expect(one?.message).toContain("'AbC' (2) and 2 more differ by case");
  });

  it('counts labels that no example has', () => {
    const labels = new Map([...seen({ Pos: 3 }), ['pos', { count: 0, first: undefined }] as const]);
    const [doubt] = similarLabels(labels);
    expect(doubt?.message).toContain("'Pos' (3) and 'pos' (0) differ by case");
    expect(doubt?.examples).toEqual([first('Pos')]);
  });
});

describe('missingValueLabels', () => {
  it('finds what programs write for a missing value', () => {
    const [doubt] = missingValueLabels(seen({ NaN: 3, pos: 5, '<NA>': 1, '\u200b': 1 }));
    expect(doubt).toMatchObject({ code: 'MISSING_VALUE_LABELS', count: 5, share: 0.5 });
    expect(doubt?.message).toContain("'NaN' (3), '<NA>' (1), '\\u200b' (1)");
  });

  it('leaves words alone that may be a class', () => {
    expect(missingValueLabels(seen({ none: 1, 'n/a': 2, NA: 3, unknown: 4, nil: 5, 0: 6 }))).toEqual([]);
  });
});

const classes = (single: number, several: number) =>
  seen(
    Object.fromEntries(
      Array.from({ length: single + several }, (_, place) => [`label${place}`, place < single ? 1 : 9]),
    ),
  );

it('singleExampleClasses finds half of twenty classes or more with one example', () => {
  const [doubt, ...more] = singleExampleClasses(classes(10, 10));
  expect(doubt).toMatchObject({ code: 'SINGLE_EXAMPLE_CLASSES', count: 10, share: 0.5 });
  expect(doubt?.message).toContain('10 of 20');
  expect(more).toEqual([]);
  expect(singleExampleClasses(classes(9, 11))).toEqual([]);
  expect(singleExampleClasses(classes(19, 0))).toEqual([]);
  expect(singleExampleClasses(seen({}))).toEqual([]);
});
