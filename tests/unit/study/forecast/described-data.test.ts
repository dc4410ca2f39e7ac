import { expect, it } from 'vitest';
import { describedCorpus, sizeOf } from '../../../../src/study/forecast/described-data.js';
import { paperRows } from '../../../../src/study/paper-rows.js';

const described = (name: string) => {
  const row = paperRows.find((one) => one.name === name);
  const texts = describedCorpus(row?.options ?? {});
  if (texts === undefined) throw new Error(`expected a description of the data of ${name}`);
  return texts;
};

it('knows the texts of every row of the paper', () => {
  const texts = paperRows.map(({ name }) => [name, described(name).texts, described(name).validTexts]);
  expect(texts).toEqual([
    ...[1, 2, 6].map((task) => [`babi-${task}`, 900, 100]),
    ['subjectivity', 8000, 1000],
    ...['', '-stemmed', '-plain'].map((form) => [`czech-facebook${form}`, 8000, 1000]),
    ['czech-facebook-3', 7802, 975],
    ...['', '-stemmed', '-plain'].map((form) => [`czech-csfd${form}`, 73_103, 9139]),
    ...['', '-char'].map((level) => [`czech-mall${level}`, 116_245, 14_531]),
    ...[10, 70, 130, 170, 190].map((thousands) => [`dsl-${thousands}k`, 1000 * thousands, 28_000]),
  ]);
});

it('counts tokens by the mean text, and lets the vocabulary of words grow with their texts', () => {
  const dsl = { ...described('dsl-10k'), texts: 40_284 };
  expect(sizeOf(dsl, 'char', 400)).toMatchObject({ tokens: 40_284 * 231, vocabulary: 310 });
  expect(sizeOf(dsl, 'char', 98)).toMatchObject({ tokens: 40_284 * 100, validTokens: 2_800_000 });
  expect(sizeOf(dsl, 'word', 400).vocabulary).toBe(206_341);
  expect(sizeOf({ ...dsl, texts: 2 ** 10 * 40_284 }, 'word', 400).vocabulary).toBe(64 * 206_341);
});

it('knows nothing of own files and of datasets that have no description', () => {
  expect(describedCorpus({ train: 'mine.tsv' })).toBeUndefined();
  expect(describedCorpus({ dataset: 'toString' })).toBeUndefined();
});
