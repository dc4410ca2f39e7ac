import { parameterCount } from '../engine/cells.js';
import type { Watch } from '../base/events.js';
import type { NetworkRun } from './active-run.js';
import { readCheckpoint, writeCheckpoint, type CheckpointOwner } from './checkpoint.js';
import { linearParts } from './linear-parts.js';
import { judge, type Learner } from './run.js';
import type { RunDirectory } from './run-directory.js';
import { runFingerprint } from './run-facts.js';
import { resumeHint } from './run-paths.js';
import { runSchedule, type FinishedSchedule } from './schedule.js';
import type { ScheduleState } from './schedule-state.js';

/**
 * Trains the network of a run epoch after epoch, and fits the n-grams beside it. Reads the checkpoint of a run that goes on.
 *
 * @throws AdvError CHECKPOINT when it is refused; the learner throws INTERRUPTED with the state saved, NOT_FINITE, STORAGE
 */
export async function networkLearner(run: NetworkRun): Promise<Learner> {
  const { classifier, data, directory, recipe, earlier, watch } = run;
  const { labels, facts } = data.dataset;
  const { tokens, vocabulary } = data;
  const fingerprint = runFingerprint(recipe, labels, vocabulary.tokens, facts.files);
  const owner: CheckpointOwner = { fingerprint, tensors: classifier.tensors, averages: recipe.ema > 0 };
  // Before anything is written: a checkpoint that is refused leaves the run as it was.
  const from = earlier === undefined ? undefined : await readCheckpointOfRun(directory, owner, watch);
  return {
    sizes: { vocabularySize: vocabulary.size, parameterCount: parameterCount(classifier.tensors) },
    learn: async () => {
      await directory.writeVocabulary(vocabulary);
      const finished = await schedule(run, owner, from);
      const { history, selected } = finished;
      const judged = judge(run, finished);
      classifier.writeParameters(finished.parameters);
      return { network: classifier, tokens, history, selected, ...judged, ...(await linearParts(run)) };
    },
  };
}

async function schedule(
  run: NetworkRun,
  owner: CheckpointOwner,
  from: ScheduleState | undefined,
): Promise<FinishedSchedule> {
  const { classifier, directory, data, recipe, watch } = run;
  const { checkpoint } = directory.paths;
  if (from !== undefined) await directory.writeHistory(from.position.history);
  return runSchedule({
    classifier,
    recipe,
    from,
    train: data.train,
    valid: data.valid,
    classNames: data.dataset.labels,
    resumeHint: resumeHint(directory.paths.directory),
    save: async (state) => {
      await writeCheckpoint(checkpoint, state, owner);
      await directory.writeHistory(state.position.history);
    },
    ...watch,
  });
}

/** A run that was killed before its first checkpoint begins anew, which gives the same bits; it is said, not silent. */
async function readCheckpointOfRun(
  directory: RunDirectory,
  owner: CheckpointOwner,
  watch: Watch,
): Promise<ScheduleState | undefined> {
  if (await directory.hasBegun()) return readCheckpoint(directory.paths.checkpoint, owner);
  watch.onProgress?.({
    kind: 'notice',
    text: 'the run was stopped before its first checkpoint: it begins anew',
  });
  return undefined;
}
