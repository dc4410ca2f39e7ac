import { expect, it } from 'vitest';
import { load } from '../../../src/inference/inference.js';
import { featuresOf, ngramEntry } from '../../../src/inference/ngram-entry.js';
import { branchOf } from '../linear/fixtures.js';
import { exported, modelFile } from '../onnx/fixtures.js';
import { randomModel } from '../onnx/reference-classifier.js';
import { expectRefused } from '../support.js';

const features = (count: number) => branchOf(3, count).classifier.features;

it.each([0, 1, 5])('gives back %i features', (count) => {
  const entry = ngramEntry(features(count));
  expect(entry.kinds).toEqual(['char:1-5', 'word:2-2']);
  expect(featuresOf(JSON.parse(JSON.stringify(entry)) as typeof entry)).toEqual(features(count));
});

it.each([
  [{ kinds: ['char:5-1'] }, /expected n-grams such as char:1-5, got char:5-1/],
  [{ hashes: '*' }, /expected as many hashes as weights of n-grams, in base64/],
  [{ hashes: btoa('abc') }, /expected as many hashes/],
  [{ inverseFrequencies: btoa('abcd') }, /expected as many hashes/],
  [{ hashes: btoa('abcd'), inverseFrequencies: btoa('abcd') }, /expects 1 rows of ngrams\.weights, got 5/],
])('refuses a model file whose n-grams have %j', async (change, said) => {
  const branch = branchOf(3);
  const ngrams = { ...ngramEntry(branch.classifier.features), ...change };
  const path = await modelFile(exported(randomModel(), { ngrams }, branch));
  await expectRefused(load(path), 'MODEL', said, /Export the model again/);
});
