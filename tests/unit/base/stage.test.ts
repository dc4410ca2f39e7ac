import { expect, it } from 'vitest';
import { AdvError } from '../../../src/base/errors.js';
import { inStage } from '../../../src/base/stage.js';
import { throwIfInterrupted } from '../../../src/base/streaming.js';
import { advError } from '../support.js';

it('tells that a stage begins, and gives what it gives', async () => {
  const told: unknown[] = [];
  const watch = { onProgress: (event: unknown) => told.push(event) };
  expect(await inStage('counting', watch, () => Promise.resolve(told.length))).toBe(1);
  expect(told).toEqual([{ kind: 'stage', text: 'counting' }]);
});

it.each([
  ['reads', () => throwIfInterruptedNow()],
  ['calls the engine', () => Promise.reject(Object.assign(new Error('stopped'), { code: 'CANCELLED' }))],
])('is named where it is interrupted while it %s', async (_, stage) => {
  const watch = { signal: AbortSignal.abort() };
  const counting = inStage('counting', watch, stage);
  await expect(counting).rejects.toEqual(advError('INTERRUPTED', /^counting was interrupted$/, /^$/));
});

it('leaves every other error as it is', async () => {
  const error = new AdvError('DATA_MISSING', 'expected a file, got none');
  for (const signal of [AbortSignal.abort(), new AbortController().signal]) {
    await expect(inStage('counting', { signal }, () => Promise.reject(error))).rejects.toBe(error);
  }
});

function throwIfInterruptedNow(): Promise<void> {
  return Promise.resolve().then(() => {
    throwIfInterrupted(AbortSignal.abort());
  });
}
