import { expect, test } from 'vitest';
import { ComparedText } from '../../../../src/inspect/audit/compared-text.js';
import { encodingDamage, showsNothing } from '../../../../src/inspect/audit/encoding-damage.js';
import { MinHash } from '../../../../src/inspect/audit/min-hash.js';
import { ShingleHashes } from '../../../../src/inspect/audit/shingles.js';
import { codePointCount } from '../../../../src/text/code-points.js';
import { countSentences } from '../../../../src/text/sentences.js';
import { normalisedText } from '../../../../src/text/normalised-text.js';
import { fuzz } from '../../fuzz/fuzz.js';
import { hostileText } from '../../fuzz/texts.js';

test('sentences, characters and damage are found in any text, in a time that grows with it', async () => {
  const found = new Map<string, number>();
  await fuzz({
    name: 'measures',
    input: hostileText,
    read: (text) => {
      expect(countSentences(text)).toBeGreaterThanOrEqual(1);
      expect(codePointCount(text)).toBe(Array.from(text).length);
      for (const { kind, find } of encodingDamage) {
        const place = find(text);
        if (place < -1 || place >= text.length) throw new Error(`${kind} at ${place} of ${text.length}`);
        if (place >= 0) found.set(kind, (found.get(kind) ?? 0) + 1);
      }
      if (showsNothing(text)) found.set('nothing', (found.get('nothing') ?? 0) + 1);
    },
    refusals: [],
  });
  expect([...found.keys()].sort()).toEqual([...encodingDamage.map(({ kind }) => kind), 'nothing'].sort());
  expect(Math.min(...found.values())).toBeGreaterThan(50);
});

test('any text is normalised, sketched and compared, in a time that grows with it', async () => {
  const hashes = new ShingleHashes();
  const minHash = new MinHash();
  let [same, sketched] = [0, 0];
  await fuzz({
    name: 'near duplicates',
    input: (random) => [hostileText(random), hostileText(random)] as const,
    read: (texts) => {
      const [a, b] = [normalisedText(texts[0]), normalisedText(texts[1])];
      if (normalisedText(a) !== a) throw new Error('normalising again changes a text');
      if (minHash.sketch(hashes.of(a)) !== undefined) sketched++;
      const similarity = new ComparedText(a, hashes).similarityTo(new ComparedText(b, hashes), 0.8);
      if (!(similarity >= 0 && similarity <= 1)) throw new Error(`a similarity of ${similarity}`);
      if (similarity > 0.5) same++;
    },
    refusals: [],
  });
  expect(sketched).toBeGreaterThan(5_000);
  expect(same).toBeGreaterThan(100);
});
