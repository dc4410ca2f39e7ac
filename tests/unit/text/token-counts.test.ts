import { expect, test } from 'vitest';
import { TokenCounts, unknownShare } from '../../../src/text/token-counts.js';

function counted(...tokens: readonly string[]): TokenCounts {
  const counts = new TokenCounts();
  counts.add(tokens);
  return counts;
}

test('counts tokens, types and frequencies', () => {
  const counts = counted('b', 'a', 'b', 'c', 'b', 'a');
  expect([counts.total, counts.types]).toEqual([6, 3]);
  expect([...counts.frequencies()]).toEqual([3, 2, 1]);
});

test('names the most frequent, equal ones by code point', () => {
  expect(counted('b', 'a', 'c', 'c', 'd').mostFrequent(3)).toEqual([
    { token: 'c', count: 2 },
    { token: 'a', count: 1 },
    { token: 'b', count: 1 },
  ]);
  expect(counted('a').mostFrequent(3)).toHaveLength(1);
  expect(counted().mostFrequent(3)).toEqual([]);
});

test('says what training data lacks', () => {
  // c, c, c and d of six tokens; c and d of three types.
  expect(unknownShare(counted('a', 'b'), counted('a', 'a', 'c', 'c', 'c', 'd'))).toEqual({
    tokens: 4 / 6,
    types: 2 / 3,
  });
  expect(unknownShare(counted('a'), counted())).toEqual({ tokens: 0, types: 0 });
});
