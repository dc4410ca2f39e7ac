import { expect, test } from 'vitest';
import { tokenizerOf } from '../../../../src/text/tokenizers/pipeline.js';
import { steps } from '../../../../src/text/tokenizers/registry.js';
import { fuzz } from '../../fuzz/fuzz.js';
import { mutatedText } from '../../fuzz/mutator.js';
import { hostileText } from '../../fuzz/texts.js';

/** What of a text can be seen: no white space, no joiners, soft hyphens and marks of direction. */
const visible = (text: string): string =>
  text.replace(/[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]+/gu, '');

test.each(steps.map((step) => [`${step.name}@${step.version}`, step] as const))(
  'step %s takes any text, in a time that grows with it',
  async (name, step) => {
    let tokens = 0;
    const outcomes = await fuzz({
      name,
      input: hostileText,
      // A pipeline gives steps well-formed texts only.
      read: (text) => {
        const given = text.toWellFormed();
        const made =
          step.kind === 'token'
            ? given.split(/\s+/u).map((token) => step.apply(token))
            : [step.apply(given)].flat();
        if (!made.every((token) => token.isWellFormed())) throw new Error('half a surrogate pair');
        if (step.kind === 'split') {
          expect(visible(made.join(''))).toBe(visible(given));
          expect(made.includes('')).toBe(false);
        }
        tokens += made.length;
      },
      refusals: [],
    });
    expect(outcomes.valid).toBe(10_000);
    expect(tokens).toBeGreaterThanOrEqual(10_000);
  },
);

test('all steps together take any text', async () => {
  const written = 'nfc,lowercase,strip-diacritics,twokenize,czech-phonetic,czech-stem'.split(',');
  const tokenizer = tokenizerOf(written);
  let tokens = 0;
  await fuzz({
    name: 'all steps',
    input: hostileText,
    read: (text) => {
      const made = tokenizer.tokenize(text);
      if (!made.every((token) => token !== '' && token.isWellFormed())) throw new Error('no token');
      tokens += made.length;
    },
    refusals: [],
  });
  expect(tokens).toBeGreaterThan(100_000);
});

test('any list of steps is a tokenizer or refused', async () => {
  const lists =
    'nfc@1,lowercase@1,words@1 strip-diacritics,graphemes twokenize@1,czech-stem@1 characters'.split(' ');
  await fuzz({
    name: 'lists of steps',
    input: (random) =>
      mutatedText(random, {
        seeds: lists,
        words: [',', '@', '@1', 'words', 'nfc,', 'constructor'],
        mostChanges: 2,
      }),
    read: (list) => {
      const tokenizer = tokenizerOf(list.split(','));
      expect(tokenizer.steps.join()).toMatch(/^[a-z-]+@1(,[a-z-]+@1)*$/);
      expect(tokenizer.tokenize('a b').length).toBeGreaterThan(0);
    },
    refusals: ['USAGE'],
    moreThan: { valid: 100, refused: 5_000 },
  });
});
