import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt } from '../../../../src/inspect/audit/draft.js';
import { forAll } from '../../support.js';

test('an excerpt is the text where it is short', () => {
  expect(excerpt('x'.repeat(100))).toBe('x'.repeat(100));
  expect(excerpt('😀'.repeat(100), 150)).toBe('😀'.repeat(100));
});

test('an excerpt of a long text shows the place in question', async () => {
  expect(excerpt('x'.repeat(101))).toBe(`${'x'.repeat(100)}…`);
  const text = `${'a'.repeat(200)}!${'b'.repeat(200)}`;
  expect(excerpt(text, 200)).toBe(`…${'a'.repeat(50)}!${'b'.repeat(49)}…`);
  expect(excerpt(text, 399)).toBe(`…${'b'.repeat(100)}`);
  await forAll([fc.array(fc.constantFrom('a', '😀'), { minLength: 101, maxLength: 300 }), fc.nat()]).check(
    (points, seed) => {
      const marked: string[] = [...points];
      marked[seed % points.length] = '!';
      const shown = excerpt(marked.join(''), marked.join('').indexOf('!'));
      expect(shown).toContain('!');
      expect(Array.from(shown).filter((point) => point !== '…')).toHaveLength(100);
    },
  );
});
