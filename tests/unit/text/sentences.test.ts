import { expect, test } from 'vitest';
import { countSentences } from '../../../src/text/sentences.js';

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
  ['你好。。', 1],
  ['「你好。」再见！！ 走。', 3],
  ['Ein Satz.\nNoch einer.', 2],
  ['Řekl: „Ne.“ Odešel.', 2],
  ['»Nej.« Han gik.', 2],
  ['He left. “No,” she said.', 2],
  ['كيف حالك؟ بخير. شكرا', 3],
  ['تم کہاں ہو؟ میں یہاں ہوں۔ اچھا', 3],
  ['वह गया। वह आया।', 2],
])('%j has %i', (text, count) => {
  expect(countSentences(text)).toBe(count);
});

test.each([
  ['stops', '.'.repeat(400_000)],
  ['stops of Chinese', '。'.repeat(400_000)],
  ['closing quotes', `.${'"'.repeat(400_000)}`],
  ['white space', `A.${' '.repeat(400_000)}`],
  ['stops and quotes', '."'.repeat(200_000)],
])('takes a long run of %s in no time', (_, text) => {
  const start = performance.now();
  expect(countSentences(text)).toBe(1);
  // Time that grew with the square of the length would be minutes.
  expect(performance.now() - start).toBeLessThan(2000);
});
