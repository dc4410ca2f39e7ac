import { setImmediate } from 'node:timers/promises';
import { AdvError } from './errors.js';

/** Milliseconds for which the event loop waits at most, when work looks often enough whether its slice is over. */
const slice = 8;

/** Cuts long work of this thread into slices, between which timers, signals and other work have their turn. */
export class TimeSlices {
  readonly #interrupted: string;
  readonly #signal: AbortSignal | undefined;
  #end = performance.now() + slice;

  /** @param interrupted what to say when the signal fires */
  constructor(interrupted: string, signal: AbortSignal | undefined) {
    this.#interrupted = interrupted;
    this.#signal = signal;
    this.#throwIfInterrupted();
  }

  /** Whether it is time to pause(). Looking costs well below a microsecond. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /**
   * Lets the event loop through and begins the next slice.
   *
   * @throws AdvError INTERRUPTED once the signal has fired
   */
  async pause(): Promise<void> {
    await setImmediate();
    this.#throwIfInterrupted();
    this.#end = performance.now() + slice;
  }

  #throwIfInterrupted(): void {
    if (!this.#signal?.aborted) return;
    throw new AdvError('INTERRUPTED', this.#interrupted, undefined, { cause: this.#signal.reason });
  }
}
