import fc from 'fast-check';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pairLosses, readLosses, writeLosses, type LossRow } from '../../../src/statistics/losses.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'advnative-losses-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function row(id: string, loss = 1, label = 'cz', prediction = 'sk'): LossRow {
  return { id, label, prediction, loss };
}

/** Rows as they come from an evaluation: some at a time. */
// eslint-disable-next-line @typescript-eslint/require-await -- an evaluation is asynchronous
async function* inParts(rows: readonly LossRow[]): AsyncGenerator<readonly LossRow[]> {
  for (let first = 0; first < rows.length; first += 2) yield rows.slice(first, first + 2);
}

describe('writeLosses and readLosses', () => {
  it('make a file that other programs read', async () => {
    const path = join(folder, 'plain.csv');
    await writeLosses(
      path,
      inParts([row('test:1', 0.1), row('a,b', 1e-300), row('say "x"', 0, '', 'two\nlines')]),
    );
    expect(await readFile(path, 'utf8')).toBe(
      'id,label,prediction,loss\ntest:1,cz,sk,0.1\n"a,b",cz,sk,1e-300\n"say ""x""",,"two\nlines",0\n',
    );
  });

  it('give every row back, every loss to the bit', async () => {
    const path = join(folder, 'round-trip.csv');
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[",\r\n a]*$/));
    const rows = fc.uniqueArray(
      fc.record({
        id: text,
        label: text,
        prediction: text,
        loss: fc.double({ noNaN: true, noDefaultInfinity: true }).map((loss) => loss + 0),
      }),
      { selector: ({ id }) => id },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (original) => {
        await writeLosses(path, inParts(original));
        expect(await readLosses(path)).toEqual(original);
      }),
    );
  });

  it('make the same bytes each time and leave no other file', async () => {
    const inside = await mkdtemp(join(folder, 'bytes-'));
    const rows = Array.from({ length: 100 }, (_, index) => row(`test:${index}`, Math.sqrt(index)));
    await writeLosses(join(inside, 'one.csv'), inParts(rows));
    await writeLosses(join(inside, 'two.csv'), inParts(rows));
    expect(await readFile(join(inside, 'one.csv'))).toEqual(await readFile(join(inside, 'two.csv')));
    expect(await readdir(inside)).toEqual(['one.csv', 'two.csv']);
  });

  it('read a file that a spreadsheet saved with a byte order mark and CRLF', async () => {
    const path = join(folder, 'spreadsheet.csv');
    await writeFile(path, '\ufeffid,label,prediction,loss\r\n1,cz,sk,2.5\r\n');
    expect(await readLosses(path)).toEqual([row('1', 2.5)]);
  });

  it('refuse to write a loss that is not a number, and leave the old file', async () => {
    const path = join(folder, 'kept.csv');
    await writeLosses(path, inParts([row('1')]));
    await expect(writeLosses(path, inParts([row('1'), row('2', NaN)]))).rejects.toMatchObject({
      code: 'NOT_FINITE',
      message: "the loss of example '2' is NaN",
    });
    expect(await readLosses(path)).toEqual([row('1')]);
  });

  it('say why a file cannot be written or read', async () => {
    await expect(writeLosses(join(folder, 'nowhere', 'x.csv'), inParts([]))).rejects.toMatchObject({
      code: 'STORAGE',
    });
    await expect(readLosses(join(folder, 'absent.csv'))).rejects.toMatchObject({
      code: 'DATA_MISSING',
      message: expect.stringContaining('ENOENT') as string,
    });
  });

  it.each([
    ['nothing', '', ':1: expected the header id,label,prediction,loss, got an empty file'],
    ['another header', 'id,loss\n1,2\n', ':1: expected the header id,label,prediction,loss, got id,loss'],
    ['a short row', 'id,label,prediction,loss\n1,a,b,1\n2,a\n', ':3: expected 4 fields, got 2'],
    ['a word as loss', 'id,label,prediction,loss\n1,a,b,low\n', ":2: expected a finite loss, got 'low'"],
    ['no loss', 'id,label,prediction,loss\n1,a,b,\n', ":2: expected a finite loss, got ''"],
    ['NaN', 'id,label,prediction,loss\n1,a,b,NaN\n', ":2: expected a finite loss, got 'NaN'"],
    ['an id twice', 'id,label,prediction,loss\n1,a,b,1\n1,a,b,2\n', ":3: the id '1' occurs a second time"],
    ['an open quote', 'id,label,prediction,loss\n"1,a,b,1\n', ':2: Quote Not Closed'],
  ])('refuse %s', async (_, content, message) => {
    const path = join(folder, 'malformed.csv');
    await writeFile(path, content);
    await expect(readLosses(path)).rejects.toMatchObject({
      code: 'DATA_MALFORMED',
      message: expect.stringContaining(path + message) as string,
    });
  });
});

describe('pairLosses', () => {
  it('pairs by id, in the order of a', () => {
    const pairs = pairLosses(
      [row('x', 1), row('y', 2), row('z', 3)],
      [row('z', 30), row('x', 10), row('y', 20)],
    );
    expect([...pairs.a]).toEqual([1, 2, 3]);
    expect([...pairs.b]).toEqual([10, 20, 30]);
  });

  it('refuses other examples, with counts and some of them', () => {
    const a = ['1', '2', '3', '4', '5', '6'].map((id) => row(id));
    expect(() => pairLosses(a, [row('6'), row('7')])).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: 'expected the same test examples in both, got 5 only in a (1, 2, 3, …) and 1 only in b (7)',
      }),
    );
    expect(() => pairLosses([row('6')], [row('6'), row('7')])).toThrow('got 0 only in a and 1 only in b (7)');
  });

  it('refuses other labels', () => {
    expect(() => pairLosses([row('1'), row('2', 1, 'bg')], [row('1'), row('2', 1, 'mk')])).toThrow(
      'got other ones for 1 examples: 2 (bg, mk)',
    );
  });

  it('refuses an id that occurs twice', () => {
    expect(() => pairLosses([row('1'), row('1')], [row('1')])).toThrow('got an id twice');
    expect(() => pairLosses([row('1')], [row('1'), row('1')])).toThrow('got an id twice');
  });
});
