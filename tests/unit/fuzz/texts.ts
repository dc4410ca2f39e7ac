import type { Random } from '../../../src/base/random.js';
import { mutatedText } from './mutator.js';

/** Texts of many languages and manners, to be mutated. */
const texts = [
  'Žluťoučký kůň úpěl ďábelské ódy; mně i mě se to líbí :-)) viz www.seznam.cz/film?x=1&amp;y=2.',
  "RT @user: don't miss the U.S. #film at 10:30pm!!! (It's 3,50 $ & 1,234.5 %)... http://a.com/b_(c)",
  'Mr. Smith said: "Hello." Then? NO! … and so on。句子！もう一つ？ عدد ١٢٣، नमस्ते दुनिया กำลัง',
  'Ã©tÃ© â€™ Å™ ĂŠ zvlášť NESTLÉ® 👩‍👩‍👧 👍🏽 🇨🇿 e\u0301 \u200d\ufe0f ^_^ <3 \\o/ ¯\\_(ツ)_/¯',
  'ČSFD s.r.o. např. 8.6.2013 v 7 p.m., dž dz ch qu wx ije dítě nikdy; rozzuřený předseda',
  '',
];

/** Parts that steps look at for long, with bars between: repeated, they show time that grows faster than the text. */
const runs = [
  ..."a|.| |\t|!|. |a.|a. |\u0301|e\u0301|1|1,|1.|1:|:|:-|-|--|_|@|#|a@|'|a'|\"|(|)|)]|<|&".split('|'),
  ...'&amp|&#|/|http://|www.|a.b|a-|%|…|。|š|dž|Ã|â€|\ud83d|\udc4d|👍|\u200d|👩\u200d|🇨|\ufe0f'.split('|'),
  ...'\u1100|क्|กำ|\u0600|^|=|\u00ad|\u202e|nn|ii'.split('|'),
];

/** Units of a long text: the longest line of a file has a few times as many, and time that grows with the square shows. */
const longest = 1 << 17;

/** A hostile text: a mutated one, or, rarely, a long run of something between others. */
export function hostileText(random: Random): string {
  const text = mutatedText(random, { seeds: texts });
  if (random.below(200) > 0) return text;
  const part = random.pick(runs) + (random.below(2) === 0 ? '' : random.pick(runs));
  const units = 1 << (10 + random.below(8));
  return text + part.repeat(Math.min(units, longest) / part.length) + random.pick(['', 'a', ' ', 'A', text]);
}
