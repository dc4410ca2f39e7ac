import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { load } from '../../src/onnx/inference.js';
import type { TrainResult } from '../../src/training/run.js';
import { temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());

it('trains with the steps that were named, records them, and predicts by them from run and model alike', async () => {
  const lines = Array.from({ length: 60 }, (_, n) => (n % 2 ? `Film ${n} :-)\tgood` : `Film ${n} :-(\tbad`));
  await writeFile(join(place.folder, 'own.tsv'), lines.join('\n'));
  const { run, model } = await place.json<TrainResult>(
    ...['train', '--train', 'own.tsv', '--size', 'small', '--epochs', '2', '--threads', '1'],
    ...['--tokenizer', 'nfc, lowercase,twokenize@1'],
  );
  const steps = ['nfc@1', 'lowercase@1', 'twokenize@1'];
  expect((await place.record(run)).recipe).toMatchObject({ level: 'word', tokenizer: steps });
  const vocabulary = JSON.parse(await place.text(run, 'checkpoint', 'vocabulary.json')) as string[];
  expect(vocabulary).toEqual(expect.arrayContaining([':-)', ':-(', 'film']));
  expect(vocabulary).not.toContain(')');

  const classifier = await load(join(place.folder, model));
  expect(classifier.metadata.tokenizer).toEqual(steps);
  await classifier.dispose();
  const texts = ['FILM :-)', 'Film(:-( )', 'nic'];
  const classesOf = async (from: string): Promise<string[]> => {
    const { predictions } = await place.json<{ predictions: { label: string }[] }>('predict', from, ...texts);
    return predictions.map(({ label }) => label);
  };
  expect(await classesOf(run)).toHaveLength(3);
  expect(await classesOf(model)).toEqual(await classesOf(run));
});

it('lists the steps in its help', async () => {
  const { stdout } = await place.run('train', '--help');
  expect(stdout).toMatch(/any number of nfc, lowercase, strip-diacritics\n/);
  expect(stdout).toMatch(/exactly one of characters, graphemes, words, whitespace, twokenize\n/);
  expect(stdout).toMatch(/any number of czech-stem, czech-phonetic\n/);
});
