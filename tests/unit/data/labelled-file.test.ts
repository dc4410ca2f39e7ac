import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyLabel, oneOf, type LabelRule } from '../../../src/data/label-rule.js';
import { readExamples } from '../../../src/data/labelled-file.js';
import { MalformedLines } from '../../../src/data/malformed.js';
import { advError, collect, fileWith } from './support.js';

const examplesOf = async (path: string, rule: LabelRule, malformed = new MalformedLines()) =>
  collect(readExamples({ path, split: 'train', rule, malformed, signal: undefined }));

describe('readExamples', () => {
  test('gives text, label and an id of split and line', async () => {
    const file = await fileWith('good film\tpos\r\n bad film \t neg \n');
    expect(await examplesOf(file, anyLabel)).toEqual([
      { id: 'train:1', text: 'good film', label: 'pos' },
      { id: 'train:2', text: ' bad film ', label: 'neg' },
    ]);
  });

  test.each([
    ['', /empty line/],
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
    await expect(examplesOf(file, rule)).rejects.toEqual(
      advError('DATA_MALFORMED', new RegExp(`data\\.tsv:2: .*${problem.source}`), /--on-malformed skip/),
    );
    const skipping = new MalformedLines('skip');
    const labels = (await examplesOf(file, rule, skipping)).map(({ label }) => label);
    expect(labels).toEqual(['pos', 'neg']);
    expect(skipping.skipped).toEqual({ count: 1, first: [expect.stringMatching(problem) as string] });
    await examplesOf(file, rule, skipping);
    expect(skipping.skipped.count).toBe(1);
  });

  test('refuses a label that would break the lines it is printed in', async () => {
    const file = await fileWith('{"text": "a", "label": "p\\tos"}\n', 'data.jsonl');
    await expect(examplesOf(file, anyLabel)).rejects.toEqual(
      advError('DATA_MALFORMED', /data\.jsonl:1: label with a tab or a line break/),
    );
  });

  test('accounts for every line of any bytes: an example or a reason', async () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r\n', '\t', 'text\tlabel\n', '\ufeff', ' ').map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        const content = Buffer.concat(pieces);
        // These are marks of UTF-16, which end the reading of the whole file.
        fc.pre(!['fffe', 'feff'].includes(content.toString('hex', 0, 2)));
        const malformed = new MalformedLines('skip');
        const examples = await examplesOf(await fileWith(content), anyLabel, malformed);
        const lines = content.toString('latin1').split('\n');
        if (lines.at(-1) === '') lines.pop();
        // A blank line at the end is no line; all white space but the tab may stand in it.
        const last = Buffer.from(lines.at(-1) ?? 'none', 'latin1').toString();
        const blankEnd = /^[^\S\t]*$/.test(last) ? 1 : 0;
        expect(examples.length + malformed.skipped.count).toBe(lines.length - blankEnd);
      }),
      { numRuns: 60 },
    );
  });
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
