import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { czechStem } from '../../../../src/text/tokenizers/czech-stem.js';
import { anyUnits, forAll, wordRows } from '../../support.js';

const apply = (token: string) => czechStem.apply(token);
const words = (text: string) => text.trim().split(/\s+/u);

/** Forms of one word by the tables of Czech declension, and the stem that the published rules leave. */
const forms: [stem: string, forms: string][] = [
  // Masculine, hard and soft.
  ['hrad', 'hrad hradu hradě hradem hrady hradů hradům hradech'],
  ['pán', 'pán pána pánovi páne pánem páni pánové pánů pánům pánech'],
  ['předsd', 'předseda předsedy předsedovi předsedu předsedou předsedové předsedů předsedům'],
  ['muh', 'muž muže muži mužem mužové mužů mužům mužích'],
  ['stol', 'stůl stolu stole stolem stoly stolů stolům stolech'],
  ['orl', 'orel orla orlovi orlem orli orlů orlům'],
  // Feminine: the softened consonants of dative and plural go back.
  ['knih', 'kniha knihy knize knihu knihou knih knihám knihách knihami'],
  ['ruk', 'ruka ruky ruce ruku rukou rukama'],
  ['matk', 'matka matky matce matku matkou matkám matkách matkami matčin'],
  ['růh', 'růže růži růží růžích růžemi'],
  ['kost', 'kost kosti kostem kostmi kostech'],
  // Neuter.
  ['měst', 'město města městu městě městem městům městech'],
  ['kuř', 'kuře kuřete kuřeti kuřetem kuřata kuřatům kuřatech'],
  ['stavn', 'stavení stavením staveními'],
  // Adjectives and possessives.
  ['mlad', 'mladý mladého mladému mladém mladým mladá mladé mladou mladých mladými'],
  ['jarn', 'jarní jarního jarnímu jarním jarních jarními'],
  ['anglick', 'anglický anglického anglickým angličtí'],
  ['česk', 'český čeští českého českých'],
  ['karl', 'karlův karlova karlovi karlem'],
];

test.each(forms)('forms of a word share the stem %s', (stem, all) => {
  for (const form of words(all)) expect([form, apply(form)]).toEqual([form, stem]);
});

test.each(
  wordRows(`
    hrad had  kniha knír  město místo  pán pan  muž můra  matka máta  mladý mladík  ruka roka
    dobrý dobytek  film filmař`),
)('%s and %s keep different stems', (one, other) => {
  expect(apply(one)).not.toBe(apply(other));
});

describe('short words', () => {
  test.each(words('a i je se na že už až ač ty my za co už'))('%s stays', (word) => {
    expect(apply(word)).toBe(word);
  });

  test.each(wordRows(`psi psi  ale ale  oko oko  byl byl  noc nok  dům dom  pes ps`))(
    '%s of three letters loses no ending: %s',
    (word, stem) => {
      expect(apply(word)).toBe(stem);
    },
  );
});

test('capitals are lower-cased and letters composed', () => {
  expect(apply('KNIHY')).toBe('knih');
  expect(apply('mlady\u0301mi')).toBe('mlad');
});

test.each([
  ...[':-)', ':D', 'xD', 'XDDD', '😀', 'http://www.seznam.cz/knihy', 'Jan@firmy.cz', '#knihy', '@matky'],
  ...['2', '1,234.50', 'h2o', 'covid-19', "o'neilovi", 'česko-slovenskými', '!!!', '', ' ', '\ud800'],
])('what is no word stays: %j', (token) => {
  expect(apply(token)).toBe(token);
});

describe('any text', () => {
  const czechWord = fc.string({
    unit: fc.constantFrom(...Array.from('aábcčdďeéěfghiíjklmnňoóprřsštťuúůvyýzž')),
    minLength: 1,
  });
  const anyText = fc.oneof(czechWord, fc.string({ unit: 'binary' }), anyUnits(), anyUnits(0x24f));

  test('gives the same twice, never nothing, and no lone half of a character', async () => {
    await forAll([anyText], { numRuns: 2000 }).check((text) => {
      const stem = apply(text);
      expect(apply(text)).toBe(stem);
      expect(stem === '').toBe(text === '');
      expect(stem.isWellFormed()).toBe(text.isWellFormed());
    });
  });

  test('a stem is no longer than its word and differs from its beginning in the last two letters only', async () => {
    await forAll([czechWord], { numRuns: 1000 }).check((word) => {
      const stem = apply(word);
      expect(stem.length).toBeLessThanOrEqual(word.length);
      expect(stem.length).toBeGreaterThanOrEqual(Math.min(word.length, 2));
      expect(word.startsWith(stem.slice(0, -2))).toBe(true);
    });
  });

  test('an ending leaves at least three letters of a Czech word before the e that comes and goes', async () => {
    await forAll([fc.constantFrom(...words('atech ětem ech ami ovi em ou a ý'))]).check((ending) => {
      expect(apply(`st${ending}`).length).toBeGreaterThanOrEqual(2);
      expect(apply(`trn${ending}`)).toBe('trn');
    });
  });

  test('takes time in proportion to its length', () => {
    const started = performance.now();
    for (const unit of ['a', 'ř', 'ovi', 'e', 'あ']) apply(unit.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
