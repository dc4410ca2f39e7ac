import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ComparedText, jaccardOfSorted, sortedSet } from '../../../../src/inspect/audit/compared-text.js';
import { jaccard, ShingleHashes, shingles } from '../../../../src/inspect/audit/shingles.js';
import { forAll } from '../../support.js';

describe('shingles', () => {
  test('are all substrings of five code points', () => {
    expect([...shingles('abcdefg')]).toEqual(['abcde', 'bcdef', 'cdefg']);
    expect([...shingles('ab😀de')]).toEqual(['ab😀de']);
    expect([...shingles('ab😀def')]).toEqual(['ab😀de', 'b😀def']);
    expect([...shingles('aaaaaaaa')]).toEqual(['aaaaa']);
  });

  test('are the text itself where it is shorter', () => {
    expect([...shingles('abc')]).toEqual(['abc']);
    expect(shingles('').size).toBe(0);
  });
});

describe('jaccard', () => {
  test('is what two sets share over what they have', () => {
    // abcde is common; bcdef and bcdeg are not.
    expect(jaccard(shingles('abcdef'), shingles('abcdeg'))).toBe(1 / 3);
    expect(jaccard(shingles('abcdef'), shingles('abcdef'))).toBe(1);
    expect(jaccard(shingles('abcdef'), shingles('uvwxyz'))).toBe(0);
    expect(jaccard(new Set(), new Set())).toBe(0);
  });

  test('falls by five shingles of each text for a letter that differs', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    // 22 shingles each, 17 of them common.
    expect(jaccard(shingles(letters), shingles(letters.replace('m', '-')))).toBe(17 / 27);
  });
});

test('jaccardOfSorted is that of the sets, whatever repeats', async () => {
  const list = fc.array(fc.integer({ min: -8, max: 8 }), { maxLength: 30 });
  await forAll([list, list]).check((a, b) => {
    const expected = jaccard(new Set(a.map(String)), new Set(b.map(String)));
    const [sortedA, sortedB] = [a, b].map((values) => sortedSet(Int32Array.from(values)));
    expect(sortedA && sortedB && jaccardOfSorted(sortedA, sortedB)).toBe(expected);
  });
});

const compared = (text: string) => new ComparedText(text, new ShingleHashes());

test('ComparedText says exactly how alike two texts are where that reaches the threshold', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const changed = letters.replace('m', '-');
  expect(compared(letters).similarityTo(compared(changed), 17 / 27)).toBe(17 / 27);
  expect(compared(letters).similarityTo(compared(changed), 0.8)).toBeLessThan(0.8);
  expect(compared('').similarityTo(compared(''), 0.8)).toBe(0);
});

describe('ShingleHashes', () => {
  const unit = fc.constantFrom('a', 'b', 'ž', '😀', '😁', '\u0000', '\ud800');

  test('are equal where shingles are', async () => {
    const hashes = new ShingleHashes();
    await forAll([fc.string({ unit, maxLength: 60 })]).check((text) => {
      const seen = new Map<string, number>();
      const points = Array.from(text);
      const count = points.length === 0 ? 0 : Math.max(1, points.length - 4);
      const computed = [...hashes.of(text)];
      expect(computed).toHaveLength(count);
      for (const [place, hash] of computed.entries()) {
        const shingle = points.slice(place, place + 5).join('');
        expect(seen.get(shingle) ?? hash).toBe(hash);
        seen.set(shingle, hash);
      }
      expect(new Set(seen.values()).size).toBe(seen.size);
    });
  });

  test('do not depend on the texts before', () => {
    const once = [...new ShingleHashes().of('a text of some length')];
    const again = new ShingleHashes();
    again.of('x'.repeat(5000));
    expect([...again.of('a text of some length')]).toEqual(once);
    expect(once).toEqual([...new ShingleHashes().of('a text of some length')]);
  });
});
