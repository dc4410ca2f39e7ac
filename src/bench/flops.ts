import type { ModelSizes } from './configurations.js';

/** How a step trains: one pass, or a clean and an adversarial one. */
export type BenchRegime = 'vanilla' | 'adversarial';

/** Forward, and backward twice as much: the gradient of the weights and that of the input. */
const products = 3;

const passes = (regime: BenchRegime): number => (regime === 'adversarial' ? 2 : 1);

/**
 * Floating-point operations of the recurrent products of one step, forward and backward: 3 × N·2·2·3H·(E + H) a pass
 * (two directions, three gates, a multiply-add counts as two).
 *
 * @param N tokens of the batch
 */
export function recurrentFlop({ E, H }: ModelSizes, N: number, regime: BenchRegime): number {
  return passes(regime) * products * N * 2 * 2 * 3 * H * (E + H);
}

/**
 * Floating-point operations of the products of one whole step: the recurrent ones and the MLP's 3 × B·2·(2H·M + M·C) a
 * pass. Gates, loss and Adam don't count.
 *
 * @param N tokens of the batch
 * @param B texts of the batch
 */
export function stepFlop(sizes: ModelSizes, N: number, B: number, regime: BenchRegime): number {
  const { H, M, C } = sizes;
  return recurrentFlop(sizes, N, regime) + passes(regime) * products * B * 2 * (2 * H * M + M * C);
}
