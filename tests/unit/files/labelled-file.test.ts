import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EmptyRows } from '../../../src/files/empty-rows.js';
import { anyLabel, oneOf } from '../../../src/files/label-rule.js';
import { readExamples, type LabelledFile } from '../../../src/files/labelled-file.js';
import { MalformedLines } from '../../../src/files/malformed.js';
import { collect, expectMalformed, fileWith, forAll, matching } from '../support.js';

const examplesOf = async (path: string, more: Partial<LabelledFile> = {}) => {
  const how = { split: 'train', rule: anyLabel, malformed: new MalformedLines(), signal: undefined };
  return collect(readExamples({ path, ...how, ...more }));
};

describe('readExamples', () => {
  test('gives text, label and an id of split and line', async () => {
    const file = await fileWith('good film\tpos\r\n bad film \t neg \n');
    expect(await examplesOf(file)).toEqual([
      { id: 'train:1', text: 'good film', label: 'pos' },
      { id: 'train:2', text: ' bad film ', label: 'neg' },
    ]);
  });

  test.each([
    ['no tab here', /no tab/],
    ['a\tb\tc', /2 tabs, expected exactly one/],
    ['  \tpos', /empty text/],
    ['text\t ', /empty label/],
    ['text\tother', /unknown label 'other', expected one of neg, pos/],
    [Uint8Array.from([0xff, 0x09, 0x61]), /invalid UTF-8 at byte 1/],
  ])('stops at %j with file and line, or skips it', async (line, problem) => {
    const content = Buffer.concat([
      Buffer.from('ok\tpos\n'),
      Buffer.from(line),
      Buffer.from('\nfine\tneg\n'),
    ]);
    const file = await fileWith(content);
    const rule = oneOf(['neg', 'pos']);
    await expectMalformed(
      examplesOf(file, { rule }),
      new RegExp(`data\\.tsv:2: .*${problem.source}`),
      /--on-malformed skip\.( If the whole file is in another encoding, .*)?$/,
    );
    const malformed = new MalformedLines('skip');
    const labels = (await examplesOf(file, { rule, malformed })).map(({ label }) => label);
    expect(labels).toEqual(['pos', 'neg']);
    expect(malformed.skipped).toEqual({ count: 1, first: [matching(problem)] });
    await examplesOf(file, { rule, malformed });
    expect(malformed.skipped.count).toBe(1);
  });

  test.each([
    [
      'data.tsv',
      'Gr\xfc\xdfe\tpos\n',
      {},
      /^Correct the record.* convert it: iconv -f WINDOWS-1252 -t UTF-8 \S+data\.tsv > NEW$/,
    ],
    ['data.csv', 'text,label\ncaf\xe9,pos\n', {}, /^Correct the record.* convert it: iconv -f WINDOWS-1252/],
    ['data.csv', 'Gr\xf6\xdfe,label\na,pos\n', {}, /^The first record .* convert it: iconv -f WINDOWS-1252/],
    ['data.tsv', 'Gr\xf6\xdfe\tlabel\na\tpos\n', { header: true }, /^The first line .* convert it: iconv -f/],
    ['data.jsonl', '{"text": "caf\xe9", "label": "pos"}\n', {}, /convert it: iconv -f WINDOWS-1252/],
    ['data.json', '[{"text": "caf\xe9", "label": "pos"}]', {}, /convert it: iconv -f WINDOWS-1252/],
    [
      'data.tsv.gz',
      'caf\xe9\tpos\n',
      {},
      /convert it: gunzip < \S+data\.tsv\.gz \| iconv -f WINDOWS-1252 -t UTF-8 > NEW$/,
    ],
  ])('says how to convert a whole file in another encoding: %s %j', async (name, text, form, hint) => {
    const bytes = Buffer.from(text, 'latin1');
    const path = await fileWith(name.endsWith('.gz') ? gzipSync(bytes) : bytes, name);
    await expectMalformed(examplesOf(path, { form }), /: invalid UTF-8 at byte/, hint);
  });

  test('refuses a label that would break the lines it is printed in', async () => {
    const file = await fileWith('{"text": "a", "label": "p\\tos"}\n', 'data.jsonl');
    await expectMalformed(examplesOf(file), /data\.jsonl:1: label with a tab or a line break/);
  });

  test('accounts for every line of any bytes: an example, an empty row or a reason', async () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r\n', '\t', 'text\tlabel\n', ' ').map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    );
    await forAll([fc.array(piece, { maxLength: 30 })], { numRuns: 60 }).check(async (pieces) => {
      // What the file begins with is no mark of another kind of file, and no CR alone ends all its lines.
      const content = Buffer.concat([Buffer.from('a\tb\n'), ...pieces]);
      const malformed = new MalformedLines('skip');
      const emptyRows = new EmptyRows();
      const examples = await examplesOf(await fileWith(content), { malformed, emptyRows });
      const [note = '0 wholly'] = emptyRows.notes;
      const [, empty] = /(\d+) wholly/.exec(note) ?? [];
      const lines = content.toString('latin1').split('\n');
      if (lines.at(-1) === '') lines.pop();
      expect(examples.length + malformed.skipped.count + Number(empty)).toBe(lines.length);
    });
  });
});

test('empty rows are counted once, however often their file is read', async () => {
  const emptyRows = new EmptyRows();
  const one = await fileWith('a\tb\n\n');
  const two = await fileWith('text,label\n,\na,b\n,\n', 'two.csv');
  for (const path of [one, two, one, two]) expect(await examplesOf(path, { emptyRows })).toHaveLength(1);
  expect(emptyRows.notes).toEqual([
    `${one}: 1 wholly empty row was left out, on line 2`,
    `${two}: 2 wholly empty rows were left out, the first on line 2`,
  ]);
});

describe('oneOf', () => {
  test('shortens a long list of allowed labels', () => {
    const rule = oneOf(Array.from({ length: 30 }, (_, number) => `label${number}`));
    expect(rule.expected).toMatch(/label19, … \(30 in all\)$/);
    expect(rule.accept('label29')).toBe('label29');
  });

  test('takes other spellings of a label', () => {
    const rule = oneOf(['es-AR'], (written) => written.replace('_', '-'));
    expect(rule.accept('es_AR')).toBe('es-AR');
    expect(rule.accept('es_ES')).toBeUndefined();
  });
});
