import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { AdvError } from '../../../src/base/errors.js';
import { fuzz, inputCount, type FuzzedParser } from './fuzz.js';

const parser = (read: (input: number, place: number) => unknown): FuzzedParser<number> => ({
  name: 'a parser',
  inputs: 20,
  input: (random) => random.below(10),
  read,
  refusals: ['DATA_MALFORMED'],
});
const refuse = () => {
  throw new AdvError('DATA_MALFORMED', 'wrong');
};

it('gives ten thousand inputs, the same each time, and counts how they end', async () => {
  const seen: number[][] = [[], []];
  for (const inputs of seen) {
    const outcomes = await fuzz({
      ...parser((input) => {
        inputs.push(input);
        if (input < 5) refuse();
      }),
      inputs: inputCount,
    });
    const refused = inputs.filter((input) => input < 5).length;
    expect(outcomes).toEqual({ valid: 10_000 - refused, refused });
    expect(refused).toBeGreaterThan(4_500);
  }
  expect(seen[1]).toEqual(seen[0]);
});

it.each([
  ['another error', (): unknown => JSON.parse('{'), /a parser, input 0: SyntaxError/],
  ['another code', () => Promise.reject(new AdvError('STORAGE', 'full')), /input 0: AdvError: full/],
  [
    'a refusal without words',
    () => Promise.reject(new AdvError('DATA_MALFORMED', ' ')),
    /refused without a word/,
  ],
  [
    'a failed check of the value',
    (_: number, place: number) => {
      expect(place).toBeLessThan(7);
    },
    /input 7: AssertionError/,
  ],
])('fails for %s, and shows the input', async (_what, read, message) => {
  await expect(fuzz(parser(read))).rejects.toThrow(message);
  await expect(fuzz(parser(read))).rejects.toThrow(/\n\d$/);
});

it('fails for a promise that is never settled', async () => {
  const never = { ...parser(() => new Promise(() => undefined)), patienceMs: 50 };
  await expect(fuzz(never)).rejects.toThrow(/input 0: Error: not done after 50 ms/);
});

it('fails for an input that takes too long', async () => {
  const slow = parser((_input, place) => {
    const end = performance.now() + (place === 3 ? 80 : 0);
    while (performance.now() < end);
  });
  await expect(fuzz({ ...slow, patienceMs: 50 })).rejects.toThrow(
    /input 3: Error: took \d+ ms, expected at most 50/,
  );
});

it('ends a process that does not come back from an input', () => {
  const url = new URL('watchdog.js', import.meta.url).href;
  const script = `
    const { Worker } = require('node:worker_threads');
    const current = new Int32Array(new SharedArrayBuffer(4));
    new Worker(new URL('${url}'), { workerData: { current, name: 'a parser', patienceMs: 300 } });
    setTimeout(() => { Atomics.store(current, 0, 7); for (;;); }, 200);
  `;
  const { signal, stderr } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGTERM',
  });
  expect(signal).toBe('SIGKILL');
  expect(stderr).toBe('a parser, input 7: not done after 300 ms\n');
});
