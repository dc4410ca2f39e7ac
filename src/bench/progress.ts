import type { Watch } from '../base/events.js';
import { makeBatch } from './batch.js';
import type { Configuration } from './configurations.js';
import { stepFlop, type BenchRegime } from './flops.js';
import type { BenchPlan } from './options.js';
import { tokensOf } from './work.js';

/** Reports how far a bench is. Rounds weigh what their step computes. */
export class BenchProgress {
  readonly #plan: BenchPlan;
  readonly #watch: Watch;
  readonly #begin = performance.now();
  readonly #total: number;
  #done = 0;

  constructor(plan: BenchPlan, watch: Watch) {
    this.#plan = plan;
    this.#watch = watch;
    this.#total = plan.configurations
      .flatMap((configuration) => plan.regimes.map((regime) => weightOf(configuration, regime)))
      .reduce((sum, weight) => sum + weight * plan.rounds, 0);
  }

  /** A case begins. The returned function is to be called after each of its rounds. */
  begin(configuration: Configuration, regime: BenchRegime): (round: number) => void {
    const text = `${configuration.name} ${regime}`;
    const weight = weightOf(configuration, regime);
    this.#watch.onProgress?.({ kind: 'stage', text: `measuring ${text}` });
    return (round) => {
      this.#done += weight;
      const { rounds } = this.#plan;
      tellRound(this.#watch, this.#begin, { text, round, rounds, share: this.#done / this.#total });
    };
  }
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
