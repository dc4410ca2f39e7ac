import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  encodeSplit,
  encodeStream,
  type ExampleEncoding,
  type ExampleReading,
} from '../../../src/text/encode.js';
import { tokenizerOf } from '../../../src/text/tokenizers/pipeline.js';
import type { Example } from '../../../src/text/types.js';
import { Vocabulary } from '../../../src/text/vocabulary.js';
import { countCorpus } from '../../../src/text/ngrams/count-corpus.js';
import { collect, expectInterrupted, expectMalformed, streamOf, textStream } from '../support.js';

const vocabulary = Vocabulary.fromTokens(['<unk>', '<begin>', '<end>', 'a', 'b']);
const how = {
  tokenizer: tokenizerOf(['nfc', 'lowercase', 'words']),
  vocabulary,
  maxTokens: 3,
  labels: ['neg', 'pos'],
};
const reading = (tokens: typeof how & Partial<ExampleEncoding>): ExampleReading => ({
  tokens,
  labels: tokens.labels,
});

const store = { folder: tmpdir() };
const rowsOf = (count: number) => Int32Array.from({ length: count }, (_, row) => row);

describe('encodeSplit', () => {
  test('packs ids, offsets and labels, and counts what was cut and unknown', async () => {
    const split = await encodeSplit(streamOf(['a b', 'pos'], ['z a b a', 'neg']), how, store);
    expect(split).toMatchObject({ count: 2, tokens: 9, truncated: 1, unknownShare: 1 / 5 });
    expect(await split.batch(rowsOf(2))).toEqual({
      ids: Int32Array.of(1, 3, 4, 2, 1, 0, 3, 4, 2),
      offsets: Int32Array.of(0, 4, 9),
      labels: Int32Array.of(1, 0),
    });
  });

  test('hashes ids, offsets and labels as 32-bit integers, from memory and from disk alike', async () => {
    const texts = Array.from({ length: 40_000 }, (_, row) => [row % 3 ? 'a' : 'b a', 'pos'] as const);
    const digests: string[] = [];
    for (const mostBytesInMemory of [undefined, 0]) {
      const hash = createHash('sha256');
      const split = await encodeSplit(streamOf(...texts), how, { ...store, hash, mostBytesInMemory });
      const { ids, offsets, labels } = await split.batch(rowsOf(split.count));
      const whole = createHash('sha256').update(ids).update(offsets).update(labels);
      digests.push(hash.digest('hex'), whole.digest('hex'));
      await split.close();
    }
    expect(new Set(digests).size).toBe(1);
  });

  test('keeps the n-grams of words that the vocabulary lacks, as a stream does', async () => {
    const withSubwords = { ...how, subwords: { shortest: 1, longest: 4, buckets: 99 } };
    const texts = [
      ['a zero b', 'pos'],
      ['zero B ones', 'neg'],
      ['', 'pos'],
    ] as const;
    const split = await encodeSplit(streamOf(...texts), withSubwords, store);
    const [streamed] = await collect(encodeStream(streamOf(...texts), reading(withSubwords), 3));
    expect(streamed).toMatchObject(await split.batch(rowsOf(3)));
    expect(streamed?.words?.ids).toEqual(Int32Array.of(1, 3, 0, 4, 2, 0));
    const [alone] = await collect(encodeStream(streamOf(texts[1]), reading(withSubwords), 3));
    expect(alone).toMatchObject(await split.batch(Int32Array.of(1)));
    expect(split).toMatchObject({ count: 3, tokens: 12, unknownShare: 1 / 2 });
    expect(split.mostSubwords(1)).toBe(18);
    await split.close();
  });

  test('names the example whose label is no class', async () => {
    const failure = encodeSplit(streamOf(['a', 'other']), how, store);
    await expectMalformed(failure, /train:1: expected a label among neg, pos, got 'other'/);
  });

  test('refuses a split without examples', async () => {
    await expectMalformed(encodeSplit(streamOf(), how, store), /at least one example/);
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
    await expectInterrupted(encodeSplit(endless(), { ...how, signal: controller.signal }, store));
    await stop;
  });
});

describe('encodeStream', () => {
  const examples = [
    ['', 'pos'],
    ['b b b b', 'neg'],
    ['a', 'pos'],
  ] as const;

  test('gives packed examples with their ids, so many at a time', async () => {
    expect(await collect(encodeStream(streamOf(...examples), reading(how), 2))).toEqual([
      {
        ids: Int32Array.of(1, 2, 1, 4, 4, 4, 2),
        offsets: Int32Array.of(0, 2, 7),
        labels: Int32Array.of(1, 0),
        exampleIds: ['train:1', 'train:2'],
        featureRows: [],
      },
      {
        ids: Int32Array.of(1, 3, 2),
        offsets: Int32Array.of(0, 3),
        labels: Int32Array.of(1),
        exampleIds: ['train:3'],
        featureRows: [],
      },
    ]);
    expect(await collect(encodeStream(streamOf(...examples), reading(how), 3))).toHaveLength(1);
  });

  test('gives the features of each text where some are asked for', async () => {
    const kinds = [{ unit: 'word', min: 1, max: 1 }] as const;
    const { features } = await countCorpus(textStream(['a b', 'a b c', 'c']), kinds);
    const [part] = await collect(encodeStream(streamOf(...examples), { ...reading(how), features }, 3));
    expect(part?.featureRows).toEqual(examples.map(([text]) => features.rowOf(text)));
  });

  test('refuses a stream without examples', async () => {
    await expectMalformed(collect(encodeStream(streamOf(), reading(how), 2)), /at least one example/);
  });
});
