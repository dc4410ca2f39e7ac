import { expect, test } from 'vitest';
import type { OwnDataSource } from '../../../src/training/options.js';
import { openSource } from '../../../src/training/prepare.js';
import { advError, collect, fileWith } from '../data/support.js';

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
  await expect(trainingTexts({ ...named, format: null })).rejects.toEqual(
    advError('DATA_MALFORMED', /train\.dat: /),
  );
});

test('a recipe from before there was a choice read every file as TSV', async () => {
  const train = await fileWith('good\tpos\nbad\tneg\n', 'train.csv');
  const old = { train, valid: train, test: null };
  expect(await trainingTexts(old)).toEqual(['good', 'bad']);
  await expect(trainingTexts({ ...old, format: null })).rejects.toEqual(
    advError('DATA_MALFORMED', /a column 'text'/),
  );
});
