import { describe, expect, it } from 'vitest';
import { metadataEntries, metadataOf } from '../../../src/onnx/metadata.js';
import { decodeModel } from '../../../src/onnx/proto.js';
import { exported, metadata } from './fixtures.js';
import { randomModel } from './reference-classifier.js';

const content = JSON.parse(metadataEntries(metadata)['advnative'] ?? '') as Record<string, unknown>;

function read(json: string): unknown {
  return metadataOf(new Map([['advnative', json]]), 'model.onnx');
}

describe('model metadata', () => {
  it('comes back from the file as it was', () => {
    expect(metadataOf(decodeModel(exported(randomModel())).metadata, 'model.onnx')).toEqual(metadata);
  });

  it('has entries that people can read', () => {
    expect(metadataEntries(metadata)).toMatchObject({
      labels: 'cs, sk, __proto__',
      tokenizer: 'characters version 1',
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
    expect(() => metadataOf(new Map([['author', 'somebody']]), 'other.onnx')).toThrow(
      expect.objectContaining({ code: 'MODEL', message: expect.stringContaining('other.onnx') as string }),
    );
  });

  it('of a newer format is refused with the advice to update', () => {
    expect(() => read(JSON.stringify({ ...content, formatVersion: 2 }))).toThrow(
      expect.objectContaining({
        code: 'MODEL',
        message: 'expected metadata of format version 1, got version 2 in model.onnx',
        hint: expect.stringContaining('update') as string,
      }),
    );
  });

  it.each([
    ['not JSON', '{"formatVersion": 1,', 'SyntaxError'],
    ['a list', '[]', 'expected an object'],
    ['no version', '{}', 'expected format version 1, got nothing'],
    ['a version of 0', JSON.stringify({ ...content, formatVersion: 0 }), 'expected format version 1, got 0'],
    ['no tokenizer', JSON.stringify({ ...content, tokenizer: 'words' }), 'a named tokenizer, got "words"'],
    [
      'a tokenizer version that is no number',
      JSON.stringify({ ...content, tokenizer: { name: 'words', version: '1' } }),
      'a whole number as tokenizer version, got "1"',
    ],
    ['one label', JSON.stringify({ ...content, labels: ['a'] }), 'at least 2 different strings as labels'],
    [
      'equal labels',
      JSON.stringify({ ...content, labels: ['a', 'a'] }),
      'at least 2 different strings as labels',
    ],
    [
      'a number in the vocabulary',
      JSON.stringify({ ...content, vocabulary: ['a', 1] }),
      'strings as vocabulary',
    ],
    [
      'a negative maxTokens',
      JSON.stringify({ ...content, maxTokens: -1 }),
      'a whole number as maxTokens, got -1',
    ],
    ['nested training facts', JSON.stringify({ ...content, training: { a: [] } }), 'training facts'],
  ])('with %s is damaged', (_, json, message) => {
    expect(() => read(json)).toThrow(
      expect.objectContaining({ code: 'MODEL', message: expect.stringContaining(message) as string }),
    );
  });
});
