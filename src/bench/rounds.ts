import { setTimeout } from 'node:timers/promises';

/** Someone who takes a turn in every round. */
export type Turn = () => Promise<unknown>;

/** OpenMP's threads look for more work for some milliseconds after a step; the next participant needs the cores. */
const pauseMilliseconds = 20;

/**
 * Gives everyone a turn in every round, so that a drifting machine drifts for all alike. Each round begins with another
 * one: who follows whom has an effect on caches and clocks.
 *
 * @param onRound receives the rounds done
 * @throws what a turn throws, and an AbortError when the signal fires
 */
export async function runRounds(
  turns: readonly Turn[],
  rounds: number,
  watch: { readonly signal?: AbortSignal | undefined; readonly onRound?: (done: number) => void } = {},
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < turns.length; place++) {
      await setTimeout(pauseMilliseconds, undefined, watch.signal ? { signal: watch.signal } : {});
      await turns[(round + place) % turns.length]?.();
    }
    watch.onRound?.(round + 1);
  }
}
