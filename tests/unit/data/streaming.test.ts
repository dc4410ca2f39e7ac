import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ahead, drain } from '../../../src/data/streaming.js';
import { collect } from './support.js';

async function* counting(to: number, log: string[] = []): AsyncGenerator<number> {
  try {
    for (let count = 1; count <= to; count++) {
      log.push(`made ${count}`);
      yield count;
      await setImmediate();
    }
  } finally {
    log.push('ended');
  }
}

test('ahead gives the same items, each made while the one before is used', async () => {
  const log: string[] = [];
  for await (const item of ahead(counting(3, log))) {
    await setImmediate();
    await setImmediate();
    log.push(`used ${item}`);
  }
  expect(log).toEqual(['made 1', 'made 2', 'used 1', 'made 3', 'used 2', 'ended', 'used 3']);
  expect(await collect(ahead(counting(0)))).toEqual([]);
});

test('ahead ends what it reads when its user stops early or fails', async () => {
  const log: string[] = [];
  for await (const item of ahead(counting(9, log))) if (item === 2) break;
  expect(log.at(-1)).toBe('ended');
});

test('ahead passes on a failure in its turn', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    await setImmediate();
    throw new Error('broken');
  }
  const seen: number[] = [];
  const reading = async () => {
    for await (const item of ahead(failing())) {
      await setImmediate();
      await setImmediate();
      seen.push(item);
    }
  };
  await expect(reading()).rejects.toThrow('broken');
  expect(seen).toEqual([1]);
});

test('drain reads to the end', async () => {
  const log: string[] = [];
  await drain(counting(3, log));
  expect(log).toEqual(['made 1', 'made 2', 'made 3', 'ended']);
});
