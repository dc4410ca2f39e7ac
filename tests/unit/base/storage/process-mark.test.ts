import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fateOf, isAlive, ownMark } from '../../../../src/base/storage/process-mark.js';

const own = ownMark();
const { pid: dead } = spawnSync('true');

/** The fields of a process that follow its name: see proc(5). */
const fieldsOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];

it('tells whether a process that left its mark here still runs', () => {
  expect(fateOf(own)).toBe('runs');
  expect(fateOf({ ...own, pid: dead })).toBe('gone');
});

it.skipIf(process.platform !== 'linux')('knows a pid that was given again', () => {
  expect(isAlive(process.ppid)).toBe(true);
  expect(fateOf({ ...own, pid: process.ppid })).toBe('gone');
});

it.skipIf(process.platform !== 'linux')(
  'takes for gone what has ended and waits for its parent',
  async () => {
    // The shell becomes what waits for nothing, so that its child stays as what has ended.
    const parent = spawn('bash', ['-c', 'sleep 0.2 & echo $!; exec sleep 20'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [text] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(text.toString());
    const started = fieldsOf(pid)[19] ?? '';
    expect(fateOf({ ...own, pid, started })).toBe('runs');
    try {
      await expect.poll(() => fieldsOf(pid)[0], { timeout: 10_000 }).toBe('Z');
      expect(isAlive(pid)).toBe(true);
      expect(fateOf({ ...own, pid, started })).toBe('gone');
    } finally {
      parent.kill();
    }
  },
);

it.each([
  ['another host', { host: `not-${own.host}` }],
  // Such as two machines that both call themselves localhost, or two containers of one name.
  ['a machine or container of the same name', { processes: `another ${own.processes}` }],
])('says nothing about %s, whose pids are others', (_whose, other) => {
  expect(fateOf({ ...own, ...other })).toBe('unseen');
  expect(fateOf({ ...own, ...other, pid: dead })).toBe('unseen');
});
