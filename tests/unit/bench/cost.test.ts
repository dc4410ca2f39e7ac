import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { bytesOf, costOf } from '../../../src/bench/cost.js';

const status = 'Name:\tnode\nVmPeak:\t  700000 kB\nVmHWM:\t   70208 kB\nVmRSS:\t   65536 kB\nThreads:\t7\n';

it('reads sizes of a process as the system writes them', () => {
  expect(bytesOf(status, 'VmHWM')).toBe(70_208 * 1024);
  expect(bytesOf(status, 'VmRSS')).toBe(64 * 2 ** 20);
});

it('refuses a status without the size, rather than calling it nothing', () => {
  expect(() => bytesOf(status, 'VmSwap')).toThrow(/expected a line 'VmSwap: … kB'/);
  expect(() => bytesOf('VmHWM:\tunknown\n', 'VmHWM')).toThrow(/VmHWM/);
});

it.runIf(process.platform === 'linux')('gives the result of work beside what it took', async () => {
  const size = 128 * 2 ** 20;
  const { result, cost } = await costOf(async () => {
    await setTimeout(30);
    return Buffer.alloc(size, 1).at(-1);
  });
  expect(result).toBe(1);
  expect(cost.seconds).toBeGreaterThan(0.025);
  expect(cost.idleBytes).toBeGreaterThan(2 ** 20);
  expect(cost.peakBytes).toBeGreaterThan(cost.idleBytes + 0.9 * size);
});

it.runIf(process.platform === 'linux')('fails as the work does', async () => {
  await expect(costOf(() => Promise.reject(new Error('no such corpus')))).rejects.toThrow('no such corpus');
});
