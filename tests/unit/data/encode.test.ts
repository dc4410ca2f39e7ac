import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { encodeSplit, encodeTexts } from '../../../src/data/encode.js';
import { tokenizerFor } from '../../../src/data/tokenizers.js';
import type { Example } from '../../../src/data/types.js';
import { Vocabulary } from '../../../src/data/vocabulary.js';
import { advError, streamOf } from './support.js';

const vocabulary = Vocabulary.fromTokens(['<unk>', '<begin>', '<end>', 'a', 'b']);
const how = { tokenizer: tokenizerFor('word'), vocabulary, maxTokens: 3, labels: ['neg', 'pos'] };

describe('encodeSplit', () => {
  test('packs ids, offsets and labels, and counts what was cut and unknown', async () => {
    const split = await encodeSplit(streamOf(['a b', 'pos'], ['z a b a', 'neg']), how);
    expect(split).toEqual({
      ids: Int32Array.of(1, 3, 4, 2, 1, 0, 3, 4, 2),
      offsets: Int32Array.of(0, 4, 9),
      labels: Int32Array.of(1, 0),
      exampleIds: ['train:1', 'train:2'],
      truncated: 1,
      unknownShare: 1 / 5,
    });
  });

  test('keeps every example of a split larger than its first arrays', async () => {
    const texts = Array.from({ length: 3000 }, (_, row) => [row % 2 ? 'a' : 'b a', 'pos'] as const);
    const split = await encodeSplit(streamOf(...texts), how);
    expect(split.labels).toHaveLength(3000);
    expect(split.ids).toHaveLength(1500 * 3 + 1500 * 4);
    expect([...split.ids.subarray(split.offsets[2999])]).toEqual([1, 3, 2]);
  });

  test('names the example whose label is no class', async () => {
    await expect(encodeSplit(streamOf(['a', 'other']), how)).rejects.toEqual(
      advError('DATA_MALFORMED', /train:1: expected a label among neg, pos, got 'other'/),
    );
  });

  test('refuses a split without examples', async () => {
    await expect(encodeSplit(streamOf(), how)).rejects.toEqual(
      advError('DATA_MALFORMED', /at least one example/),
    );
  });

  test('stops an endless split when the signal fires, and lets timers run until then', async () => {
    // eslint-disable-next-line @typescript-eslint/require-await -- data streams are asynchronous
    async function* endless(): AsyncGenerator<Example> {
      for (;;) yield { id: 'x', text: 'a', label: 'pos' };
    }
    const controller = new AbortController();
    const stop = setTimeout(20).then(() => {
      controller.abort();
    });
    await expect(encodeSplit(endless(), { ...how, signal: controller.signal })).rejects.toEqual(
      advError('INTERRUPTED', /interrupted/, /^/),
    );
    await stop;
  });
});

describe('encodeTexts', () => {
  test('packs texts, the empty one as begin and end', () => {
    expect(encodeTexts(['', 'b b b b'], how)).toEqual({
      ids: Int32Array.of(1, 2, 1, 4, 4, 4, 2),
      offsets: Int32Array.of(0, 2, 7),
      truncated: 1,
    });
  });
});
