import { spawnSync } from 'node:child_process';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { AdvError } from '../../../../src/base/errors.js';
import { isLocked, isLockedHere, takeLock as take, type Holder } from '../../../../src/base/storage/lock.js';
import { expectRefused, temporaryFolder } from '../../support.js';

const inUse = ({ pid, host }: Holder): AdvError =>
  new AdvError('RUN_DIRECTORY', `in use by process ${pid} on ${host}`, 'choose another');

const takeLock = (path: string): ReturnType<typeof take> => take(path, inUse);

async function lockPath(): Promise<string> {
  return join(await temporaryFolder(), 'lock');
}

function deadProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

it('is held by one at a time, and free again when given back', async () => {
  const path = await lockPath();
  const release = await takeLock(path);
  expect(await isLocked(path)).toBe(true);
  const failure = takeLock(path);
  await expectRefused(failure, 'RUN_DIRECTORY', new RegExp(`in use by process ${process.pid} on`), /another/);
  await release();
  expect(await isLocked(path)).toBe(false);
  const releaseAgain = await takeLock(path);
  await releaseAgain();
});

it.skipIf(process.platform !== 'linux')(
  'is told apart from that of an earlier process of the same number',
  async () => {
    const path = await lockPath();
    const release = await takeLock(path);
    const own = await readFile(path, 'utf8');
    expect(await isLockedHere(path)).toBe(true);
    await release();
    expect(await isLockedHere(path)).toBe(false);
    const earlier = { ...(JSON.parse(own) as object), pid: process.ppid };
    await writeFile(path, JSON.stringify(earlier));
    expect(await isLocked(path)).toBe(false);
    await writeFile(path, JSON.stringify({ ...earlier, processes: 'of another container' }));
    expect(await isLocked(path)).toBe(true);
    expect(await isLockedHere(path)).toBe(false);
  },
);

it('goes to one of many that want it at once', async () => {
  const path = await lockPath();
  const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path)));
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it.each([
  ['a dead process', () => ({ pid: deadProcess(), host: hostname(), since: Date.now() })],
  ['an earlier process of the same number', () => ({ pid: process.pid, host: hostname(), since: 0 })],
  ['a number that no process has', () => ({ pid: -1, host: hostname(), since: Date.now() })],
])('is taken over from %s', async (_whose, owner) => {
  const path = await lockPath();
  await writeFile(path, JSON.stringify(owner()));
  const release = await takeLock(path);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
  await release();
  expect(await readdir(dirname(path))).toEqual([]);
});

it('is taken over when it is no lock at all', async () => {
  const path = await lockPath();
  await writeFile(path, '{"pid":');
  await takeLock(path);
});

it('appears with its content or not at all', async () => {
  const path = await lockPath();
  const watch = { looking: true };
  const looks: string[] = [];
  const watcher = (async () => {
    while (watch.looking) looks.push(await readFile(path, 'utf8').catch(() => 'none'));
  })();
  for (let round = 0; round < 200; round += 1) await (await takeLock(path))();
  watch.looking = false;
  await watcher;
  expect(looks.filter((text) => text !== 'none').length).toBeGreaterThan(0);
  for (const text of looks) if (text !== 'none') expect(JSON.parse(text)).toHaveProperty('pid', process.pid);
});

it('is never taken over from another machine', async () => {
  const path = await lockPath();
  await writeFile(path, JSON.stringify({ pid: deadProcess(), host: 'another-machine', since: 0 }));
  await expectRefused(takeLock(path), 'RUN_DIRECTORY', /another-machine/);
});

it('is not taken over from a process that lives', async () => {
  const path = await lockPath();
  await writeFile(path, JSON.stringify({ pid: process.ppid, host: hostname(), since: 0 }));
  await expectRefused(takeLock(path), 'RUN_DIRECTORY', new RegExp(`process ${process.ppid}`));
});

it('is given back only by who holds it', async () => {
  const path = await lockPath();
  const release = await takeLock(path);
  await rm(path);
  const other = await takeLock(path);
  await release();
  expect(await isLocked(path)).toBe(true);
  await other();
  expect(await isLocked(path)).toBe(false);
});

it('is not taken over while another process takes it over', async () => {
  const path = await lockPath();
  const dead = JSON.stringify({ pid: deadProcess(), host: hostname(), since: 0 });
  await writeFile(path, dead);
  await writeFile(`${path}.takeover`, JSON.stringify({ pid: process.ppid, host: hostname(), since: 0 }));
  const taking = takeLock(path);
  await setTimeout(100);
  expect(await readFile(path, 'utf8')).toBe(dead);
  await rm(`${path}.takeover`);
  await taking;
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
});

it('is taken over where who took it over was killed', async () => {
  const path = await lockPath();
  const dead = JSON.stringify({ pid: deadProcess(), host: hostname(), since: 0 });
  for (const name of [path, `${path}.takeover`]) await writeFile(name, dead);
  const releaseTaken = await takeLock(path);
  await releaseTaken();
  expect(await readdir(dirname(path))).toEqual([]);
});

it('goes to one of many that find it abandoned at once', async () => {
  for (let round = 0; round < 20; round += 1) {
    const path = await lockPath();
    await writeFile(path, JSON.stringify({ pid: 999_999_999, host: hostname(), since: 0 }));
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path)));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }
});
