import { expect, test } from 'vitest';
import { countSentences } from '../../../../src/data/describe/sentences.js';

test.each([
  ['', 1],
  ['No stop at all', 1],
  ['One. ', 1],
  ['Mary moved to the garden. Where is Mary?', 2],
  ['Wait… What?! Yes!', 3],
  ['He said "No." She left.', 2],
  ['(Really?) Yes.', 2],
  ['Version 1.5 is out. Try it.', 2],
  ['A thing, e.g. this one, counts once.', 1],
  ['no capitals here . two sentences', 2],
  ['Gde si bio juče? Šta radiš?', 2],
  ['你好。再见！', 2],
  ['你好。。。再见！！', 2],
  ['「你好。」再见！', 2],
  ['Ein Satz.\nNoch einer.', 2],
])('%j has %i', (text, count) => {
  expect(countSentences(text)).toBe(count);
});

test.each(['.', '. ', '.)', '。', '。」', '!。', ' ', '."'])(
  'takes no longer for a long run of %j than to read it',
  (part) => {
    const began = performance.now();
    countSentences(`${part.repeat(300_000)}a A`);
    expect(performance.now() - began).toBeLessThan(2000);
  },
);
