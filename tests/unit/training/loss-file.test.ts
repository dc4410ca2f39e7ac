import fc from 'fast-check';
import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLosses, writeLosses, type LossRow } from '../../../src/training/loss-file.js';
import { expectInterrupted, expectRefused, fileWith, folderOfFile, forAll, matching } from '../support.js';

const folder = folderOfFile();

const hash = 'a5'.repeat(16);

function row(id: string, loss = 1, label = 'cz', prediction = 'sk'): LossRow {
  return { id, textHash: hash, label, prediction, loss };
}

/** Rows as they come from an evaluation: some at a time. */
// eslint-disable-next-line @typescript-eslint/require-await -- an evaluation is asynchronous
async function* inParts(rows: readonly LossRow[]): AsyncGenerator<readonly LossRow[]> {
  for (let first = 0; first < rows.length; first += 2) yield rows.slice(first, first + 2);
}

it('make a file that other programs read', async () => {
  const path = join(folder(), 'plain.csv');
  await writeLosses(
    path,
    inParts([row('test:1', 0.1), row('a,b', 1e-300), row('say "x"', 0, '', 'two\nlines')]),
  );
  expect(await readFile(path, 'utf8')).toBe(
    `id,textHash,label,prediction,loss\ntest:1,${hash},cz,sk,0.1\n"a,b",${hash},cz,sk,1e-300\n"say ""x""",${hash},,"two\nlines",0\n`,
  );
});

it('give every row back, every loss to the bit', async () => {
  const path = join(folder(), 'round-trip.csv');
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[",\r\n a]*$/));
  const rows = fc.uniqueArray(
    fc.record({
      id: text,
      textHash: fc.stringMatching(/^[0-9a-f]{32}$/),
      label: text,
      prediction: text,
      loss: fc.double({ noNaN: true, noDefaultInfinity: true }).map((loss) => loss + 0),
    }),
    { selector: ({ id }) => id },
  );
  await forAll([rows]).check(async (original) => {
    await writeLosses(path, inParts(original));
    expect(await readLosses(path)).toEqual({ loss: 'cross-entropy', rows: original });
  });
});

it('make the same bytes each time and leave no other file', async () => {
  const inside = await mkdtemp(join(folder(), 'bytes-'));
  const rows = Array.from({ length: 100 }, (_, index) => row(`test:${index}`, Math.sqrt(index)));
  await writeLosses(join(inside, 'one.csv'), inParts(rows));
  await writeLosses(join(inside, 'two.csv'), inParts(rows));
  expect(await readFile(join(inside, 'one.csv'))).toEqual(await readFile(join(inside, 'two.csv')));
  expect(await readdir(inside)).toEqual(['one.csv', 'two.csv']);
});

it('read a file that a spreadsheet saved with a byte order mark and CRLF', async () => {
  const path = await fileWith(
    `\ufeffid,textHash,label,prediction,loss\r\n1,${hash},cz,sk,2.5\r\n`,
    'spreadsheet.csv',
  );
  expect((await readLosses(path)).rows).toEqual([row('1', 2.5)]);
});

it('refuse to write a loss that is not a number, and leave the old file', async () => {
  const path = join(folder(), 'kept.csv');
  await writeLosses(path, inParts([row('1')]));
  const writing = writeLosses(path, inParts([row('1'), row('2', NaN)]));
  await expectRefused(writing, 'NOT_FINITE', /^the loss of example '2' is NaN$/, /^/);
  expect((await readLosses(path)).rows).toEqual([row('1')]);
});

it('say why a file cannot be written or read', async () => {
  await expectRefused(writeLosses(join(folder(), 'nowhere', 'x.csv'), inParts([])), 'STORAGE', /nowhere/);
  await expectRefused(readLosses(join(folder(), 'absent.csv')), 'DATA_MISSING', /ENOENT/);
});

const header = 'id,textHash,label,prediction,loss';

it.each([
  ['nothing', '', `:1: expected losses with the header ${header}, got an empty file`],
  ['another header', 'id,loss\n1,2\n', `:1: expected losses with the header ${header}, got "id,loss"`],
  ['a short row', `${header}\n1,${hash},a,b,1\n2,a\n`, ':3: expected 5 fields, got 2'],
  ['no hash', `${header}\n1,,a,b,1\n`, ":2: expected a hash of 32 hexadecimal digits, got ''"],
  [
    'a hash that a spreadsheet took for a number',
    `${header}\n1,1.23E+31,a,b,1\n`,
    ":2: expected a hash of 32 hexadecimal digits, got '1.23E+31'",
  ],
  ['a word as loss', `${header}\n1,${hash},a,b,low\n`, ":2: expected a finite loss, got 'low'"],
  ['no loss', `${header}\n1,${hash},a,b,\n`, ":2: expected a finite loss, got ''"],
  ['NaN', `${header}\n1,${hash},a,b,NaN\n`, ":2: expected a finite loss, got 'NaN'"],
  ['an id twice', `${header}\n1,${hash},a,b,1\n1,${hash},a,b,2\n`, ":3: the id '1' occurs a second time"],
  ['an open quote', `${header}\n"1,${hash},a,b,1\n`, ':2: Quote Not Closed'],
  [
    'a model',
    '\u0008\u0012pytorch\n',
    `:1: expected losses with the header ${header}, got "\\b\\u0012pytorch"`,
  ],
  [
    'a loss that is cut off',
    `${header}\n1,${hash},a,b,1\n2,${hash},a,b,0.1`,
    ':3: expected a line end, got the end of the file',
  ],
  ['a header that is cut off', header, ':1: expected a line end, got the end of the file'],
  ['no CSV', 'the "film" was', `:1: expected losses with the header ${header}, got data that is no CSV`],
  ['a record without end', `${header}\n${'1'.repeat(2 ** 21)}\n`, ':2: Max Record Size'],
])('refuse %s', async (_, content, message) => {
  const path = await fileWith(content, 'malformed.csv');
  await expectRefused(readLosses(path), 'DATA_MALFORMED', path + message, /^/);
});

it('refuse losses of an earlier version, and say how to make them anew', async () => {
  const path = await fileWith('id,label,prediction,loss\ntest:1,cz,sk,0.1\n', 'old run.csv');
  await expect(readLosses(path, { run: 'runs/a' })).rejects.toMatchObject({
    code: 'DATA_MALFORMED',
    message: matching(/old run\.csv:1: .* earlier version/),
    hint: `Make the file anew: npx advnative evaluate runs/a --losses '${path}'`,
  });
  await expect(readLosses(path)).rejects.toMatchObject({
    hint: `Make the file anew, with the same --test or --dataset: npx advnative evaluate RUN --losses '${path}'`,
  });
});

it('do not advise to overwrite a file that is none of losses', async () => {
  const path = await fileWith(`${'a film, '.repeat(20)}\tpos\n`, 'data.tsv');
  await expect(readLosses(path)).rejects.toMatchObject({
    message: matching(/got "a film, .{0,40}…"$/),
    hint: expect.not.stringContaining(path) as string,
  });
});

it('are as many as the run that they belong to has', async () => {
  const path = await fileWith(`${header}\n1,${hash},a,b,1\n2,${hash},a,b,2\n`, 'test-losses.csv');
  const known = { n: 2, loss: 1.5, accuracy: 0 };
  expect((await readLosses(path, { run: 'runs/a', expected: known })).rows).toHaveLength(2);
  await expectRefused(
    readLosses(path, { run: 'runs/a', expected: { ...known, n: 3 } }),
    'DATA_MALFORMED',
    `${path}:3: expected 3 losses, as run.json tells, got 2`,
    /^Make the file anew: npx advnative evaluate runs\/a --losses/,
  );
});

it.each([
  ['1,a,a,1\n2,a,b,2', '1,a,a,1\n2,a,b,3', 'a mean loss of 1.5000001, as run.json tells, got 2'],
  ['1,a,a,1\n2,a,b,2', '1,a,a,1\n2,b,b,2', '1 right predictions, as run.json tells, got 2'],
])('are those of which the run tells: %j, not %j', async (written, damaged, said) => {
  const withHash = (rows: string): string => `${header}\n${rows.replaceAll(/^(\d)/gmu, `$1,${hash}`)}\n`;
  // What another machine makes anew differs by rounding.
  const expected = { n: 2, loss: 1.5000001, accuracy: 0.5 };
  const right = await fileWith(withHash(written), 'right.csv');
  expect((await readLosses(right, { run: 'runs/a', expected })).rows).toHaveLength(2);
  const path = await fileWith(withHash(damaged), 'damaged.csv');
  const refused = readLosses(path, { run: 'runs/a', expected });
  await expectRefused(refused, 'DATA_MALFORMED', `${path}:3: expected ${said}`, /^Make the file anew/);
});

it('are read as far as the signal lets them', async () => {
  const path = join(folder(), 'long.csv');
  await writeLosses(path, inParts([row('1')]));
  await expectInterrupted(readLosses(path, { signal: AbortSignal.abort() }));
});

it('say in their header which loss they are', async () => {
  const path = join(folder(), 'squared.csv');
  await writeLosses(path, inParts([row('1', 0.25)]), 'squared');
  expect(await readFile(path, 'utf8')).toMatch(/^id,textHash,label,prediction,squaredLoss\n/u);
  expect(await readLosses(path)).toEqual({ loss: 'squared', rows: [row('1', 0.25)] });
});
