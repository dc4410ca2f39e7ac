import { join } from 'node:path';
import type { ScoreRows } from '../../linear/calibration.js';
import type { QualityPeer } from './peer.js';
import { labelMark } from './splits.js';

const program = 'fasttext';
const options = '-minn 2 -maxn 5 -wordNgrams 2 -dim 50 -epoch 25 -lr 0.5'.split(' ');

/** What fastText adds to every probability before it takes a logarithm. */
const leastProbability = 1e-5;

/**
 * fastText's classifier with n-grams of characters. With more than one thread the same seed does not give the same model. Its
 * probabilities are taken as they come.
 */
export const fastText: QualityPeer = {
  name: 'fasttext',
  title: 'fastText',
  // None of its commands ends with success unless it has a file.
  probe: ['sh', '-c', `command -v ${program}`],
  install: 'Debian: apt-get install fasttext',
  options,
  model: 'model.bin',
  scaled: false,
  learn: ({ folder, seed, threads }) => [
    ...[program, 'supervised', '-input', join(folder, 'train.txt'), '-output', join(folder, 'model')],
    ...[...options, '-thread', `${threads}`, '-seed', `${seed}`, '-verbose', '0'],
  ],
  score: ({ folder }, split, classCount) => [
    program,
    'predict-prob',
    join(folder, 'model.bin'),
    join(folder, `${split}.txt`),
    `${classCount}`,
  ],
  read: (_place, _split, classCount, output) => Promise.resolve(parseProbabilities(output, classCount)),
};

/**
 * Reads what `fasttext predict-prob` prints: a line a text of labels and probabilities, the likeliest first. A class that is not named
 * gets the least probability that fastText gives any.
 *
 * @returns logarithms of the probabilities, [N][C]; they add up to a little more than 1, which a softmax mends
 * @throws Error for a line of another form
 */
export function parseProbabilities(output: string, classCount: number): ScoreRows {
  const lines = output.split('\n');
  if (lines.pop() !== '') throw new Error('expected whole lines of fastText, got a part of one');
  return lines.map((line) => {
    const row = new Float64Array(classCount).fill(Math.log(leastProbability));
    const parts = line.split(' ').filter((part) => part !== '');
    for (let place = 0; place < parts.length; place += 2) {
      const [label = '', probability = ''] = parts.slice(place, place + 2);
      const index = label.startsWith(labelMark) ? Number(label.slice(labelMark.length)) : -1;
      const value = probability === '' ? Number.NaN : Number(probability);
      if (!(index in row) || !(value > 0))
        throw new Error(`expected labels and probabilities of fastText, got '${line}'`);
      row[index] = Math.log(value);
    }
    return row;
  });
}
