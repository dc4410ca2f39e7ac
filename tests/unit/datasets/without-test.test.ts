import { join } from 'node:path';
import { expect, it } from 'vitest';
import { catalogue, openOwnData } from '../../../src/datasets/catalogue.js';
import { collect, collectTest, fileWith } from '../support.js';

const rows = Array.from({ length: 20 }, (_, n) => `text ${n}\t${n % 2 ? 'a' : 'b'}\n`).join('');

it('does not open a test file of own data', async () => {
  const train = await fileWith(rows, 'train.tsv');
  const files = { train, test: join(train, 'no-such-file.tsv') };
  const { test, valid } = await openOwnData(files, { seed: 1, withoutTest: true });
  expect(test).toBeUndefined();
  expect(await collect(valid())).toHaveLength(2);
  await expect(openOwnData(files, { seed: 1 })).rejects.toMatchObject({ code: 'DATA_MISSING' });
});

it('does not read the test part of a definition', async () => {
  const path = await fileWith(
    `const one = async function* () { yield* [1, 2, 3, 4].map((n) => ({ text: 'word ' + n, label: n % 2 ? 'a' : 'b', id: String(n) })); };
    const none = () => { throw new Error('the test part was opened'); };
    export default { name: 'own', description: 'one', labels: ['a', 'b'], licence: 'none', citation: 'none',
      examples: { train: one, valid: one, test: none } };`,
    'own.mjs',
  );
  const { test, train } = await catalogue.open(path, { seed: 1, withoutTest: true });
  expect(test).toBeUndefined();
  expect(await collect(train())).toHaveLength(4);
  await expect(catalogue.open(path, { seed: 1 })).rejects.toThrow('the test part was opened');
});

it('leaves the other parts of a dataset as they are', async () => {
  const whole = await catalogue.open('babi-sim-1', { seed: 1, limit: 40 });
  const { test, ...others } = await catalogue.open('babi-sim-1', { seed: 1, limit: 40, withoutTest: true });
  expect(test).toBeUndefined();
  expect(await collectTest(whole)).toHaveLength(1000);
  expect(await collect(others.train())).toEqual(await collect(whole.train()));
  expect(await collect(others.valid())).toEqual(await collect(whole.valid()));
  expect(others.skipped).toEqual(whole.skipped);
});
