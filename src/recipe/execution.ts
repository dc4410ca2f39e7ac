import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { choice } from '../base/rules.js';
import { fields, kept, optional, orNull, type Kept } from '../base/schema.js';
import { trainOptions, type TrainOptions } from './table.js';

/** What a file must hold for an {@link Execution}. */
export const executionSchema = fields({
  threads: kept(trainOptions.threads.rule),
  device: kept(choice('cpu')),
  dataDir: orNull(kept(trainOptions.dataDir.rule)),
  offline: kept(trainOptions.offline.rule),
  /** Records of earlier versions lack it. */
  baseline: optional(kept(trainOptions.baseline.rule)),
});

/** How a recipe is carried out here: none of it changes what the model is. */
export type Execution = Kept<typeof executionSchema>;

/** Threads where the user names none: more than 16 gain nothing at these model sizes. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), 16);
}

/**
 * How this run is carried out.
 *
 * @param earlier what the run that is resumed used
 */
export function resolveExecution(options: TrainOptions, earlier?: Execution): Execution {
  return {
    threads: options.threads ?? earlier?.threads ?? defaultThreads(),
    device: 'cpu',
    dataDir: options.dataDir === undefined ? (earlier?.dataDir ?? null) : resolve(options.dataDir),
    offline: options.offline ?? earlier?.offline ?? false,
    baseline: options.baseline ?? earlier?.baseline ?? true,
  };
}
