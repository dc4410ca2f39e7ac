import type { NativeAddon } from '../engine/addon.js';
import { loadAddon } from '../engine/loader.js';
import type { Watch } from '../base/events.js';
import { checkTrainOptions } from '../recipe/check.js';
import type { TrainOptions } from '../recipe/table.js';
import { begun, inDirectory, type Beginning } from './beginning.js';
import { requireSameTokens } from './run-facts.js';
import { networkLearner } from './network-learner.js';
import { inNetworkRun } from './network-run.js';
import { fitNgrams } from './ngram-learner.js';
import { carryOut, type TrainResult } from './run.js';

/**
 * Trains a classifier, selects the epoch by validation loss, tests it once and exports it, all into a run directory.
 * With `resume` it continues an earlier run and gives the bits that an uninterrupted run gives.
 *
 * @param options what to train on and how; the defaults are what is best for the dataset, see TrainOptions.preset
 * @param watch a signal that stops the run with its state saved, and a receiver of progress
 * @throws AdvError of any code; INTERRUPTED carries the command to continue as its hint
 */
export async function train(options: TrainOptions = {}, watch: Watch = {}): Promise<TrainResult> {
  // Before the addon is loaded, whose lack would hide what is wrong.
  checkTrainOptions(options);
  return trainWith(loadAddon(), options, watch);
}

/** train() on a given engine, as `bench/pipeline.js` observes one. */
export async function trainWith(
  addon: NativeAddon,
  options: TrainOptions,
  watch: Watch,
): Promise<TrainResult> {
  return begun({ options }, watch, (beginning) => trainFrom(addon, beginning, watch));
}

/** Reads the data, makes the model and trains it in the run's directory. */
async function trainFrom(addon: NativeAddon, beginning: Beginning, watch: Watch): Promise<TrainResult> {
  return beginning.recipe.recurrent
    ? trainNetwork(addon, beginning, watch)
    : trainNgrams(addon, beginning, watch);
}

function trainNetwork(addon: NativeAddon, beginning: Beginning, watch: Watch): Promise<TrainResult> {
  return inNetworkRun(addon, beginning, watch, async (run) => carryOut(run, await networkLearner(run)));
}

/** The same without a network: so little work that nothing of it is saved before its end, and no directory is made before it is nearly done. */
async function trainNgrams(addon: NativeAddon, beginning: Beginning, watch: Watch): Promise<TrainResult> {
  const { dataset, recipe, execution, earlier } = beginning;
  if (earlier !== undefined) {
    watch.onProgress?.({
      kind: 'notice',
      text: 'a run without a network is not saved on its way: it begins anew',
    });
  }
  const { data, learnerIn } = await fitNgrams({ addon, dataset, recipe, execution, watch });
  if (earlier !== undefined) requireSameTokens(earlier.record.dataset, data);
  return inDirectory(beginning, (directory) =>
    carryOut(
      { addon, data, recipe, execution, watch, directory, earlier: earlier?.record },
      learnerIn(directory),
    ),
  );
}
