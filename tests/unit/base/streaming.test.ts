import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ahead, asTheyCome, drain } from '../../../src/base/streaming.js';
import { collect } from '../support.js';

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

/** Three items at once, one after a while, and two more after a while. */
async function* arriving(): AsyncGenerator<number> {
  yield* [1, 2, 3];
  await setTimeout(5);
  yield 4;
  await setTimeout(5);
  yield* [5, 6];
}

test('asTheyCome gives what is there at once, and waits for nothing more', async () => {
  expect(await collect(asTheyCome(arriving(), 9))).toEqual([[1, 2, 3], [4], [5, 6]]);
  expect(await collect(asTheyCome(arriving(), 2))).toEqual([[1, 2], [3], [4], [5, 6]]);
  expect(await collect(asTheyCome(arriving(), 1))).toEqual([[1], [2], [3], [4], [5], [6]]);
  expect(await collect(asTheyCome(counting(0), 9))).toEqual([]);
});

test('asTheyCome gives an item that comes alone before the next is there', async () => {
  let answered: (() => void) | undefined;
  async function* conversation(): AsyncGenerator<number> {
    for (let count = 1; count <= 3; count++) {
      const answer = new Promise<void>((resolve) => (answered = resolve));
      yield count;
      await answer;
    }
  }
  const seen: number[][] = [];
  for await (const group of asTheyCome(conversation(), 9)) {
    seen.push(group);
    answered?.();
  }
  expect(seen).toEqual([[1], [2], [3]]);
});

test.each([1, 9])('asTheyCome, %i at most, passes on a failure after what came before it', async (most) => {
  async function* failing(): AsyncGenerator<number> {
    yield* [1, 2];
    await Promise.resolve();
    throw new Error('broken');
  }
  const seen: number[] = [];
  const reading = async () => {
    for await (const group of asTheyCome(failing(), most)) {
      await setImmediate();
      seen.push(...group);
    }
  };
  await expect(reading()).rejects.toThrow('broken');
  expect(seen).toEqual([1, 2]);
});

test('asTheyCome lets its user leave while an item is still to come, and ends what it reads', async () => {
  const log: string[] = [];
  async function* slow(): AsyncGenerator<number> {
    try {
      yield 1;
      await setTimeout(20);
      yield 2;
    } finally {
      log.push('ended');
    }
  }
  for await (const group of asTheyCome(slow(), 9)) if (group.includes(1)) break;
  log.push('left');
  await setTimeout(40);
  expect(log).toEqual(['left', 'ended']);
});

test('drain reads to the end', async () => {
  const log: string[] = [];
  await drain(counting(3, log));
  expect(log).toEqual(['made 1', 'made 2', 'made 3', 'ended']);
});
