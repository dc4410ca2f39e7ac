import { expect, test } from 'vitest';
import { digestFile } from '../../../src/files/files.js';
import { expectInterrupted, expectRefused, fileWith, temporaryFolder } from '../support.js';

test('agrees with sha256sum and git hash-object', async () => {
  expect(await digestFile(await fileWith('hello\n'))).toEqual({
    bytes: 6,
    sha256: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
    gitBlob: 'ce013625030ba8dba906f756967f9e9ca394464a',
  });
});

test('says which file is missing', async () => {
  await expectRefused(digestFile(`${await temporaryFolder()}/none`), 'DATA_MISSING', /none.*ENOENT/);
});

test('stops when the signal fires', async () => {
  await expectInterrupted(digestFile(await fileWith('x'), AbortSignal.abort()));
});
