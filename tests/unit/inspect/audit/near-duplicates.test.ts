import { expect, test } from 'vitest';
import { MinHash } from '../../../../src/inspect/audit/min-hash.js';
import { findNearDuplicates } from '../../../../src/inspect/audit/near-duplicates.js';
import type { NearPair, SketchedTexts } from '../../../../src/inspect/audit/near-pairs.js';
import { jaccard, ShingleHashes, shingles } from '../../../../src/inspect/audit/shingles.js';
import { Sketches } from '../../../../src/inspect/audit/sketches.js';
import { Random } from '../../../../src/base/random.js';
import { expectInterrupted } from '../../support.js';

/** Texts in memory; without a choice, all are of the first split. */
function sketched(
  texts: readonly string[],
  splits: readonly number[] = texts.map(() => 1),
  words: readonly number[] = texts.map((_, text) => text),
): SketchedTexts {
  const [minHash, hashes, sketches] = [new MinHash(), new ShingleHashes(), new Sketches()];
  for (const text of texts) sketches.add(minHash.sketch(hashes.of(text)));
  return {
    count: texts.length,
    sketches,
    wordsOf: (text) => words[text] ?? -1,
    splits: Uint8Array.from(splits),
    lengthOf: (text) => texts[text]?.length ?? 0,
    read: (wanted) => Promise.resolve(wanted.map((text) => texts[text] ?? '')),
  };
}

async function search(texts: SketchedTexts, threshold = 0.8) {
  const pairs: NearPair[] = [];
  const result = await findNearDuplicates(texts, threshold, (pair) => pairs.push(pair));
  return { ...result, near: [...result.near], pairs };
}

/** Sentences of random words, each of some with a copy in which one letter is changed. */
function seededTexts(count: number): string[] {
  const random = new Random(3, 'texts');
  const word = () =>
    Array.from({ length: 2 + random.below(6) }, () => random.pick('aeioukrtsmnlpd'.split(''))).join('');
  return Array.from({ length: count }, () =>
    Array.from({ length: 20 + random.below(25) }, word).join(' '),
  ).flatMap((text) => {
    if (random.below(3) > 0) return [text];
    const place = random.below(text.length);
    return [text, `${text.slice(0, place)}z${text.slice(place + 1)}`];
  });
}

test('finds every text that has a near duplicate, and no other', async () => {
  const texts = seededTexts(250);
  const sets = texts.map(shingles);
  const { near, pairs, limited } = await search(sketched(texts));
  const partners = sets.map((a, place) =>
    Math.max(...sets.map((b, other) => (other === place ? 0 : jaccard(a, b)))),
  );
  expect(partners.filter((similarity) => similarity >= 0.9).length).toBeGreaterThan(120);
  for (const [place, similarity] of partners.entries()) {
    if (similarity >= 0.9) expect(near[place], texts[place]).toBe(1);
    if (similarity < 0.8) expect(near[place], texts[place]).toBe(0);
  }
  for (const { texts: compared, similarity } of pairs) {
    const [a, b] = compared;
    expect(a).toBeGreaterThan(b);
    expect(similarity).toBe(jaccard(sets[a] ?? new Set(), sets[b] ?? new Set()));
    expect(similarity).toBeGreaterThanOrEqual(0.8);
  }
  expect(limited).toBe(0);
});

test('compares few texts that are not near duplicates', async () => {
  const texts = sketched(seededTexts(400));
  const { compared, pairs } = await search(texts);
  expect(compared).toBeLessThan(1.1 * pairs.length);
});

test('draws the line at the threshold', async () => {
  // 100 different letters in a row have 96 shingles; a new letter at the end changes one: 95 of 97.
  const line = Array.from({ length: 100 }, (_, place) => String.fromCodePoint(0x4e00 + place)).join('');
  const texts = [line, `${line.slice(0, -1)}!`];
  expect((await search(sketched(texts), 95 / 97)).near).toEqual([1, 1]);
  expect((await search(sketched(texts), 95 / 97 + 1e-9)).near).toEqual([0, 0]);
});

test('says for each text in which splits it has near duplicates', async () => {
  const [a = '', b = '', c = ''] = seededTexts(40).filter((text) => !text.includes('z'));
  const texts = [a, `${a}!`, b, `${b}!`, c, `${a}?`];
  // Bits 1, 2 and 4 are training, validation and test data; the fourth text is in two of them, the last takes no part.
  const { near } = await search(sketched(texts, [1, 2, 1, 1 | 4, 1, 0]));
  expect(near).toEqual([2, 1, 1 | 4, 1, 0, 0]);
});

test('finds all members of a large family without comparing all pairs', async () => {
  const [text = ''] = seededTexts(1);
  const family = Array.from({ length: 800 }, (_, number) => `${text}${text} ${number}`);
  const { near, compared } = await search(sketched(family));
  expect(near.every((bits) => bits === 1)).toBe(true);
  expect(compared).toBeLessThan(8000);
});

test('bounds its work where texts are much alike but no near duplicates, and says so', async () => {
  const random = new Random(4, 'own parts');
  const line = (first: number, length: number) =>
    Array.from({ length }, (_, place) => String.fromCodePoint(first + place)).join('');
  // 146 common shingles and 31 of its own each: any two have a similarity of 146 in 208, about 0.70.
  const texts = Array.from(
    { length: 1200 },
    (_, number) => `${line(0x4e00, 150)}${line(0x20000 + 40 * number, 31)}`,
  );
  expect(jaccard(shingles(texts[0] ?? ''), shingles(texts[random.below(1199) + 1] ?? ''))).toBe(146 / 208);
  const { compared, limited, near } = await search(sketched(texts));
  expect(near.every((bits) => bits === 0)).toBe(true);
  expect(compared).toBeLessThanOrEqual(1200 * 1000);
  expect(limited).toBeGreaterThan(0);
});

test('takes texts of the same words for near duplicates, whatever their similarity', async () => {
  const texts = ['yes, a b.', 'yes a b', 'no a c', '"yes" (a) b!!!'];
  const { near, pairs } = await search(sketched(texts, [1, 2, 2, 4], [0, 0, 1, 0]));
  expect(near).toEqual([2 | 4, 1 | 4, 0, 1 | 2]);
  expect(pairs.length).toBeGreaterThan(1);
  for (const { texts: compared, similarity } of pairs) {
    const [a, b] = compared;
    expect(similarity).toBe(jaccard(shingles(texts[a] ?? ''), shingles(texts[b] ?? '')));
    expect(similarity).toBeLessThan(0.8);
  }
});

test('finds what a text has in another split behind a thousand copies in its own', async () => {
  const [text = ''] = seededTexts(1);
  const [letters, own] = [Array.from(text.repeat(3)), 0x4e00];
  const copies = Array.from({ length: 1800 }, (_, number) =>
    letters.with(number % letters.length, String.fromCodePoint(own + number)).join(''),
  );
  const splits = copies.map((_, number) => (number < 100 ? 1 : 4));
  const { near } = await search(sketched(copies, splits));
  expect(near.slice(0, 100).every((bits) => bits === (1 | 4))).toBe(true);
  expect(near.slice(100).filter((bits) => bits !== (1 | 4))).toEqual([]);
});

test('lets other work through while it compares', async () => {
  const random = new Random(7, 'pairs');
  const lines = Array.from({ length: 2500 }, () =>
    Array.from({ length: 60 }, () => String.fromCodePoint(0x4e00 + random.below(20_000))).join(''),
  );
  const texts = sketched(lines.flatMap((line) => [line, `${line}!`]));
  const controller = new AbortController();
  let pairs = 0;
  const read: SketchedTexts['read'] = (wanted) => {
    setImmediate(() => {
      controller.abort();
    });
    return texts.read(wanted);
  };
  const searching = findNearDuplicates({ ...texts, read }, 0.8, () => (pairs += 1), controller);
  await expectInterrupted(searching);
  expect(pairs).toBeGreaterThan(0);
  expect(pairs).toBeLessThanOrEqual(1024);
});

test('gives the same result each time', async () => {
  const texts = seededTexts(100);
  expect(await search(sketched(texts))).toEqual(await search(sketched(texts)));
});

test('stops when the signal has fired', async () => {
  const searching = findNearDuplicates(sketched(['a', 'b']), 0.8, () => undefined, {
    signal: AbortSignal.abort(),
  });
  await expectInterrupted(searching);
});
