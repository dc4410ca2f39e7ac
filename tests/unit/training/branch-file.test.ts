import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readBranch, writeBranch } from '../../../src/training/branch-file.js';
import { readTensorFile, writeTensorFile } from '../../../src/training/safetensors.js';
import { branchOf } from '../linear/fixtures.js';
import { expectRefused, temporaryFolder } from '../support.js';

it.each([
  [2, 5],
  [3, 5],
  [3, 0],
])('gives back the n-grams of %i classes with %i features', async (classCount, features) => {
  const path = join(await temporaryFolder(), 'ngrams');
  const branch = branchOf(classCount, features);
  await writeBranch(path, branch, 'run');
  expect(await readBranch(path, 'run')).toEqual(branch);
});

it.each<[string, (document: object) => unknown, RegExp]>([
  ['none', () => null, /expected a file of format 'advnative-ngrams-1'/],
  ['of another kind', (document) => ({ ...document, format: 'x' }), /expected a file of format/],
  ['of one class', (document) => ({ ...document, classCount: 1 }), /classCount: expected/],
  ['of more classes', (document) => ({ ...document, classCount: 4 }), /its tensors do not fit each other/],
  ['without a scale', (document) => ({ ...document, ngramScale: 'a' }), /ngramScale: expected/],
  [
    'of unknown n-grams',
    (document) => ({ ...document, kinds: ['byte:1-2'] }),
    /unknown n-grams among byte:1-2/,
  ],
])('refuses a document that is %s', async (_, change, said) => {
  const path = join(await temporaryFolder(), 'ngrams');
  await writeBranch(path, branchOf(3), 'run');
  const { tensors, document } = await readTensorFile(path);
  await writeTensorFile(path, { tensors, document: change(document as object) });
  await expectRefused(readBranch(path, 'run'), 'CHECKPOINT', said, /Restore them from a copy/);
});

it('refuses tensors of other lengths, and a file that is missing', async () => {
  const path = join(await temporaryFolder(), 'ngrams');
  await expectRefused(readBranch(path, 'run'), 'CHECKPOINT', /cannot be read/);
  await writeBranch(path, branchOf(3), 'run');
  const { tensors, document } = await readTensorFile(path);
  for (const name of Object.keys(tensors)) {
    const shorter = { ...tensors, [name]: (tensors[name] ?? new Float32Array(1)).subarray(1) };
    await writeTensorFile(path, { tensors: shorter, document });
    await expectRefused(readBranch(path, 'run'), 'CHECKPOINT', /its tensors do not fit each other/);
  }
});

it('refuses the n-grams of another run', async () => {
  const path = join(await temporaryFolder(), 'ngrams');
  await writeBranch(path, branchOf(3), 'another');
  await expectRefused(readBranch(path, 'run'), 'CHECKPOINT', /belong to a run with other options/);
});
