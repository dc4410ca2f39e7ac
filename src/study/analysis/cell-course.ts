import { at } from '../../base/at.js';
import type { EpochRecord } from '../../base/epoch-record.js';
import { meanInterval, type MeanInterval } from '../../statistics/mean-interval.js';
import type { LossAlong } from '../../training/loss-along.js';
import type { CellCourse, CellLossAlong } from './study-analysis.js';

/** The epochs of one run, the untrained model's first, and the one that was selected. */
export interface RunCourse {
  readonly history: readonly EpochRecord[];
  readonly selected: number;
}

/**
 * How runs that differ by their seed went, epoch by epoch.
 *
 * @param runs at least one
 */
export function cellCourse(runs: readonly RunCourse[]): CellCourse {
  const lengths = runs.map(({ history }) => history.length);
  const places = Array.from({ length: Math.max(...lengths) }, (_, epoch) => epoch);
  const over = (of: (record: EpochRecord) => number | null | undefined): (number | null)[] =>
    places.map((epoch) => {
      const values = runs.flatMap(({ history }) => {
        const record = history[epoch];
        return record === undefined ? [] : (of(record) ?? []);
      });
      return values.length === 0 ? null : meanInterval(values).mean;
    });
  const gap = (epochOf: (run: RunCourse) => number): MeanInterval =>
    meanInterval(runs.map((run) => gapAfter(run.history, epochOf(run))));
  return {
    trainLoss: over(({ trainLoss }) => trainLoss),
    validLoss: over(({ validLoss }) => validLoss),
    epsilon: over(({ epsilon }) => epsilon),
    embeddingStd: over(({ embeddingStd }) => embeddingStd),
    gradientNorm: over(({ gradientNorm }) => gradientNorm),
    selectedEpoch: meanInterval(runs.map(({ selected }) => selected)),
    epochs: meanInterval(lengths.map((length) => length - 1)),
    gapAtSelected: gap(({ selected }) => selected),
    gapAtLast: gap(({ history }) => history.length - 1),
  };
}

/** By how much the validation loss is above the training loss after an epoch; 0 where that was not measured. */
export function gapAfter(history: readonly EpochRecord[], epoch: number): number {
  const { trainLoss, validLoss } = at(history, epoch);
  return validLoss - (trainLoss ?? validLoss);
}

/** The losses along perturbations as means over the runs that measured them; null where none did. */
export function cellLossAlong(runs: readonly (LossAlong | null | undefined)[]): CellLossAlong | null {
  const measured = runs.filter((along) => along != null);
  const [first] = measured;
  if (first === undefined) return null;
  // Another version may have measured at others.
  const alike = measured.filter(({ epsilons }) => epsilons.join() === first.epsilons.join());
  const over = (of: (along: LossAlong) => readonly number[]): number[] =>
    first.epsilons.map((_, place) => meanInterval(alike.map((along) => at(of(along), place))).mean);
  return {
    seeds: alike.length,
    epsilons: first.epsilons,
    fastGradientSign: over(({ fastGradientSign }) => fastGradientSign),
    random: over(({ random }) => random),
  };
}
