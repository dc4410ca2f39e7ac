import { AdvError } from '../../base/errors.js';
import type { Watch } from '../../base/events.js';
import { writeAtomically } from '../../base/storage/atomic-file.js';
import { shellQuoted } from '../../base/storage/shell-path.js';
import { seedsOf } from '../../recipe/recipe.js';
import { isSameAsked, type Asked } from './asked.js';
import { Clock } from './clock.js';
import { sweepCsv, trialsCsv } from './files.js';
import type { TuneOptions } from './options.js';
import { readTune, trialsOf, type Tuned } from './read-tune.js';
import { conclude, type TuneResult } from './result.js';
import { search } from './search.js';
import { Trials, type TrialExecution } from './trials.js';
import { TuneFolder } from './tune-folder.js';
import { checkTuneOptions, wantedOf } from './wanted.js';

const defaultFolder = 'tune';

/**
 * Chooses options on validation loss alone, by successive halving, or trains each of some values with several seeds. Neither opens the test part of the
 * data. What is done is kept in a folder: called again with the same folder, whatever stopped it before, it goes on, and a search of a number of trials
 * gives the same trials and the same best one as if nothing had stopped it.
 *
 * @param options those of train() hold for every trial
 * @param watch a signal that stops it with the state of its trials saved, and a receiver of progress
 * @throws AdvError USAGE when options are wrong or the folder was asked something else, INTERRUPTED, STORAGE, RUN_DIRECTORY, and what reading the data throws
 */
export async function tune(options: TuneOptions = {}, watch: Watch = {}): Promise<TuneResult> {
  return tuneWith(options, {}, watch);
}

/** tune() with trials that a test carries out. */
export async function tuneWith(
  options: TuneOptions,
  { trainPart }: Pick<TrialExecution, 'trainPart'>,
  watch: Watch,
): Promise<TuneResult> {
  checkTuneOptions(options);
  const folder = new TuneFolder(options.out ?? defaultFolder);
  const wanted = await wantedOf(folder, options, watch);
  const release = await folder.hold();
  try {
    const asked = await settled(folder, wanted, options);
    const clock = await Clock.start(folder);
    const { threads, dataDir, offline, jobs } = options;
    const trials = new Trials(folder, asked.select, { threads, dataDir, offline, jobs, trainPart });
    const { seed } = seedsOf(asked.options);
    try {
      await (asked.method === 'sweep'
        ? sweep(asked, trials, clock, watch)
        : search({ folder, asked, trials, clock, seed, watch }));
    } finally {
      await clock.stop();
      await writeTables(folder, await readTune(folder.path));
    }
    if (watch.signal?.aborted) throw stopped(folder);
    return await conclude(folder, clock.seconds);
  } finally {
    await release();
  }
}

/** What the folder is asked from now on; a budget may be raised. */
async function settled(
  folder: TuneFolder,
  wanted: Asked | undefined,
  { budget }: TuneOptions,
): Promise<Asked> {
  const there = await folder.readAsked();
  const asked = there ?? wanted;
  if (asked === undefined) throw new Error('a folder without tune.json, which it had');
  if (there !== undefined && wanted !== undefined && !isSameAsked(there, wanted)) {
    throw new AdvError(
      'USAGE',
      `${folder.askedPath} asks for something else than these options`,
      'Leave them out to go on with it, or choose another --out.',
    );
  }
  const settledNow = budget === undefined || asked.method === 'sweep' ? asked : { ...asked, budget };
  await folder.writeAsked(settledNow);
  return settledNow;
}

/** Trains every value with every seed. */
async function sweep(
  asked: Asked,
  trials: Trials,
  clock: Clock,
  { signal, onProgress }: Watch,
): Promise<void> {
  const all = trialsOf(asked);
  const secondsLeft = (): number | undefined =>
    trials.trainings === 0 ? undefined : (clock.seconds / trials.trainings) * (all.length - trials.trainings);
  await trials.reach(
    all.map((trial) => ({ trial, divisor: 1 })),
    { signal, onProgress, secondsLeft },
  );
}

async function writeTables(folder: TuneFolder, tuned: Tuned): Promise<void> {
  await writeAtomically(folder.trialsPath, [trialsCsv(tuned)]);
  if (tuned.sweep !== null) await writeAtomically(folder.sweepPath, [sweepCsv(tuned)]);
}

function stopped({ path }: TuneFolder): AdvError {
  return new AdvError(
    'INTERRUPTED',
    'the search was stopped; the states of its trials are saved',
    `Continue it with: npx advnative tune --out ${shellQuoted(path)}`,
  );
}
