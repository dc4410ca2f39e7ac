import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type NgramKind } from '../../../../src/text/ngrams/kind.js';
import { ngramHashes } from '../../../../src/text/ngrams/ngrams.js';
import { countTerms } from '../../../../src/text/ngrams/term-counts.js';
import { forAll } from '../../support.js';

/** N-grams as strings, by slicing lists. */
function naiveNgrams(text: string, kinds: readonly NgramKind[]): string[] {
  const plain = text.toLowerCase().replace(/\s+/gu, ' ').trim();
  return kinds.flatMap(({ unit, min, max }) => {
    const units =
      unit === 'char'
        ? Array.from(` ${plain} `)
        : Array.from(plain.matchAll(/[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s]/gu), ([word]) => word);
    return units.flatMap((_, first) =>
      Array.from({ length: max - min + 1 }, (__, more) => units.slice(first, first + min + more))
        .filter((run, more) => run.length === min + more)
        .map((run) => JSON.stringify([unit, run])),
    );
  });
}

const kindsOf = fc.uniqueArray(
  fc.record({
    unit: fc.constantFrom('char' as const, 'word' as const),
    min: fc.integer({ min: 1, max: 3 }),
    more: fc.integer({ min: 0, max: 3 }),
  }),
  { selector: ({ unit }) => unit, minLength: 1 },
);

it('gives each run of characters and of words a hash of its own, as often as it occurs', async () => {
  const texts = fc.string({
    unit: fc.constantFrom('a', 'A', 'b', 'č', ' ', '𝒳', '\t', '.', '\u0301', '-'),
    maxLength: 60,
  });
  await forAll([texts, kindsOf]).check((text, drawn) => {
    const kinds = drawn.map(({ unit, min, more }) => ({ unit, min, max: min + more }));
    const naive = naiveNgrams(text, kinds);
    const hashes = Array.from(ngramHashes(text, kinds));
    expect(hashes).toHaveLength(naive.length);
    const named = new Map(naive.map((name, place) => [name, hashes[place]]));
    expect(new Set(named.values()).size).toBe(named.size);
    expect(naive.map((name) => named.get(name))).toEqual(hashes);
    const { hashes: rising, counts } = countTerms(text, kinds);
    expect(Array.from(rising)).toEqual([...new Set(hashes)].sort((one, other) => one - other));
    expect(Array.from(counts)).toEqual(
      Array.from(rising, (hash) => hashes.filter((other) => other === hash).length),
    );
  });
});

it('counts case and white space for nothing', () => {
  const kinds = [
    { unit: 'char', min: 1, max: 3 },
    { unit: 'word', min: 1, max: 2 },
  ] as const;
  expect(ngramHashes(' A\t\nB ', kinds)).toEqual(ngramHashes('a b', kinds));
  expect(ngramHashes('ab', kinds)).not.toEqual(ngramHashes('a b', kinds));
});

it('tells a character from a word of one letter', () => {
  const [char] = ngramHashes('x', [{ unit: 'char', min: 3, max: 3 }]);
  const [word] = ngramHashes('x', [{ unit: 'word', min: 1, max: 1 }]);
  expect(char).not.toBe(word);
});
