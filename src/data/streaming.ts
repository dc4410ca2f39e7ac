import { setImmediate } from 'node:timers/promises';
import { AdvError } from '../errors.js';

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
