import { join } from 'node:path';
import { expect, it } from 'vitest';
import { load } from '../../src/inference/inference.js';
import type { TrainResult } from '../../src/training/run.js';
import { jsonLines, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());

it('trains with the steps that were named, records them, and predicts by them from run and model alike', async () => {
  const lines = Array.from({ length: 60 }, (_, n) => (n % 2 ? `Film ${n} :-)\tgood` : `Film ${n} :-(\tbad`));
  await place.write('own.tsv', lines.join('\n'));
  const { run, model } = await place.json<TrainResult>(
    ...[
      'train',
      '--train',
      'own.tsv',
      '--preset',
      'paper',
      '--size',
      'small',
      '--epochs',
      '2',
      '--threads',
      '1',
    ],
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
  const texts = ['FILM :-)', 'Film(:-( )', 'nic', 'FI\u0301LM :-)', 'film', ':-)film'];
  await expectSamePredictions(run, model, texts);
});

it('takes texts that name the special tokens, in training and from the model', async () => {
  const lines = Array.from(
    { length: 60 },
    (_, n) => `${n >> 1} the <unk> ${n % 2 ? '<end>\tgood' : '<begin>\tbad'}`,
  );
  await place.write('special.tsv', lines.join('\n'));
  const { run, model } = await place.json<TrainResult>(
    ...[
      'train',
      '--train',
      'special.tsv',
      '--preset',
      'paper',
      '--size',
      'small',
      '--epochs',
      '2',
      '--out',
      'special',
    ],
    ...['--tokenizer', 'whitespace'],
  );
  await expectSamePredictions(run, model, ['the <unk> <end>', '<begin>', 'neither']);
});

/** A run and the model it exported must see the same tokens: then their probabilities differ by rounding alone. */
async function expectSamePredictions(run: string, model: string, texts: readonly string[]): Promise<void> {
  const probabilities = async (from: string): Promise<number[]> => {
    const { stdout } = await place.run('predict', from, '--json', ...texts);
    const predictions = jsonLines<{ probabilities: Record<string, number> }>(stdout);
    return predictions.flatMap((one) => Object.values(one.probabilities));
  };
  const [ofRun, ofModel] = [await probabilities(run), await probabilities(model)];
  expect(ofModel).toHaveLength(2 * texts.length);
  // Different texts are told apart: equal numbers everywhere would prove nothing.
  expect(new Set(ofRun.map((value) => value.toFixed(5))).size).toBeGreaterThan(2);
  ofModel.forEach((value, place_) => {
    expect(Math.abs(value - (ofRun[place_] ?? Number.NaN))).toBeLessThan(1e-6);
  });
}

it('lists the steps in its help', async () => {
  const { stdout } = await place.run('train', '--help');
  expect(stdout).toMatch(/any number of nfc, lowercase, strip-diacritics\n/);
  expect(stdout).toMatch(/exactly one of characters, graphemes, words, whitespace, twokenize\n/);
  expect(stdout).toMatch(/any number of czech-stem, czech-phonetic\n/);
});
