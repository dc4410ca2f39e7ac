import { at } from '../base/at.js';

/** What a step took. */
export interface TimedStep {
  readonly milliseconds: number;
}

/**
 * Steps one after another, as in training, until they have taken a while. The first one finds caches as other work left them, so that it
 * counts only where it is the only one, too long for that to matter.
 *
 * @param step takes a step and times it
 * @param turnMilliseconds how long the steps take together at least
 * @returns the middle one of the steps that count, the faster of two
 */
export async function warmStep<Step extends TimedStep>(
  step: () => Promise<Step>,
  turnMilliseconds: number,
): Promise<Step> {
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
