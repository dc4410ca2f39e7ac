import { expect, it } from 'vitest';
import { loadAddon } from '../../src/engine/loader.js';
import type { NativeCeilingsOptions } from '../../src/engine/addon.js';

const measure = (options: unknown) => loadAddon().measureCeilings(options as NativeCeilingsOptions);

it('measures rates that a machine of this century has', async () => {
  const { gflops, gigabytesPerSecond } = await measure({ threads: 1, milliseconds: 50 });
  expect(gflops).toBeGreaterThan(1);
  expect(gflops).toBeLessThan(10_000);
  expect(gigabytesPerSecond).toBeGreaterThan(0.1);
  expect(gigabytesPerSecond).toBeLessThan(10_000);
});

it('leaves the event loop free', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  await measure({ threads: 1, milliseconds: 200 });
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});

it.each([
  ['nothing', undefined, TypeError, /options: expected an object, got undefined/],
  ['no threads', { milliseconds: 5 }, TypeError, /options\.threads: expected a number, got undefined/],
  ['0 threads', { threads: 0, milliseconds: 5 }, RangeError, /options\.threads: .* from 1 to 256, got 0/],
  ['257 threads', { threads: 257, milliseconds: 5 }, RangeError, /options\.threads: .*, got 257/],
  ['text', { threads: 1, milliseconds: '5' }, TypeError, /options\.milliseconds: .* number, got '5'/],
  ['NaN', { threads: 1, milliseconds: NaN }, RangeError, /options\.milliseconds: .*, got NaN/],
  ['a fraction', { threads: 1, milliseconds: 2.5 }, RangeError, /options\.milliseconds: .*, got 2\.5/],
  ['a minute', { threads: 1, milliseconds: 60_000 }, RangeError, /from 1 to 10000, got 60000/],
])('refuses %s', async (_, options, kind, message) => {
  await expect(measure(options)).rejects.toThrow(kind);
  await expect(measure(options)).rejects.toThrow(message);
});
