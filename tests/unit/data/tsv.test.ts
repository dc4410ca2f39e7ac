import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedLines } from '../../../src/data/malformed.js';
import { anyLabel, oneOf, readLabelledLines } from '../../../src/data/tsv.js';
import { advError, collect, fileWith } from './support.js';

describe('readLabelledLines', () => {
  test('gives text, label and line number', async () => {
    const file = await fileWith('good film\tpos\r\n bad film \t neg \n');
    expect(await collect(readLabelledLines(file, anyLabel, new MalformedLines()))).toEqual([
      { number: 1, text: 'good film', label: 'pos' },
      { number: 2, text: ' bad film ', label: 'neg' },
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
    await expect(collect(readLabelledLines(file, rule, new MalformedLines('stop')))).rejects.toEqual(
      advError('DATA_MALFORMED', new RegExp(`data\\.tsv:2: .*${problem.source}`), /--on-malformed skip/),
    );
    const skipping = new MalformedLines('skip');
    const labels = (await collect(readLabelledLines(file, rule, skipping))).map(({ label }) => label);
    expect(labels).toEqual(['pos', 'neg']);
    expect(skipping.skipped).toEqual([expect.stringMatching(problem) as string]);
    await collect(readLabelledLines(file, rule, skipping));
    expect(skipping.skipped).toHaveLength(1);
  });

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

  test('accounts for every line of any bytes: an example or a reason', async () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r\n', '\t', 'text\tlabel\n', '\ufeff', ' ').map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        const content = Buffer.concat(pieces);
        const malformed = new MalformedLines('skip');
        const lines = await collect(readLabelledLines(await fileWith(content), anyLabel, malformed));
        const breaks = content.filter((byte) => byte === 0x0a).length;
        const lineCount = breaks + (content.length > 0 && content.at(-1) !== 0x0a ? 1 : 0);
        expect(lines.length + malformed.skipped.length).toBe(lineCount);
      }),
      { numRuns: 60 },
    );
  });
});
