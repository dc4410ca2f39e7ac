import { expect, test } from 'vitest';
import type { OwnDataSource } from '../../../src/recipe/data-source.js';
import { openSource } from '../../../src/training/prepare.js';
import { collect, expectMalformed, fileWith } from '../support.js';

const how = {
  limit: null,
  seed: 1,
  splitSeed: 1,
  onMalformed: 'stop',
  dataDir: null,
  offline: true,
} as const;

async function trainingTexts(data: OwnDataSource): Promise<string[]> {
  const dataset = await openSource({ data, ...how }, {});
  return (await collect(dataset.train())).map(({ text }) => text);
}

test('a recipe says how own data is read', async () => {
  const train = await fileWith('text,label,stars\ngood,a,5\nbad,b,1\n', 'train.dat');
  const named = {
    train,
    valid: train,
    test: null,
    format: 'csv',
    textColumn: 'label',
    labelColumn: 'stars',
  } as const;
  expect(await trainingTexts(named)).toEqual(['a', 'b']);
  expect(await trainingTexts({ ...named, textColumn: null })).toEqual(['good', 'bad']);
  await expectMalformed(trainingTexts({ ...named, format: null }), /train\.dat: /);
});

test('a recipe says what the first line of TSV is; one from before that was asked takes it for an example', async () => {
  const lines = Array.from({ length: 20 }, (_, n) => `a text ${n}\t${n % 2 ? 'pos' : 'neg'}\n`);
  const train = await fileWith(['text\tlabel\n', ...lines].join(''), 'train.tsv');
  const named = { train, valid: train, test: null, format: null, textColumn: null, labelColumn: null };
  expect(await trainingTexts(named)).toHaveLength(21);
  expect(await trainingTexts({ ...named, header: false })).toHaveLength(21);
  expect(await trainingTexts({ ...named, header: true })).toHaveLength(20);
  expect(await trainingTexts({ ...named, labelColumn: 'label' })).toHaveLength(20);
  expect(await trainingTexts({ ...named, labelColumn: 'label', header: true })).toHaveLength(20);
  await expectMalformed(trainingTexts({ ...named, header: null }), /looks like a header/);
});

test('a recipe says the delimiter of CSV', async () => {
  const train = await fileWith('text;label\ngood, very;pos\nbad;neg\n', 'train.csv');
  const named = { train, valid: train, test: null, format: null, delimiter: ';', header: false };
  expect(await trainingTexts(named)).toEqual(['good, very', 'bad']);
});

test('a recipe from before there was a choice read every file as TSV', async () => {
  const train = await fileWith('good\tpos\nbad\tneg\n', 'train.csv');
  const old = { train, valid: train, test: null };
  expect(await trainingTexts(old)).toEqual(['good', 'bad']);
  await expectMalformed(trainingTexts({ ...old, format: null }), /a column 'text'/);
});
