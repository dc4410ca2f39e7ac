import { at } from '../base/at.js';
import type { Measurement } from './work.js';

/**
 * One turn of a participant: steps one after another, as in training, until they have taken a while. The first one finds
 * caches as the participant before left them, so that it counts only where it is the only one, too long for that to matter.
 *
 * @param step the participant's step
 * @param turnMilliseconds how long the steps of a turn take together at least
 * @returns the middle one of the steps that count, the faster of two
 */
export async function warmStep<M extends Measurement>(
  step: () => Promise<M>,
  turnMilliseconds: number,
): Promise<M> {
  const steps = [await step()];
  for (let total = at(steps, 0).milliseconds; total < turnMilliseconds;) {
    const next = await step();
    steps.push(next);
    total += next.milliseconds;
  }
  const warm = steps.length === 1 ? steps : steps.slice(1);
  warm.sort((a, b) => a.milliseconds - b.milliseconds);
  return at(warm, Math.floor((warm.length - 1) / 2));
}
