import { expect, it } from 'vitest';
import { metadataEntries, metadataOf } from '../../../src/inference/metadata.js';
import { decodeModel } from '../../../src/inference/proto.js';
import { exported, metadata } from '../onnx/fixtures.js';
import { randomModel } from '../onnx/reference-classifier.js';
import { advError } from '../support.js';

const content = JSON.parse(metadataEntries(metadata)['advnative'] ?? '') as Record<string, unknown>;

function read(json: string): unknown {
  return metadataOf(new Map([['advnative', json]]), 'model.onnx');
}

it('comes back from the file as it was', () => {
  expect(metadataOf(decodeModel(exported(randomModel())).metadata, 'model.onnx')).toEqual(metadata);
});

it('tells of n-grams, in a version that readers without groups of them refuse', () => {
  const withSubwords = { ...metadata, subwords: { shortest: 2, longest: 5, buckets: 7 } };
  const entries = metadataEntries(withSubwords);
  expect(metadataOf(new Map(Object.entries(entries)), 'model.onnx')).toEqual(withSubwords);
  expect(content['formatVersion']).toBe(2);
  expect(entries['advnative']).toMatch(/^\{"formatVersion":4,/u);
});

it('with n-grams is of a version that earlier readers refuse, and comes back', () => {
  const ngrams = { kinds: ['char:1-5'], hashes: 'AAAA', inverseFrequencies: 'AAAA' };
  const entries = metadataEntries({ ...metadata, ngrams });
  expect(JSON.parse(entries['advnative'] ?? '')).toMatchObject({ formatVersion: 3 });
  expect(content).toMatchObject({ formatVersion: 2 });
  expect(metadataOf(new Map(Object.entries(entries)), 'model.onnx')).toEqual({ ...metadata, ngrams });
});

it('without a network has n-grams and no tokens, and comes back', () => {
  const ngrams = { kinds: ['char:1-5'], hashes: 'AAAA', inverseFrequencies: 'AAAA' };
  const { labels, training } = metadata;
  const entries = metadataEntries({ labels, training, ngrams });
  expect(Object.keys(entries)).toEqual(['advnative', 'labels']);
  expect(metadataOf(new Map(Object.entries(entries)), 'model.onnx')).toEqual({ labels, training, ngrams });
  const json = JSON.parse(entries['advnative'] ?? '') as Record<string, unknown>;
  const said =
    /expected a tokenizer, a vocabulary and maxTokens, or none of the three and n-grams of texts$/u;
  for (const wrong of [
    { ngrams: undefined },
    { vocabulary: ['a'] },
    { maxTokens: 3 },
    { tokenizer: ['nfc@1'] },
  ]) {
    expect(() => read(JSON.stringify({ ...json, ...wrong }))).toThrow(advError('MODEL', said, /^/));
  }
});

it('has entries that people can read', () => {
  expect(metadataEntries(metadata)).toMatchObject({
    labels: 'cs, sk, __proto__',
    tokenizer: 'nfc@1,characters@1',
    max_tokens: '9',
    vocabulary_size: '11',
  });
});

it('keeps token strings that JSON must escape', () => {
  const vocabulary = ['<unk>', '<begin>', '<end>', '\u0000', '\u2028', '\\', '😀', '\ufeff'];
  const entries = new Map(Object.entries(metadataEntries({ ...metadata, vocabulary })));
  expect(metadataOf(entries, 'model.onnx').vocabulary).toEqual(vocabulary);
});

it('of another program is refused with what to do', () => {
  const foreign = new Map([['author', 'somebody']]);
  expect(() => metadataOf(foreign, 'other.onnx')).toThrow(advError('MODEL', 'other.onnx', /^/));
});

it.each([
  [5, /newer advnative: update/],
  [1, /older advnative: use that version, or train/],
])('of format version %i is refused with what to do', (formatVersion, hint) => {
  const said = `^expected metadata of format version 2 to 4, got version ${formatVersion} in model\\.onnx$`;
  const json = JSON.stringify({ ...content, formatVersion });
  expect(() => read(json)).toThrow(advError('MODEL', new RegExp(said), hint));
});

it.each<[string, string | object, string]>([
  ['not JSON', '{"formatVersion": 1,', 'damaged: expected JSON: '],
  ['a list', '[]', 'expected an object'],
  ['no version', '{}', 'expected format version 2 to 4, got nothing'],
  ['a version of 0', { formatVersion: 0 }, 'expected format version 2 to 4, got 0'],
  [
    'a tokenizer that is no list',
    { tokenizer: 'words@1' },
    "tokenizer: expected a list of strings, got 'words@1'",
  ],
  ['a tokenizer without steps', { tokenizer: [] }, 'tokenizer: expected a list of strings, got []'],
  ['one label', { labels: ['a'] }, 'labels: expected at least 2 different labels'],
  ['equal labels', { labels: ['a', 'a'] }, 'labels: expected at least 2 different labels'],
  ['a number in the vocabulary', { vocabulary: ['a', 1] }, 'vocabulary: expected a list of strings'],
  [
    'a negative maxTokens',
    { maxTokens: -1 },
    'maxTokens: expected an integer from 0 to 9007199254740991, got -1',
  ],
  [
    'n-grams without buckets',
    { subwords: { shortest: 1, longest: 2 } },
    'subwords.buckets: expected an integer from 1 to 9007199254740991, got nothing',
  ],
  ['nested training facts', { training: { a: [] } }, 'training.a: expected a string, a number or a boolean'],
])('with %s is damaged', (_, part, message) => {
  const json = typeof part === 'string' ? part : JSON.stringify({ ...content, ...part });
  expect(() => read(json)).toThrow(advError('MODEL', message, /^/));
});
