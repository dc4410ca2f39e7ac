import { expect, it } from 'vitest';
import { warmStep } from '../../../src/engine/warm-step.js';

/** A participant whose steps take the given times, one after another. */
function participant(...times: number[]) {
  const taken: number[] = [];
  const step = () => {
    const milliseconds = times[taken.length] ?? Number.NaN;
    taken.push(milliseconds);
    return Promise.resolve({ milliseconds });
  };
  return { step, taken };
}

it.each([
  ['the one step of a participant whose step is long', [400, 100], 400, 1],
  ['the middle one of those that follow a first short step', [90, 60, 80, 50, 70, 60], 60, 5],
  ['the faster of two warm steps', [150, 120, 110, 1], 110, 3],
])('takes %s', async (_, times, milliseconds, count) => {
  const { step, taken } = participant(...times);
  expect((await warmStep(step, 300)).milliseconds).toBe(milliseconds);
  expect(taken).toEqual(times.slice(0, count));
});
