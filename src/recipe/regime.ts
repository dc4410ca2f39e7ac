import type { NativeAttack } from '../engine/addon.js';

/**
 * How a model is trained: with dropout, on perturbed examples, with both or with neither. Adversarial perturbations follow the sign of the
 * gradient; random ones of the same size are what they are compared with.
 */
export const regimes = [
  'vanilla',
  'dropout',
  'adversarial',
  'adversarial+dropout',
  'random',
  'random+dropout',
] as const;

/** One of {@link regimes}. */
export type Regime = (typeof regimes)[number];

/** What makes the perturbation of a regime's steps; undefined where nothing is perturbed. */
export function attackOf(regime: Regime): NativeAttack['kind'] | undefined {
  if (regime.startsWith('adversarial')) return 'fast-gradient-sign';
  return regime.startsWith('random') ? 'random-sign' : undefined;
}

/** How often a step goes through the network: once, or once more at the perturbed embeddings. */
export const passesOf = (regime: Regime): 1 | 2 => (attackOf(regime) === undefined ? 1 : 2);

/** The regimes without dropout, each with what it is called with dropout. */
const droppingUnits = {
  vanilla: 'dropout',
  adversarial: 'adversarial+dropout',
  random: 'random+dropout',
} as const satisfies Partial<Record<Regime, Regime>>;

/** The same regime with dropout; undefined where it has that. */
export function withDropout(regime: Regime): Regime | undefined {
  return regime in droppingUnits ? droppingUnits[regime as keyof typeof droppingUnits] : undefined;
}
