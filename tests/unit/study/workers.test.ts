import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { workTogether } from '../../../src/study/workers.js';

it('lets workers work at once', async () => {
  let now = 0;
  let most = 0;
  await workTogether(3, undefined, async () => {
    most = Math.max(most, ++now);
    await setTimeout(5);
    now -= 1;
  });
  expect([most, now]).toEqual([3, 0]);
});

it('ends all with the first failure, and waits for them', async () => {
  let place = 0;
  let ended = 0;
  const working = workTogether(3, undefined, async (signal) => {
    place += 1;
    if (place === 2) throw new Error('the disk is full');
    await setTimeout(60_000, undefined, { signal }).catch(() => undefined);
    ended += 1;
    throw new Error('ended by another');
  });
  await expect(working).rejects.toThrow('the disk is full');
  expect(ended).toBe(2);
});

it('ends with the signal of whoever asked', async () => {
  const controller = new AbortController();
  const working = workTogether(2, controller.signal, async (signal) => {
    await setTimeout(60_000, undefined, { signal }).catch(() => undefined);
  });
  controller.abort();
  await working;
});
