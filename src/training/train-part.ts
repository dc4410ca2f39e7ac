import type { EpochRecord } from '../base/epoch-record.js';
import { AdvError } from '../base/errors.js';
import type { Watch } from '../base/events.js';
import { loadAddon } from '../engine/loader.js';
import type { TrainOptions } from '../recipe/table.js';
import { begun } from './beginning.js';
import { networkSchedule } from './network-learner.js';
import { inNetworkRun } from './network-run.js';
import { recorded } from './run.js';
import { runScheduleUntil } from './schedule.js';

/** How far a training is that was carried out in part. */
export interface PartOfTraining {
  /** Of its recipe: the learning rate falls over so many. */
  readonly epochs: number;
  /** With the untrained model's, epoch 0, first. */
  readonly history: readonly EpochRecord[];
  /** Whether there is nothing left to train. */
  readonly over: boolean;
  readonly diverged: boolean;
}

/**
 * Begins a training, or goes on with it, until a part of its epochs is over, and saves its state: parts one after another give the bits of the
 * whole. It validates and neither selects nor tests: the test part of the data is not opened, and nothing here could open it.
 *
 * @param options those of train(); `out` or `resume` say where. Their `test` is not looked at
 * @param divisor trains to the end of epoch ⌈epochs / divisor⌉, an integer of at least 1
 * @throws AdvError as train() does; USAGE when there is no network to train
 */
export async function trainPart(
  options: TrainOptions,
  divisor: number,
  watch: Watch = {},
): Promise<PartOfTraining> {
  return begun({ options: { ...options, test: undefined }, withoutTest: true }, watch, (beginning) => {
    const { recipe } = beginning;
    if (!recipe.recurrent) {
      throw new AdvError('USAGE', 'expected a network to train in parts, got a classifier of n-grams');
    }
    return inNetworkRun(loadAddon(), beginning, watch, async (run) => {
      const schedule = await networkSchedule(run);
      return recorded(run, schedule.sizes, async (record) => {
        const { epochs } = recipe;
        const paused = await runScheduleUntil(await schedule.job(), Math.ceil(epochs / divisor));
        // run.json says that it may go on.
        await run.directory.writeRecord({ ...record, status: 'interrupted' });
        return { epochs, ...paused };
      });
    });
  });
}
