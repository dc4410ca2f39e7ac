import { setImmediate } from 'node:timers/promises';
import { AdvError } from './errors.js';

const itemsBetweenPauses = 1024;

/** @throws AdvError INTERRUPTED once the signal has fired */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new AdvError('INTERRUPTED', 'reading the data was interrupted', undefined, {
      cause: signal.reason,
    });
  }
}

/**
 * The same items, with the event loop let through every now and then: a stream that waits for no file would otherwise
 * block timers and signals until its end.
 *
 * @throws AdvError INTERRUPTED soon after the signal has fired
 */
export async function* withPauses<Item>(
  items: AsyncIterable<Item>,
  signal?: AbortSignal,
): AsyncGenerator<Item, void, undefined> {
  throwIfInterrupted(signal);
  let count = 0;
  for await (const item of items) {
    if (++count % itemsBetweenPauses === 0) {
      await setImmediate();
      throwIfInterrupted(signal);
    }
    yield item;
  }
}

/** Those of the items whose place in the stream, from 0, is wanted. */
export async function* select<Item>(
  items: AsyncIterable<Item>,
  wanted: (place: number) => boolean,
): AsyncGenerator<Item, void, undefined> {
  let place = 0;
  for await (const item of items) if (wanted(place++)) yield item;
}

/** The same items, each shown on its way. */
export async function* eachSeen<Item>(
  items: AsyncIterable<Item>,
  show: (item: Item) => void,
): AsyncGenerator<Item, void, undefined> {
  for await (const item of items) {
    show(item);
    yield item;
  }
}

/** The items in groups of so many, of which the last may have fewer. */
export async function* inGroups<Item>(
  items: AsyncIterable<Item>,
  count: number,
): AsyncGenerator<Item[], void, undefined> {
  let group: Item[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < count) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** The same items, the next one asked for before the current one is used: making them and using them overlap. */
export async function* ahead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (let next = iterator.next(); ;) {
      const result = await next;
      if (result.done) return;
      next = iterator.next();
      // It is awaited above when its turn comes; until then, or when nobody asks any more, it is no unhandled failure.
      next.catch(() => undefined);
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/**
 * The items in groups: each holds what has come by then, at least one and at most `most`, and waits for nothing more.
 *
 * @throws what the stream throws, after the items before it have been given
 */
export async function* asTheyCome<Item>(
  items: AsyncIterable<Item>,
  most: number,
): AsyncGenerator<Item[], void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (let next = iterator.next(); ;) {
      const first = await next;
      if (first.done) return;
      const group = [first.value];
      // What needs no new input comes before the event loop turns.
      const turn = setImmediate();
      for (next = iterator.next(); group.length < most; next = iterator.next()) {
        const ready = await Promise.race([next.catch(() => undefined), turn]);
        if (!ready || ready.done) break;
        group.push(ready.value);
      }
      next.catch(() => undefined);
      yield group;
    }
  } finally {
    // Nobody who has left waits for the item that is still to come.
    iterator.return?.().catch(() => undefined);
  }
}

/** Reads a stream to its end for what it does on the way. */
export async function drain(items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  while (!(await iterator.next()).done);
}
