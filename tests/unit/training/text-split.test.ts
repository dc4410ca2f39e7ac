import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { TextSplit } from '../../../src/training/text-split.js';
import { collect, expectMalformed, streamOf } from '../support.js';

const how = { labels: ['neg', 'pos'] };

it('counts examples and classes, and hashes texts with their labels', async () => {
  const texts = [
    ['a b', 'pos'],
    ['č', 'neg'],
    ['𝒳', 'pos'],
  ] as const;
  const digestOf = async (...changed: readonly (readonly [string, string])[]): Promise<string> => {
    const hash = createHash('sha256');
    await collect(new TextSplit(how.labels).read(streamOf(...changed), how, hash));
    return hash.digest('hex');
  };
  const split = new TextSplit(how.labels);
  const read = await collect(split.read(streamOf(...texts), how, createHash('sha256')));
  expect(read.map(({ example, label }) => [example.text, how.labels[label]])).toEqual(texts);
  expect(split).toMatchObject({ count: 3, classCounts: [1, 2], tokens: 0, truncated: 0 });
  const digests = [texts, [...texts].reverse(), texts.map(([text]) => [text, 'pos'] as const)];
  const different = await Promise.all(digests.map((some) => digestOf(...some)));
  expect(new Set(different).size).toBe(3);
  expect(await digestOf(...texts)).toBe(different[0]);
});

it('refuses another label, and a split without examples', async () => {
  const read = (...texts: readonly (readonly [string, string])[]) =>
    collect(new TextSplit(how.labels).read(streamOf(...texts), how, createHash('sha256')));
  await expectMalformed(read(['a', 'other']), /expected a label among neg, pos, got 'other'/);
  await expectMalformed(read(), /at least one example/);
});
