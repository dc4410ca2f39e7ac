import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AdvError } from '../../../../src/base/errors.js';
import { isLocked, takeLock, type Holder } from '../../../../src/base/storage/lock.js';
import { memoryFolder } from '../../fuzz/files.js';
import { fuzz } from '../../fuzz/fuzz.js';
import { mutatedJson } from '../../fuzz/json-mutator.js';

/** Of so many locks, one is not only looked at but taken: that takes a dozen calls of the file system. */
const taken = 10;

test('a lock of any content is held, or taken over', async () => {
  const folder = memoryFolder();
  const path = join(folder, 'lock');
  const owners = [
    // A number above the largest of Linux: no process has it.
    { pid: 2 ** 22 + 1, host: hostname(), since: 0 },
    { pid: process.pid, host: hostname(), since: Date.now() },
    { pid: 7, host: 'another-machine', since: 0 },
  ];
  const inUse = ({ pid, host }: Holder) =>
    new AdvError('RUN_DIRECTORY', `in use by process ${pid} on ${host}`);
  await fuzz({
    name: 'locks',
    input: (random) => mutatedJson(random, owners),
    read: async (text, place) => {
      writeFileSync(path, text);
      const held = await isLocked(path);
      if (place % taken === 0) {
        const release = await takeLock(path, inUse);
        await release();
        expect([held, existsSync(path)]).toEqual([false, false]);
      } else if (held) throw inUse({ pid: 'unknown', host: '' });
    },
    refusals: ['RUN_DIRECTORY'],
    moreThan: { valid: 1_000, refused: 300 },
  });
  expect(readdirSync(folder).filter((name) => name !== 'lock')).toEqual([]);
});
