import { parameterCount } from '../engine/cells.js';
import type { Watch } from '../base/events.js';
import type { NetworkRun } from './active-run.js';
import { readCheckpoint, writeCheckpoint, type CheckpointOwner } from './checkpoint.js';
import { linearParts } from './linear-parts.js';
import { lossAlong } from './loss-along.js';
import { judge, judgeJoint, type Learner } from './run.js';
import type { RunDirectory } from './run-directory.js';
import { runFingerprint } from './run-facts.js';
import { resumeHint } from './run-paths.js';
import type { ModelSizes } from './new-record.js';
import { runSchedule, type ScheduleJob } from './schedule.js';
import type { ScheduleState } from './schedule-state.js';

/**
 * Trains the network of a run epoch after epoch, and fits the n-grams beside it. Reads the checkpoint of a run that goes on.
 *
 * @throws AdvError CHECKPOINT when it is refused; the learner throws INTERRUPTED with the state saved, NOT_FINITE, STORAGE
 */
export async function networkLearner(run: NetworkRun): Promise<Learner> {
  const { classifier, data } = run;
  const schedule = await networkSchedule(run);
  return {
    sizes: schedule.sizes,
    learn: async () => {
      const finished = await runSchedule(await schedule.job());
      const { history, selected } = finished;
      const judged = judge(run, finished);
      classifier.writeParameters(finished.parameters);
      const { tokens } = data;
      const along = await lossAlong(run);
      const parts = await linearParts(run);
      const doubts = [...judged.doubts, ...judgeJoint(run, judged, parts)];
      return {
        network: classifier,
        tokens,
        history,
        selected,
        lossAlong: along,
        ...judged,
        ...parts,
        doubts,
      };
    },
  };
}

/** The schedule of a run, before it begins or goes on. */
export interface NetworkSchedule {
  readonly sizes: ModelSizes;
  /** Stores what the checkpoints that will come are read with. */
  job(): Promise<ScheduleJob>;
}

/**
 * Reads the checkpoint of a run that goes on. It is written after each epoch.
 *
 * @throws AdvError CHECKPOINT when it is refused
 */
export async function networkSchedule(run: NetworkRun): Promise<NetworkSchedule> {
  const { classifier, data, directory, recipe, earlier, watch } = run;
  const { dataset, vocabulary } = data;
  const { labels, facts } = dataset;
  const fingerprint = runFingerprint(recipe, labels, vocabulary.tokens, facts.files);
  const owner: CheckpointOwner = { fingerprint, tensors: classifier.tensors, averages: recipe.ema > 0 };
  // Before anything is written: a checkpoint that is refused leaves the run as it was.
  const from = earlier === undefined ? undefined : await readCheckpointOfRun(directory, owner, watch);
  const { checkpoint } = directory.paths;
  return {
    sizes: { vocabularySize: vocabulary.size, parameterCount: parameterCount(classifier.tensors) },
    job: async () => {
      await directory.writeVocabulary(vocabulary);
      if (from !== undefined) await directory.writeHistory(from.position.history);
      return {
        classifier,
        recipe,
        from,
        train: data.train,
        valid: data.valid,
        classNames: labels,
        resumeHint: resumeHint(directory.paths.directory),
        save: async (state) => {
          await writeCheckpoint(checkpoint, state, owner);
          await directory.writeHistory(state.position.history);
        },
        ...watch,
      };
    },
  };
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
