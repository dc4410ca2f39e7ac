import { expect, it } from 'vitest';
import { warmStep } from '../../../src/bench/warm-step.js';

/** A participant whose steps take the given times, one after another. */
function participant(...times: number[]) {
  const taken: number[] = [];
  const step = () => {
    const milliseconds = times[taken.length] ?? Number.NaN;
    taken.push(milliseconds);
    return Promise.resolve({ milliseconds, cleanLoss: 0, adversarialLoss: 0 });
  };
  return { step, taken };
}

it('takes the one step of a participant whose step is long', async () => {
  const slow = participant(400, 100);
  expect((await warmStep(slow.step, 300)).milliseconds).toBe(400);
  expect(slow.taken).toEqual([400]);
});

it('leaves the first step out where others follow, and takes the middle one of those', async () => {
  const fast = participant(90, 60, 80, 50, 70, 60);
  expect((await warmStep(fast.step, 300)).milliseconds).toBe(60);
  expect(fast.taken).toEqual([90, 60, 80, 50, 70]);
});

it('takes the faster of two warm steps', async () => {
  const two = participant(150, 120, 110, 1);
  expect((await warmStep(two.step, 300)).milliseconds).toBe(110);
  expect(two.taken).toEqual([150, 120, 110]);
});
