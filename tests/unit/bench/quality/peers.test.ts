import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProbabilities } from '../../../../src/bench/quality/fasttext.js';
import { writeSplit } from '../../../../src/bench/quality/splits.js';
import { parseDecisions } from '../../../../src/bench/quality/svm.js';
import { streamOf, temporaryFolder } from '../../support.js';

describe('what fastText prints', () => {
  it('is read by class, with the least probability for classes that are not named', () => {
    const output = '__label__2 0.75 __label__0 0.250001\n__label__1 1.00001\n\n';
    const rows = parseProbabilities(output, 3).map((row) => Array.from(row, (value) => Math.exp(value)));
    const wanted = [
      [0.250001, 1e-5, 0.75],
      [1e-5, 1.00001, 1e-5],
      [1e-5, 1e-5, 1e-5],
    ];
    expect(rows).toHaveLength(3);
    rows.forEach((row, place) => {
      row.forEach((value, column) => {
        expect(value).toBeCloseTo(wanted[place]?.[column] ?? Number.NaN, 12);
      });
    });
  });

  it.each(['__label__3 0.5', '__label__0', '__label__0 0', '__label__0 nan', 'zero 0.5', '__label__-1 0.5'])(
    'is refused as %j',
    (line) => {
      expect(() => parseProbabilities(`__label__0 1\n${line}\n`, 3)).toThrow(`got '${line}'`);
    },
  );

  it('is refused where its last line is not whole', () => {
    expect(() => parseProbabilities('__label__0 1\n__label__0 0.', 3)).toThrow(/whole lines/);
  });
});

describe('decision values', () => {
  it('are rows of doubles', () => {
    const bytes = Buffer.from(Float64Array.of(1.5, -2, 0.25, 4, 5, -6).buffer);
    expect(parseDecisions(bytes, 3).map((row) => [...row])).toEqual([
      [1.5, -2, 0.25],
      [4, 5, -6],
    ]);
    expect(() => parseDecisions(bytes, 4)).toThrow(/rows of 4 decision values, got 48 bytes/);
  });
});

describe('a split for peers', () => {
  it('has a line a text: its class and the text as it is, but for tabs and line breaks', async () => {
    const path = join(await temporaryFolder(), 'train.txt');
    const examples = streamOf(
      ['Ein\tTest\r\nmit Zeilen', 'b'],
      [' Č\u0085\u2028 ', 'a'],
      ['', 'b'],
      ['__label__0', 'a'],
    );
    const labels = await writeSplit(path, examples, ['a', 'b']);
    expect([...labels]).toEqual([1, 0, 1, 0]);
    expect(await readFile(path, 'utf8')).toBe(
      '__label__1\tEin Test  mit Zeilen\n__label__0\t Č\u0085\u2028 \n__label__1\t\n__label__0\t__label__0\n',
    );
  });

  it('has all lines of a long stream, in their order', async () => {
    const path = join(await temporaryFolder(), 'train.txt');
    const examples = Array.from({ length: 3000 }, (_, n) => [`text ${n}`, `${n % 3}`] as const);
    const labels = await writeSplit(path, streamOf(...examples), ['0', '1', '2']);
    expect([...labels]).toEqual(examples.map(([, label]) => Number(label)));
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines).toEqual([...examples.map(([text, label]) => `__label__${label}\t${text}`), '']);
  });

  it('has no place for a class that the dataset lacks', async () => {
    const path = join(await temporaryFolder(), 'train.txt');
    await expect(writeSplit(path, streamOf(['text', 'c']), ['a', 'b'])).rejects.toThrow(/got 'c'/);
  });
});
