import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestLineBytes } from '../../../src/files/lines.js';
import { anyPairs, asRecords, labelOrProblem, recordsOf } from './support.js';
import { forAll, matching } from '../support.js';

test('gives back any texts and labels', async () => {
  await forAll([anyPairs, fc.constantFrom('\n', '\r\n')]).check(async (pairs, lineBreak) => {
    const written = pairs.map((pair) => JSON.stringify({ id: 1, ...pair }) + lineBreak).join('');
    expect(await recordsOf(written, 'data.jsonl')).toEqual(asRecords(pairs));
  });
});

test('finds named columns, also those that every object inherits', async () => {
  const named = { textColumn: '__proto__', labelColumn: 'toString' };
  const records = await recordsOf('{"__proto__": "a", "toString": "b"}', 'data.ndjson', named);
  expect(records).toEqual([{ number: 1, text: 'a', label: 'b' }]);
  expect(await recordsOf('{"text": "a"}', 'data.ndjson', { labelColumn: 'toString' })).toEqual([
    { number: 1, problem: "no column 'toString', its columns are: text" },
  ]);
});

test('takes numbers and booleans as labels', async () => {
  const labels = ['"pos"', '1', '1.0', '-0.5', 'true', 'false', '1e3'];
  const lines = labels.map((label) => `{"text": "a", "label": ${label}}\n`).join('');
  const records = await recordsOf(lines, 'data.jsonl');
  expect(records.map(labelOrProblem)).toEqual(['pos', '1', '1', '-0.5', 'true', 'false', '1000']);
});

test.each([
  ['{"text": "a", "label": "b"', /no JSON/],
  ['text\tlabel', /no JSON/],
  ['{', /no JSON, expected a whole object in each line, or an array of objects/],
  ['["a", "b"]', /no object/],
  ['"a"', /no object/],
  ['null', /no object/],
  ['{"label": "b"}', /no column 'text', its columns are: label/],
  ['{"text": null, "label": "b"}', /nothing in column 'text'/],
  ['{"text": 5, "label": "b"}', /the number 5 in column 'text', expected a text/],
  ['{"text": ["a"], "label": "b"}', /a list in column 'text'/],
  ['{"text": "a"}', /no column 'label', its columns are: text/],
  ['{}', /no column 'text', its columns are: none/],
  ['{"text": "a", "label": null}', /nothing in column 'label'/],
  ['{"text": "a", "label": {}}', /an object in column 'label'/],
  [
    '{"text": "a", "label": 9007199254740993}',
    /^a number in column 'label' is too large to be exact as a label/,
  ],
  [
    '{"text": "a", "label": 1e999}',
    /an infinite number in column 'label', expected a finite number or a string/,
  ],
  ['{"text": "\\ud83d", "label": "b"}', /half of a surrogate pair in column 'text'/],
  ['['.repeat(100_000), /no JSON/],
  [`{"text": "${'a'.repeat(longestLineBytes)}", "label": "b"}`, /longer than 1048576 bytes/],
])('says what is wrong with a line and goes on: %#', async (line, problem) => {
  const records = await recordsOf(`${line}\n{"text": "fine", "label": "pos"}`, 'data.jsonl');
  expect(records).toEqual([
    { number: 1, problem: matching(problem) },
    { number: 2, text: 'fine', label: 'pos' },
  ]);
});

test('leaves out blank lines, wherever they stand', async () => {
  const object = '{"text": "fine", "label": "pos"}';
  expect(await recordsOf(`\n${object}\n \t\r\n\n${object}\n\n\n`, 'data.jsonl')).toEqual([
    { number: 2, text: 'fine', label: 'pos' },
    { number: 5, text: 'fine', label: 'pos' },
  ]);
});

test('lists many columns shortened', async () => {
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 30 }, (_, place) => [`c${place}`, 1])));
  const [record] = await recordsOf(many, 'data.jsonl');
  expect(record).toEqual({ number: 1, problem: matching(/c19, … \(30 in all\)$/) });
});
