import { describe, expect, test } from 'vitest';
import { MalformedLines } from '../../../src/files/malformed.js';
import { advError } from '../support.js';

describe('malformed lines that are left out', () => {
  test('count once each, however often and from wherever their files are read', () => {
    const malformed = new MalformedLines('skip');
    for (const lastOfPass of [2, 5, 1, 5]) {
      for (const file of ['a', 'b']) {
        for (let line = 1; line <= lastOfPass; line++) malformed.report(file, line, 'no tab');
      }
    }
    expect(malformed.skipped.count).toBe(10);
    expect([malformed.firstOf('b'), malformed.firstOf('c')]).toEqual(['b:1: no tab', undefined]);
  });

  test('are too many for a set, and only the first hundred are remembered', () => {
    const malformed = new MalformedLines('skip');
    const lines = 2 ** 24 + 1;
    for (let line = 1; line <= lines; line++) malformed.report('a', line, 'no tab');
    malformed.report('b', 1, 'empty text');
    expect(malformed.skipped.count).toBe(lines + 1);
    expect(malformed.skipped.first).toHaveLength(100);
    expect(malformed.skipped.first[99]).toBe('a:100: no tab');
    expect(malformed.firstOf('b')).toBe('b:1: empty text');
  });

  test('are none where the first one stops', () => {
    const malformed = new MalformedLines();
    expect(() => {
      malformed.report('a', 3, 'no tab');
    }).toThrow(advError('DATA_MALFORMED', /^a:3: no tab$/, /--on-malformed skip/));
    expect(malformed.skipped).toEqual({ count: 0, first: [] });
  });
});
