import * as ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { jointLogits } from '../../../src/linear/branch.js';
import { ModelSession } from '../../../src/inference/session.js';
import { softmax } from '../../../src/statistics/softmax.js';
import type { FeatureRow } from '../../../src/text/ngrams/features.js';
import { branchOf } from '../linear/fixtures.js';
import { exported } from './fixtures.js';
import { randomModel, randomTexts, referenceLogits, textAt } from './reference-classifier.js';

const lengths = [3, 1, 8, 5];

/** Rows of other lengths, one of them empty. */
const rowsOf = (features: number): FeatureRow[] =>
  [[0, 2, 4], [], [1], [0, 1, 2, 3, 4]].map((places) => {
    const columns = Int32Array.from(places.filter((place) => place < features));
    return { columns, values: Float32Array.from(columns, (column) => Math.cos(column + 1)) };
  });

it.each([
  [2, 5],
  [3, 5],
  [3, 0],
])(
  'adds to the logits of %i classes what the engine adds, with %i features',
  async (classCount, features) => {
    const model = randomModel(1, 'gru', ['last'], 1, 0, classCount);
    const branch = branchOf(classCount, features);
    const texts = randomTexts(lengths, model.config.vocabularySize);
    const labels = ['a', 'b', 'c'].slice(0, classCount);
    const session = await ModelSession.open(ort, exported(model, { labels }, branch), 'test');
    const rows = rowsOf(features);
    const got = await session.probabilities({ ...texts, featureRows: rows });
    await session.release();
    const expected = lengths.flatMap((_, place) => {
      const row = rows[place] ?? { columns: new Int32Array(0), values: new Float32Array(0) };
      const network = Float32Array.from(referenceLogits(model, textAt(texts, place)));
      return Array.from(softmax(jointLogits(branch, network, row)));
    });
    expect(got).toHaveLength(4 * classCount);
    got.forEach((probability, place) => {
      expect(Math.abs(probability - (expected[place] ?? NaN))).toBeLessThan(1e-6);
    });
  },
);
