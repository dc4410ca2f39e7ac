import type { NativeAddon } from '../engine/addon.js';
import type { Watch } from '../base/events.js';
import { cancellable } from '../engine/calls.js';
import { createClassifier, type NetworkRun } from './active-run.js';
import { inDirectory, type Beginning } from './beginning.js';
import { requireTrainingMemory } from './memory.js';
import { prepareData } from './prepare.js';
import { requireSameTokens } from './run-facts.js';

/**
 * Reads the data, makes the network and lets it be trained in the run's directory; frees both in the end.
 *
 * @throws AdvError of any code that reading the data, the engine or the disk gives, and what the work throws
 */
export async function inNetworkRun<Result>(
  addon: NativeAddon,
  beginning: Beginning,
  watch: Watch,
  use: (run: NetworkRun) => Promise<Result>,
): Promise<Result> {
  const { dataset, recipe, execution, vocabulary, folder, earlier } = beginning;
  const data = await prepareData(dataset, recipe, vocabulary, folder, watch);
  try {
    if (earlier !== undefined) requireSameTokens(earlier.record.dataset, data);
    const classifier = createClassifier(addon, recipe, data, execution);
    try {
      requireTrainingMemory({ addon, classifier, data, recipe, resumes: earlier !== undefined });
      if (earlier === undefined) await cancellable(classifier, watch.signal, () => classifier.ready());
      // The directory comes last, so that whatever was refused leaves none behind.
      return await inDirectory(beginning, (directory) =>
        use({
          ...{ addon, data, recipe, execution, watch, classifier, directory },
          earlier: earlier?.record,
        }),
      );
    } finally {
      classifier.dispose();
    }
  } finally {
    await data.close();
  }
}
