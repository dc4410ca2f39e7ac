import { cells } from '../engine/cells.js';
import { passesOf } from '../recipe/regime.js';
import type { ModelShape } from './configurations.js';

/** How a step trains: one pass, or a clean and an adversarial one. */
export type BenchRegime = 'vanilla' | 'adversarial';

/** Forward, and backward twice as much: the gradient of the weights and that of the input. */
const products = 3;

/**
 * Floating-point operations of the recurrent products of one step, forward and backward: 3 × N·2·2·G·H·(E + H) a pass
 * (two directions, G gates: 3 of a GRU, 4 of an LSTM; a multiply-add counts as two).
 *
 * @param N tokens of the batch
 */
export function recurrentFlop({ cell, E, H }: ModelShape, N: number, regime: BenchRegime): number {
  return passesOf(regime) * products * N * 2 * 2 * cells[cell].gates.length * H * (E + H);
}

/**
 * Floating-point operations of the products of one whole step: the recurrent ones and the MLP's 3 × B·2·(P·2H·M + M·C) a pass, of P
 * poolings. Gates, poolings, the sums of n-grams' vectors and of their gradients, loss, Adam and the average don't count.
 *
 * @param N tokens of the batch
 * @param B texts of the batch
 */
export function stepFlop(model: ModelShape, N: number, B: number, regime: BenchRegime): number {
  const { H, M, C, pooling } = model;
  const mlp = pooling.length * 2 * H * M + M * C;
  return recurrentFlop(model, N, regime) + passesOf(regime) * products * B * 2 * mlp;
}
