import * as ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { jointLogits } from '../../../src/linear/branch.js';
import { ngramEntry } from '../../../src/inference/ngram-entry.js';
import { load } from '../../../src/inference/inference.js';
import { ModelSession } from '../../../src/inference/session.js';
import { softmax } from '../../../src/statistics/softmax.js';
import type { FeatureRow } from '../../../src/text/ngrams/features.js';
import { branchOf } from '../linear/fixtures.js';
import { buildOnnxModel } from '../../../src/onnx/export.js';
import { exported, metadata, modelFile } from './fixtures.js';
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
      const network = Float64Array.from(Float32Array.from(referenceLogits(model, textAt(texts, place))));
      return Array.from(softmax(jointLogits(branch, network, branch.classifier.scoresOf(row))));
    });
    expect(got).toHaveLength(4 * classCount);
    got.forEach((probability, place) => {
      expect(Math.abs(probability - (expected[place] ?? NaN))).toBeLessThan(1e-6);
    });
  },
);

it.each([
  [2, 5],
  [3, 5],
  [3, 0],
])('are a whole model of %i classes, with %i features', async (classCount, features) => {
  const branch = branchOf(classCount, features);
  const labels = ['a', 'b', 'c'].slice(0, classCount);
  const ngrams = ngramEntry(branch.classifier.features);
  const bytes = buildOnnxModel({ branch, metadata: { labels, ngrams, training: {} } });
  const rows = rowsOf(features);
  const session = await ModelSession.open(ort, bytes.slice(), 'test');
  const noTokens = { ids: new Int32Array(0), offsets: new Int32Array(rows.length + 1) };
  const got = await session.probabilities({ ...noTokens, featureRows: rows });
  await session.release();
  const expected = rows.flatMap((row) =>
    Array.from(softmax(jointLogits(branch, undefined, branch.classifier.scoresOf(row)))),
  );
  expect(got).toHaveLength(4 * classCount);
  got.forEach((probability, place) => {
    expect(Math.abs(probability - (expected[place] ?? NaN))).toBeLessThan(1e-6);
  });
  const classifier = await load(await modelFile(bytes), { threads: 1 });
  const [empty] = await classifier.classify(['']);
  await classifier.dispose();
  const row = branch.classifier.features.rowOf('');
  const [first = NaN] = softmax(jointLogits(branch, undefined, branch.classifier.scoresOf(row)));
  expect(empty?.truncated).toBe(false);
  expect(empty?.probabilities['a']).toBeCloseTo(first, 6);
});

it('have as many classes as the labels say', () => {
  const build = () => buildOnnxModel({ branch: branchOf(2), metadata: { ...metadata, training: {} } });
  expect(build).toThrow('the export expected 2 labels, as the model has, got 3');
});
