import fc from 'fast-check';
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { SplitWriter } from '../../../src/text/encoded-split.js';
import { packTexts } from '../../../src/text/packed.js';
import { expectRefused, forAll, splitOf, temporaryFolder } from '../support.js';

const text = fc.array(fc.nat(70_000), { minLength: 1, maxLength: 5 });

describe.each([
  ['memory', undefined],
  ['a file from some id on', 500],
  ['a file', 0],
])('a split in %s', (_, mostBytesInMemory) => {
  test('gives back any rows in any order', async () => {
    const texts = fc.array(text, { minLength: 1, maxLength: 200 });
    const picks = fc.array(fc.nat(), { maxLength: 30 });
    await forAll([texts, picks, fc.nat(9)], { numRuns: 40 }).check(async (all, picked, neighbours) => {
      const labels = all.map((_text, row) => row % 3);
      const split = await splitOf(all, labels, mostBytesInMemory);
      // Neighbours are read together: let some rows follow each other.
      const rows = picked.flatMap((pick) =>
        Array.from({ length: 1 + (pick % (neighbours + 1)) }, (_row, step) => (pick + step) % all.length),
      );
      expect(await split.batch(Int32Array.from(rows))).toEqual({
        ...packTexts(rows.map((row) => all[row] ?? [])),
        labels: Int32Array.from(rows, (row) => row % 3),
      });
      expect(split.count).toBe(all.length);
      expect(split.tokens).toBe(all.flat().length);
      const classes = [0, 1, 2].slice(0, all.length);
      expect(split.classCounts).toEqual(
        classes.map((label) => labels.filter((each) => each === label).length),
      );
      expect(all.map((_text, row) => split.lengthOf(row))).toEqual(all.map(({ length }) => length));
      await split.close();
    });
  });

  test('keeps more texts than one block holds, and texts longer than a block', async () => {
    const texts = [
      ...Array.from({ length: 3000 }, (_row, row) => Array.from({ length: 1 + (row % 90) }, () => row % 300)),
      Array.from({ length: 70_000 }, (_row, place) => place % 300),
      [7],
    ];
    const split = await splitOf(
      texts,
      texts.map(() => 0),
      mostBytesInMemory,
    );
    const rows = [3001, 1500, 3000, 0, 2999];
    const { ids } = await split.batch(Int32Array.from(rows));
    expect(ids).toEqual(packTexts(rows.map((row) => texts[row] ?? [])).ids);
    await split.close();
  });
});

test('a split keeps what it may in memory and the rest in a file without a name', async () => {
  const folder = await temporaryFolder();
  const plan = { vocabularySize: 9, classCount: 2, longestText: 4, folder };
  for (const [mostBytesInMemory, open] of [
    [8, 0],
    [7, 1],
  ] as const) {
    const before = await openFiles();
    const writer = new SplitWriter({ ...plan, mostBytesInMemory });
    await writer.add([1, 2, 3, 4], 1);
    const split = await writer.finish({ truncated: 0, unknown: 0 });
    expect((await openFiles()) - before).toBe(open);
    expect(await readdir(folder)).toEqual([]);
    await split.close();
    expect(await openFiles()).toBe(before);
  }
});

test('a split says where there is no room for it, and leaves no file open', async () => {
  const before = await openFiles();
  const writer = new SplitWriter({
    ...{ vocabularySize: 9, classCount: 2, longestText: 4, mostBytesInMemory: 0 },
    folder: '/nowhere',
  });
  await writer.add([1, 2], 0);
  const failure = writer.finish({ truncated: 0, unknown: 0 });
  await expectRefused(failure, 'STORAGE', /token ids.*\/nowhere.*ENOENT.*after 0 MiB/, /--out/);
  await writer.discard();
  expect(await openFiles()).toBe(before);
});

/** Files this process has open. */
async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}
