import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AdvError } from '../../base/errors.js';
import { duration, score } from '../../report/format.js';
import type { BenchMachine } from '../result.js';
import type { QualityPlan } from './options.js';
import { PeerSplits } from './peer-splits.js';
import { findResult, keyName, storeResult, type ResultKey } from './result.js';
import type { QualitySource } from './source.js';
import type { QualitySystem } from './system.js';

/** Something without a result, and why. */
export interface Absence {
  /** A dataset, a system, or both with a seed. */
  readonly name: string;
  /** Not here, or failed. */
  readonly status: 'missing' | 'failed';
  readonly reason: string;
}

/** Where a bench of quality works. */
export interface QualityPlace {
  /** Keeps results. */
  readonly out: string;
  /** An existing folder, for what is gone afterwards. */
  readonly folder: string;
  readonly machine: BenchMachine;
  readonly signal: AbortSignal | undefined;
  /** Receives lines of progress, and the progress of programs. */
  readonly say: (text: string) => void;
}

/** One dataset with one seed. */
interface Part {
  readonly source: QualitySource;
  readonly seed: number;
  readonly threads: number;
}

/**
 * Measures what has no result yet, one program at a time, and stores each result as soon as it is there: a bench that is interrupted
 * goes on where it stopped.
 *
 * @returns what has no result
 * @throws AdvError USAGE when a result of other options is in the way, STORAGE; and whatever ends a program once the signal has fired
 */
export async function runQuality(
  { sources, systems, seeds, threads }: QualityPlan,
  place: QualityPlace,
): Promise<Absence[]> {
  const { present, absences } = await findSystems(systems, place);
  place.say(`results go to ${place.out}; the same command goes on where it was stopped\n`);
  for (const source of sources) {
    for (const seed of seeds) {
      absences.push(...(await runPart({ source, seed, threads }, present, place)));
    }
  }
  // A dataset that is not here is so with every seed.
  const different = new Map(absences.map((absence) => [`${absence.name}: ${absence.reason}`, absence]));
  return [...different.values()];
}

async function findSystems(
  systems: readonly QualitySystem[],
  { signal, say }: QualityPlace,
): Promise<{ present: QualitySystem[]; absences: Absence[] }> {
  const [present, absences]: [QualitySystem[], Absence[]] = [[], []];
  for (const system of systems) {
    const reason = await system.lacks(signal);
    if (reason === undefined) present.push(system);
    else absences.push({ name: system.name, status: 'missing', reason });
  }
  for (const { reason } of absences) say(`${reason}\n`);
  return { present, absences };
}

/** All that is to do on one dataset with one seed: its splits are written once for all peers. */
async function runPart(
  part: Part,
  systems: readonly QualitySystem[],
  place: QualityPlace,
): Promise<Absence[]> {
  const { source, seed } = part;
  const { out, folder, signal, say } = place;
  const absences: Absence[] = [];
  const miss = (name: string, error: unknown): void => {
    const absence = absenceOf(name, error, signal);
    say(`${name}: ${absence.reason}\n`);
    absences.push(absence);
  };
  const keyOf = ({ name, options }: QualitySystem): ResultKey => ({
    ...{ dataset: source.name, system: name, seed, options },
  });
  const open: QualitySystem[] = [];
  for (const system of systems) if (!(await findResult(out, keyOf(system)))) open.push(system);
  if (open.length === 0) return absences;
  try {
    const splits = new PeerSplits(await source.open(seed, signal), emptyFolder(folder, 'texts'));
    for (const system of open) {
      const measuring = runSystem(keyOf(system), system, splits, part, place);
      await measuring.catch((error: unknown) => {
        miss(keyName(keyOf(system)), error);
      });
    }
  } catch (error) {
    miss(source.name, error);
  }
  return absences;
}

async function runSystem(
  key: ResultKey,
  system: QualitySystem,
  splits: PeerSplits,
  part: Part,
  { out, folder, machine, signal, say }: QualityPlace,
): Promise<void> {
  say(`${keyName(key)}\n`);
  const work = emptyFolder(folder, 'work');
  const measured = await system.measure({ ...part, splits, folder: work, signal, onErrors: say });
  const { labels, facts } = splits.dataset;
  const about = { classes: labels.length, notes: facts.notes, machine: { ...machine } };
  await storeResult(out, { ...key, ...measured, ...about });
  const { accuracy, macroF1 } = measured.test;
  const reached = `test accuracy ${score(accuracy)}, macro F1 ${score(macroF1)}`;
  say(`${keyName(key)}: ${reached}, ${duration(measured.seconds)}\n`);
}

/** Makes a folder, or empties it. */
function emptyFolder(folder: string, name: string): string {
  const path = join(folder, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  return path;
}

/** @throws the error itself when the signal has fired */
function absenceOf(name: string, error: unknown, signal: AbortSignal | undefined): Absence {
  if (signal?.aborted) throw error;
  const missing = error instanceof AdvError && error.code === 'DATA_MISSING';
  const reason = error instanceof Error ? error.message : String(error);
  return { name, status: missing ? 'missing' : 'failed', reason };
}
