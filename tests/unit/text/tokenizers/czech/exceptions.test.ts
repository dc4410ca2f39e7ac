import { describe, expect, test } from 'vitest';
import { apart, hard, regular, respelled } from '../../../../../src/text/tokenizers/czech/exceptions.js';
import { respell } from '../../../../../src/text/tokenizers/czech/respelling.js';
import { wordRows } from '../../../support.js';

const written = [
  ...hard,
  ...apart.map((entry) => entry.replace('|', '')),
  ...regular,
  ...respelled.map(([letters]) => letters),
];

describe('every exception', () => {
  test('has three letters or more, with marks at its ends only', () => {
    expect(written.filter((entry) => !/^\^?[a-záčďéěíľňóřšťúůýž]{3,}\$?$/u.test(entry))).toEqual([]);
  });

  test('is listed once', () => {
    expect(written.filter((entry, place) => written.indexOf(entry) !== place)).toEqual([]);
  });

  test('that keeps d, t or n hard has one before i', () => {
    expect(hard.filter((entry) => !/[dtn][ií]/u.test(entry))).toEqual([]);
  });

  test('that keeps letters apart has one seam', () => {
    expect(apart.filter((entry) => !/^[^|]+\|[^|]*$/u.test(entry))).toEqual([]);
  });

  test('that is read in another way says how', () => {
    expect(respelled.filter(([, spoken]) => !/^\p{Ll}[\p{Ll}|]+$/u.test(spoken))).toEqual([]);
  });
});

test.each([
  ...wordRows(`
      politika polit|ika  nejpolitičtější nejpolit|ičtější  tikat tikat  nauka na|uka
      protiútok proti|útok  neexistuje neegzistuje  nejnepoužitelnější nejnepo|užitelnější
      neurolog neurolog  neurovnaný ne|urovnaný  definitivní defin|it|ivní  organismus organ|izmus
      muzeum muze|um  ab ab`),
  ['', ''],
])('respell %s: %s', (word, spelling) => {
  expect(respell(word)).toBe(spelling);
});
