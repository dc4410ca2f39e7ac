import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TrainResult } from '../../src/training/run.js';
import { errorOf, expectError, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());
const quick = '--preset paper --size small --epochs 1 --threads 1 --regime vanilla'.split(' ');
const parity = ['--dataset', './own/parity.mjs', ...quick];

const definition = `export default {
  name: 'parity', description: 'odd?', labels: ['odd', 'even'], licence: 'none', citation: 'none',
  *examples() {
    for (let n = 1; n <= 100; n++) yield { id: 'n:' + n, text: 'number ' + n, label: n % 2 ? 'odd' : 'even' };
  },
};`;

it("trains on a dataset of the user's package, and evaluates the model on it by the same name", async () => {
  const packageJson = '{"name":"parity-dataset","type":"module","main":"index.js"}';
  await place.write('node_modules/parity-dataset/package.json', packageJson);
  await place.write('node_modules/parity-dataset/index.js', definition);
  const options = ['--dataset', 'parity-dataset', ...quick, '--out', 'parity'];
  const { dataset, test } = await place.json<TrainResult>('train', ...options);
  expect(dataset).toMatchObject({
    name: 'parity',
    labels: ['odd', 'even'],
    examples: { train: 80, test: 10 },
  });
  expect(await place.json('evaluate', 'parity')).toMatchObject({ n: 10, loss: test?.loss });
});

it('trains on a dataset that a file defines, from any folder', async () => {
  await place.write('own/parity.mjs', definition);
  const { dataset } = await place.json<TrainResult>('train', ...parity, '--out', 'file');
  expect(dataset.name).toBe('parity');
  const { recipe } = await place.record('file');
  expect(recipe.data).toEqual({ dataset: join(place.folder, 'own', 'parity.mjs') });
});

it('has the same splits for runs of several seeds, so that they can be compared', async () => {
  for (const seed of ['1', '2']) {
    await place.json('train', ...parity, '--seed', seed, '--out', `seed${seed}`);
  }
  expect(await place.json('compare', 'seed1', 'seed2')).toMatchObject({ n: 10 });
  await place.json('train', ...parity, '--split-seed', '2', '--out', 'other');
  expect(errorOf(await place.run('compare', 'seed1', 'other', '--json')).message).toMatch(/expected|same/);
});

it('says what is wrong with a definition', async () => {
  await place.write('own/broken.mjs', definition.replace("['odd', 'even']", "['odd']"));
  const wrong = await place.run('train', '--dataset', './own/broken.mjs', ...quick, '--json');
  expectError(wrong, 2, 'USAGE', /labels: expected at least two different labels/);
});

const realData = process.env['ADVNATIVE_DATA'];

describe.runIf(realData)('every real corpus', () => {
  it.each('babi-1 babi-2 babi-6 babi-1-10k subjectivity czech-facebook czech-csfd dsl'.split(' '))(
    'trains one epoch on %s',
    async (name) => {
      const where = ['--data-dir', realData ?? '', '--out', name];
      const options = ['--dataset', name, '--limit', '400', ...quick, ...where];
      const { dataset, test } = await place.json<TrainResult>('train', ...options);
      expect(dataset.examples.train).toBe(400);
      expect(test?.loss).toBeGreaterThan(0);
    },
    60_000,
  );
});
