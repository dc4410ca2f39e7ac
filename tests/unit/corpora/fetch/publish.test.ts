import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { czechFacebookCorpus } from '../../../../src/corpora/czech-facebook.js';
import { findCorpus } from '../../../../src/corpora/find-corpus.js';
import { isHalfPublished, publish, settle } from '../../../../src/corpora/fetch/publish.js';
import { expectRefused, put, temporaryFolder } from '../../support.js';

/** Changes of the disk that are still let through; as for a process that is killed, none is after the last. */
const life = vi.hoisted(() => ({ changes: Infinity }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const mortal =
    <Arguments extends unknown[], Result>(change: (...all: Arguments) => Promise<Result>) =>
    async (...all: Arguments): Promise<Result> => {
      if (life.changes <= 0) throw Object.assign(new Error('killed'), { code: 'KILLED' });
      life.changes -= 1;
      return change(...all);
    };
  return { ...real, rename: mortal(real.rename), rm: mortal(real.rm), mkdir: mortal(real.mkdir) };
});

const names = ['gold-posts.txt', 'gold-labels.txt'] as const;
let directory: string;
let folder: string;

beforeEach(async () => {
  life.changes = Infinity;
  directory = await temporaryFolder();
  folder = join(directory, 'czech-facebook');
  for (const name of names) {
    await put(folder, name, `old ${name}`);
    await put(`${folder}.part/files`, name, `new ${name}`);
  }
});

/** Of each file, whether it is the old one or the new. */
async function ages(): Promise<string> {
  const ofEach = names.map(async (name) => (await readFile(join(folder, name), 'utf8')).split(' ')[0]);
  return (await Promise.all(ofEach)).join(' ');
}

describe('publishing files', () => {
  test('leaves the new ones', async () => {
    await publish(folder, names);
    expect(await ages()).toBe('new new');
    expect(await isHalfPublished(folder)).toBe(false);
  });

  test('leaves the old ones where one cannot be replaced', async () => {
    await mkdir(join(folder, 'folder.txt'));
    await put(`${folder}.part/files`, 'folder.txt', 'new');
    const failure = publish(folder, [...names, 'folder.txt']);
    await expectRefused(failure, 'STORAGE', /folder\.txt: it is a folder \(EISDIR\)/);
    expect(await ages()).toBe('old old');
    expect(await isHalfPublished(folder)).toBe(false);
    expect(await readFile(`${folder}.part/files/gold-posts.txt`, 'utf8')).toBe('new gold-posts.txt');
  });

  test('ended at any point leaves the old ones or the new ones to whoever looks next', async () => {
    const seen = new Set<string>();
    for (let changes = 0; ; changes += 1) {
      for (const name of names) {
        await put(folder, name, `old ${name}`);
        await put(`${folder}.part/files`, name, `new ${name}`);
      }
      life.changes = changes;
      const ended = await publish(folder, names).then(
        () => true,
        () => false,
      );
      // Whoever finishes it may be killed as well.
      for (life.changes = 2; await isHalfPublished(folder); life.changes = 2 + changes) {
        await settle(folder).catch(() => undefined);
      }
      life.changes = Infinity;
      const left = await ages();
      expect(['old old', 'new new']).toContain(left);
      seen.add(left);
      if (ended) break;
      expect(changes).toBeLessThan(100);
    }
    expect(seen.size).toBe(2);
  });
});

test('a run that looks for a corpus finds the new files where a fetch was killed between two', async () => {
  // The folders of the files, the decision, and the first file with its folder.
  life.changes = 5;
  await expect(publish(folder, names)).rejects.toThrow(/killed/);
  life.changes = Infinity;
  expect((await ages()).split(' ').toSorted()).toEqual(['new', 'old']);
  expect(await findCorpus(czechFacebookCorpus(), { dataDir: directory })).toBe(folder);
  expect(await ages()).toBe('new new');
});
