import { spawnSync } from 'node:child_process';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Lease, Leases, type LeaseHolder } from '../../../../src/base/storage/lease.js';
import { expectRefused, temporaryFolder } from '../../support.js';

const quick = { beat: 10, patience: 200 };

async function leasePath(): Promise<string> {
  return join(await temporaryFolder(), 'claim');
}

async function taken(path: string, leases = new Leases(quick)): Promise<Lease> {
  const got = await leases.take(path);
  if (!(got instanceof Lease)) throw new Error(`held by process ${got.pid} on ${got.host}`);
  return got;
}

/** Leaves the file of a holder that this process cannot see. */
async function heldElsewhere(path: string, holder: Partial<LeaseHolder> = {}): Promise<void> {
  await writeFile(path, JSON.stringify({ pid: 7, host: 'another', processes: '', id: 'x', ...holder }));
}

async function untilFired(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await setTimeout(5);
}

it('is held by one at a time, and free again when given back', async () => {
  const path = await leasePath();
  const lease = await taken(path);
  expect(await new Leases(quick).take(path)).toMatchObject({ pid: process.pid });
  await lease.release();
  await (await taken(path)).release();
  expect(await readdir(dirname(path))).toEqual([]);
});

it('goes to one of many that want it at once, also where a dead holder left it', async () => {
  const path = await leasePath();
  const dead = { ...(JSON.parse(await ownFile(path)) as object), pid: spawnSync('true').pid };
  await writeFile(path, JSON.stringify(dead));
  const got = await Promise.all(Array.from({ length: 16 }, () => new Leases(quick).take(path)));
  expect(got.filter((one) => one instanceof Lease)).toHaveLength(1);
  for (const one of got) if (one instanceof Lease) await one.release();
  expect(await readdir(dirname(path))).toEqual([]);
});

/** What a lease of this process looks like. */
async function ownFile(path: string): Promise<string> {
  const lease = await taken(path);
  const text = await readFile(path, 'utf8');
  await lease.release();
  return text;
}

it('is taken over from a holder elsewhere that does not show that it lives, and from no other', async () => {
  const path = await leasePath();
  await heldElsewhere(path);
  const leases = new Leases(quick);
  const began = performance.now();
  let got = await leases.take(path);
  expect(got).toMatchObject({ pid: 7, host: 'another' });
  while (!(got instanceof Lease)) {
    await setTimeout(20);
    got = await leases.take(path);
  }
  expect(performance.now() - began).toBeGreaterThan(quick.patience);
  await got.release();
});

it.skipIf(process.platform !== 'linux')(
  'is not taken over at once from a machine or container of the same name, where pids mean other processes',
  async () => {
    const path = await leasePath();
    const { processes, ...mark } = JSON.parse(await ownFile(path)) as Record<string, unknown>;
    const elsewhere = { ...mark, pid: spawnSync('true').pid, processes: `another ${String(processes)}` };
    await writeFile(path, JSON.stringify(elsewhere));
    expect(await new Leases(quick).take(path)).toMatchObject({ pid: elsewhere.pid });
  },
);

it('is not taken over from a holder that shows that it lives', async () => {
  const path = await leasePath();
  const got = await taken(path);
  const others = new Leases({ beat: 10, patience: 1500 });
  const end = performance.now() + 2000;
  while (performance.now() < end) {
    expect(await others.take(path)).toMatchObject({ pid: process.pid });
    await setTimeout(50);
  }
  await got.release();
});

it('judges a file that nobody wrote who takes leases by its age', async () => {
  const path = await leasePath();
  await writeFile(path, '');
  const leases = new Leases({ beat: 10, patience: 30 });
  expect(await leases.take(path)).toEqual({ pid: 0, host: 'unknown' });
  await setTimeout(60);
  await (await taken(path, leases)).release();
});

it('tells its holder when another has it, and leaves it to that one', async () => {
  const path = await leasePath();
  const lease = await taken(path);
  await heldElsewhere(path);
  await untilFired(lease.lost);
  await lease.release();
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ host: 'another' });
});

it('is not lost when it is gone for an instant, as where two took it over and one puts it back', async () => {
  const path = await leasePath();
  const lease = await taken(path);
  await rename(path, `${path}.tmp`);
  await setTimeout(50);
  await rename(`${path}.tmp`, path);
  await setTimeout(300);
  expect(lease.lost.aborted).toBe(false);
  await rm(path);
  await untilFired(lease.lost);
});

it('says where it cannot be written', async () => {
  const path = join(await temporaryFolder(), 'missing', 'claim');
  await expectRefused(new Leases().take(path), 'STORAGE', /cannot write .*claim/);
});
