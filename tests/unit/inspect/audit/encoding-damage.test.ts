import { describe, expect, test } from 'vitest';
import { encodingDamage, showsNothing } from '../../../../src/inspect/audit/encoding-damage.js';
import { findMojibake } from '../../../../src/inspect/audit/mojibake.js';

/** What UTF-8 becomes when it is decoded as another encoding: a character a byte. */
function misread(
  text: string,
  encoding: 'latin1' | 'windows-1252' | 'windows-1250' | 'windows-1251',
): string {
  const bytes = Buffer.from(text);
  if (encoding === 'windows-1250' || encoding === 'windows-1251')
    return new TextDecoder(encoding).decode(bytes);
  const signs = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
  if (encoding === 'latin1') return bytes.toString('latin1');
  return bytes
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (sign) => signs[sign.charCodeAt(0) - 0x80] ?? '');
}

const isMojibake = (text: string): boolean => findMojibake(text) >= 0;

describe('findMojibake', () => {
  test('says where', () => {
    expect(findMojibake('a dÃ©jÃ  vu')).toBe(3);
    expect(findMojibake('nothing')).toBe(-1);
  });

  test.each([
    ['Ã©', 'é as Latin-1'],
    ['pÅ™Ã­klad', 'Czech as Windows-1252'],
    ['itâ€™s', 'an apostrophe'],
    ['he said â€œnoâ€\u009d', 'quotes'],
    ['Ð¿Ñ€Ð¸Ð²ÐµÑ‚', 'Cyrillic'],
    ['50 Â£', 'a sign of Latin-1'],
    ['Å“uvre', 'a ligature'],
    ['dlouhĂ˝', 'Czech as Windows-1250'],
    ['nemĹŻĹľe', 'Czech as Windows-1250'],
    ['caf\u00c3\u0083', 'twice misread, with a control character'],
    ['wait â€¦', 'dots'],
    ['gyÅ±rÅ±', 'Hungarian'],
    ['PЕ™Г­liЕЎ pЕ™Г­klad', 'Czech as Windows-1251'],
    ['itвЂ™s', 'an apostrophe as Windows-1251'],
    ['pøíèina', 'Czech of Windows-1250 as Windows-1252'],
    ['ìžko dobøe', 'Czech of Windows-1250 as Windows-1252'],
    ['my¹lenka', 'Czech of Latin-2 as Latin-1'],
    ['mo¾ná', 'Czech of Latin-2 as Latin-1'],
  ])('takes %j for damage (%s)', (text) => {
    expect(isMojibake(text)).toBe(true);
  });

  test.each([
    ...['Příliš žluťoučký kůň úpěl ďábelské ódy', 'plášť zvlášť píšťala dešť „já“… á“… náš“'],
    ...['Ătia, Ăştia ORĂŞEL', 'IRMÃ» JOÃO São É… Ó… É—disse', 'NESTLÉ® CAFÉ™ 2×½ groß»'],
    ...['Ärger über Öl, Größe', 'ÅNGSTRÖM “Å”', 'Здравствуйте', 'naïve façade à « droite »'],
    ...['plain text', 'film ´´Vlčí jáma´´, í´´ á´´ dobrá¨¨¨ é•• text', '3 Å² 10 Å±1 Å³'],
    ...['Здравствуйте, «НАТО» – 20 С°, дом А№5, текст•• Р•••', 'ситуацијата во „БиХ“, изјави'],
    ...['Ђорђе је рекао: „Нећу!“ ТЕСТ™ Слово…', 'smørrebrød og crème brûlée på øen'],
    ...['è più così, perché no', 'føroyskt íløga øll', 'foo¹ bar¾ 2¾ cup m¹ x¹, y'],
  ])('takes %j for what it is', (text) => {
    expect(isMojibake(text)).toBe(false);
  });

  test.each(['latin1', 'windows-1252', 'windows-1250', 'windows-1251'] as const)(
    'finds Czech, French, Russian and English misread as %s',
    (encoding) => {
      const texts = [
        'Dneska je krásný den, půjdeme ven.',
        'Řekl, že nemůže přijít.',
        'Vůbec se mi to nelíbilo, škoda peněz.',
        'Il a été très déçu par le garçon.',
        'Где ты был вчера?',
        'It’s a “quote” – really.',
      ];
      for (const text of texts) {
        expect(isMojibake(text), text).toBe(false);
        expect(isMojibake(misread(text, encoding)), misread(text, encoding)).toBe(true);
      }
    },
  );
});

test('findMojibake finds â€ wherever it stands, because nothing else looks like it', () => {
  // Alone, the punctuation behind a small letter would be taken for a quotation that ends.
  expect(findMojibake('he said â€œ')).toBe(8);
  expect(findMojibake('end â€…')).toBe(4);
});

const kindsOf = (text: string) =>
  encodingDamage.filter(({ find }) => find(text) >= 0).map(({ kind }) => kind);

test.each([
  ['fine text, tab\tand ž', []],
  ['lost \ufffd letter', ['replacement-character']],
  ['bell \u0007', ['control-character']],
  ['C1 \u0085', ['control-character']],
  ['half \ud83d', ['lone-surrogate']],
  ['whole \ud83d\ude00', []],
  ['z\u030c', ['not-composed']],
  ['black &amp; white', ['html-entity']],
  ['&quot;no&quot; &#38 ; &#x26;', ['html-entity']],
  ['a&nbsp;b', ['html-entity']],
  ['&laquo;d&eacute;j&agrave;&raquo;', ['html-entity']],
  ['AT&T; R&D; Simon & Garfunkel; a&b;', []],
  ['Ã©\u0000\ufffd', ['replacement-character', 'mojibake', 'control-character']],
])('encodingDamage finds in %j: %j', (text, kinds) => {
  expect(kindsOf(text)).toEqual(kinds);
});

test('damage is found where it is', () => {
  const places = (text: string) => encodingDamage.map(({ find }) => find(text)).filter((place) => place >= 0);
  expect(places('ab\ufffd')).toEqual([2]);
  expect(places('ab\u0000')).toEqual([2]);
  expect(places('😀a\udc00')).toEqual([3]);
  expect(places('abz\u030c')).toEqual([2]);
});

test('showsNothing is true for texts of invisible characters only', () => {
  for (const text of [' \t', '\u200b\u00ad', '', '\u0000', '\ufeff \u2060'])
    expect(showsNothing(text), text).toBe(true);
  for (const text of ['.', 'a', '😀', '\u200bx', '?']) expect(showsNothing(text), text).toBe(false);
});
