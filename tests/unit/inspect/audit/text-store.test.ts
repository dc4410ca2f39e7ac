import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextStore } from '../../../../src/inspect/audit/text-store.js';
import { anyUnits, expectRefused, forAll, temporaryFolder } from '../../support.js';

test('gives rows back as they were, in any order and lone surrogates too', async () => {
  const anyRows = fc.array(fc.record({ id: anyUnits(), text: anyUnits() }), { minLength: 1 });
  await forAll([anyRows], { numRuns: 50 }).check(async (rows) => {
    const store = new TextStore(tmpdir());
    for (const row of rows) await store.add(row);
    await store.flush();
    const order = rows.map((_, place) => place).reverse();
    expect(await store.read(order)).toEqual(rows.toReversed());
    await store.close();
  });
});

test('keeps more than fits into its share of the memory, and long texts', async () => {
  const store = new TextStore(await temporaryFolder());
  const textOf = (row: number) => `${row} `.repeat(row === 77 ? 100_000 : 5000);
  const rows = 1200;
  for (let row = 0; row < rows; row++) await store.add({ id: `train:${row}`, text: textOf(row) });
  await store.flush();
  for (const row of [0, 77, 78, 640, rows - 1]) {
    expect(await store.read([row])).toEqual([{ id: `train:${row}`, text: textOf(row) }]);
    expect(store.lengthOf(row)).toBe(2 + `train:${row}`.length + textOf(row).length);
  }
  await store.close();
});

test('says which disk is in the way', async () => {
  const store = new TextStore('/nonexistent/folder');
  const text = 'x'.repeat(2 ** 20);
  const adding = (async () => {
    for (let row = 0; row < 20; row++) await store.add({ id: 'a', text });
  })();
  await expectRefused(adding, 'STORAGE', /\/nonexistent\/folder/, /TMPDIR/);
});
