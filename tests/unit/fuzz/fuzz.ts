import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { AdvError, type AdvErrorCode } from '../../../src/base/errors.js';

/** Damaged inputs that every parser gets. */
export const inputCount = 10_000;

/** Milliseconds that one input may take: thousands of times what it does, for machines that are busy. */
const longestMs = 5_000;

/** A parser, and what it is given. */
export interface FuzzedParser<Input> {
  /** Decides the inputs, and is what failures call it. */
  readonly name: string;
  readonly input: (random: Random) => Input;
  /** Reads an input, and throws when something is wrong with what comes of it. */
  readonly read: (input: Input, place: number) => unknown;
  /** Codes of the errors with which the parser, as its documentation says, may refuse an input. */
  readonly refusals: readonly AdvErrorCode[];
  readonly inputs?: number;
  readonly patienceMs?: number;
  /** More inputs than these must end in each way: else the test is worth little. */
  readonly moreThan?: Partial<Outcomes>;
}

/** How many inputs ended in which way. */
export interface Outcomes {
  /** Read without an error. */
  valid: number;
  /** Refused with an AdvError. */
  refused: number;
}

/**
 * Gives a parser all its inputs, one after another. Each must end within its time, in a value or in an AdvError of a
 * documented code; anything else fails the test and shows the input. A loop that never ends ends the process. (Promises that
 * are rejected while nobody waits for them fail any run of vitest.)
 */
export async function fuzz<Input>(parser: FuzzedParser<Input>): Promise<Outcomes> {
  const { name, inputs = inputCount, patienceMs = longestMs, moreThan = {} } = parser;
  const outcomes: Outcomes = { valid: 0, refused: 0 };
  const watchdog = new Watchdog(name, 2 * patienceMs);
  try {
    for (let place = 0; place < inputs; place++) {
      const input = parser.input(new Random(20180507, 'fuzz', name, place));
      watchdog.begin(place);
      try {
        outcomes[await outcomeOf(parser, input, place, patienceMs)]++;
      } catch (error) {
        throw new Error(`${name}, input ${place}: ${String(error)}\n${shown(input)}`, { cause: error });
      }
    }
    // What was set going and is not over shows its errors now.
    await new Promise(setImmediate);
  } finally {
    await watchdog.end();
  }
  const { valid = -1, refused = -1 } = moreThan;
  expect(outcomes.valid).toBeGreaterThan(valid);
  expect(outcomes.refused).toBeGreaterThan(refused);
  return outcomes;
}

async function outcomeOf<Input>(
  { read, refusals }: FuzzedParser<Input>,
  input: Input,
  place: number,
  patienceMs: number,
): Promise<keyof Outcomes> {
  const began = performance.now();
  let outcome: keyof Outcomes = 'valid';
  try {
    await withinTime(read(input, place), patienceMs);
  } catch (error) {
    if (!(error instanceof AdvError) || !refusals.includes(error.code)) throw error;
    if (error.message.trim() === '') throw new Error('refused without a word', { cause: error });
    outcome = 'refused';
  }
  const took = performance.now() - began;
  if (took > patienceMs) throw new Error(`took ${Math.round(took)} ms, expected at most ${patienceMs}`);
  return outcome;
}

async function withinTime(result: unknown, patienceMs: number): Promise<void> {
  if (!(result instanceof Promise)) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not done after ${patienceMs} ms`));
    }, patienceMs);
  });
  try {
    await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An input as a message has it: bytes in base64, to be copied into a test. */
function shown(input: unknown): string {
  const written = JSON.stringify(input, (_name, value: unknown) => {
    const { type, data } = (value ?? {}) as { type?: unknown; data?: number[] };
    return type === 'Buffer' && data !== undefined ? `base64 ${Buffer.from(data).toString('base64')}` : value;
  });
  return written.length > 20_000 ? `${written.slice(0, 20_000)}…` : written;
}

/** Ends this process, and says at which input, when one input keeps it from everything else for too long. */
class Watchdog {
  readonly #worker: Worker;
  readonly #current = new Int32Array(new SharedArrayBuffer(4));

  constructor(name: string, patienceMs: number) {
    const workerData = { current: this.#current, name, patienceMs };
    this.#worker = new Worker(new URL('watchdog.js', import.meta.url), { workerData });
    this.#worker.unref();
  }

  begin(place: number): void {
    Atomics.store(this.#current, 0, place);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
