import type { Recipe } from '../recipe/recipe.js';

/** How far training is. */
export interface StepPlace {
  /** From 0. */
  readonly step: number;
  /** Of all epochs, whether or not training ends before. */
  readonly steps: number;
}

/**
 * Adam's step size at a step. Over the warm-up it rises along a line to the recipe's, which the last step of the warm-up has; then it
 * stays, or falls along a line or half a cosine (Loshchilov and Hutter 2017, Eq. 5, without restarts) that reaches 0 after the last step.
 *
 * @returns a number above 0
 */
export function learningRateAt(
  { learningRate, schedule, warmUp }: Pick<Recipe, 'learningRate' | 'schedule' | 'warmUp'>,
  { step, steps }: StepPlace,
): number {
  const warm = Math.round(warmUp * steps);
  if (step < warm) return (learningRate * (step + 1)) / warm;
  const done = (step - warm) / (steps - warm);
  switch (schedule) {
    case 'constant':
      return learningRate;
    case 'linear':
      return learningRate * (1 - done);
    case 'cosine':
      return (learningRate * (1 + Math.cos(Math.PI * done))) / 2;
  }
}
