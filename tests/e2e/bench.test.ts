import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { BenchResult } from '../../src/bench/result.js';
import { expectError, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());
const quick = ['--configurations', 'C3', '--regimes', 'vanilla', '--rounds', '1', '--peers', 'none'];

it('measures the engine and the machine, and draws them', async () => {
  const result = await place.json<BenchResult>('bench', ...quick, '--threads', '1', '--svg', 'bench.svg');
  expect(result).toMatchObject({ rounds: 1, machine: { threads: 1 } });
  const [only] = result.cases;
  expect(result.cases).toHaveLength(1);
  expect(only).toMatchObject({ configuration: 'C3', regime: 'vanilla', tokens: 800, peers: [] });
  expect(only?.ceilings.gflops).toBeGreaterThan(1);
  expect(only?.engine.gflops).toBeCloseTo((only?.flop.step ?? 0) / (only?.engine.milliseconds ?? 0) / 1e6, 6);
  expect(await place.text('bench.svg')).toMatch(/^<svg /);
});

it('prints a table for people and progress on standard error', async () => {
  const { code, stdout, stderr } = await place.run('bench', ...quick);
  expect(code).toBe(0);
  expect(stdout).toMatch(/C3 vanilla +machine .*GB\/s\n +engine +[\d.]+ +[\d.]+ +[\d.]+% +[\d,]+\n/);
  expect(stderr).toContain('measuring C3 vanilla');
});

it('refuses wrong options before it measures anything', async () => {
  expectError(await place.run('bench', '--peers', 'torch', '--json'), 2, 'USAGE');
  const nowhere = ['--svg', 'no/such/folder/bench.svg', '--json'];
  expectError(await place.run('bench', ...quick, ...nowhere), 1, 'STORAGE');
});

it('leaves neither processes nor files when it is interrupted', async () => {
  const temporary = join(place.folder, 'temporary');
  await mkdir(temporary);
  const peers = ['--configurations', 'C1', '--peers', 'tfjs-cpu', '--rounds', '50', '--json'];
  const command = place.startIn({ TMPDIR: temporary }, 'bench', ...peers);
  await command.saying('measuring C1');
  while ((await readdir(temporary)).length < 2) await setTimeout(5);
  command.child.kill('SIGINT');
  // It ends only when its peers' programs have closed their output.
  expectError(await command.ended, 130, 'INTERRUPTED');
  expect(await readdir(temporary)).toEqual([]);
});

it('tells by its exit code that a peer died, and still gives the result', async () => {
  const command = place.start('bench', ...quick.slice(0, -1), 'tfjs-cpu', '--json');
  await command.saying('measuring C3');
  const children = `/proc/${String(command.child.pid)}/task/${String(command.child.pid)}/children`;
  let peer: string;
  while ((peer = (await readFile(children, 'utf8')).trim()) === '') await setTimeout(5);
  process.kill(Number(peer), 'SIGKILL');
  const { code, stdout } = await command.ended;
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as BenchResult).cases[0]).toMatchObject({ peers: [{ status: 'failed' }] });
});
