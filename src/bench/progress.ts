import type { Watch } from '../base/events.js';
import { makeBatch } from './batch.js';
import type { Configuration } from './configurations.js';
import { stepFlop, type BenchRegime } from './flops.js';
import type { BenchPlan } from './plan.js';
import { tokensOf } from './work.js';

/**
 * Reports how far a bench is. Rounds weigh what their step computes.
 *
 * @returns begins a case; what that gives is to be called after each of its rounds
 */
export function benchProgress(
  { configurations, regimes, rounds }: BenchPlan,
  watch: Watch,
): (configuration: Configuration, regime: BenchRegime) => (round: number) => void {
  const begin = performance.now();
  const total = configurations
    .flatMap((configuration) => regimes.map((regime) => weightOf(configuration, regime)))
    .reduce((sum, weight) => sum + weight * rounds, 0);
  let done = 0;
  return (configuration, regime) => {
    const text = `${configuration.name} ${regime}`;
    const weight = weightOf(configuration, regime);
    watch.onProgress?.({ kind: 'stage', text: `measuring ${text}` });
    return (round) => {
      done += weight;
      tellRound(watch, begin, { text, round, rounds, share: done / total });
    };
  };
}

/** Tells that a round is over, and how long the rest takes of a bench that began at `begin`, of performance.now(). */
export function tellRound(
  { onProgress }: Watch,
  begin: number,
  after: { readonly text: string; readonly round: number; readonly rounds: number; readonly share: number },
): void {
  const secondsLeft = ((performance.now() - begin) / 1000) * (1 / after.share - 1);
  onProgress?.({ kind: 'round', ...after, secondsLeft });
}

function weightOf(configuration: Configuration, regime: BenchRegime): number {
  return stepFlop(configuration, tokensOf(makeBatch(configuration)), configuration.B, regime);
}
