import { join } from 'node:path';
import { catalogue } from '../../datasets/catalogue.js';
import { AdvError } from '../../base/errors.js';
import { readRecord } from '../../training/read-run.js';
import type { RunRecord } from '../../training/run-record.js';
import type { TrainResult } from '../../training/run.js';
import { endOfProgram, lastLine } from '../peers/program.js';
import { choiceName, trainArguments, type EpochChoice } from './choice.js';
import type { EpochResult, MeasuredEpoch } from './report.js';

/** Where epochs are measured. */
export interface EpochPlace {
  /** The program of the command line. */
  readonly program: string;
  /** An existing folder for run directories. */
  readonly folder: string;
  /** Ends a training that runs. */
  readonly signal?: AbortSignal | undefined;
  /** Receives the progress of each training. */
  readonly onProgress?: (text: string) => void;
}

/**
 * Trains one epoch through the command line, in a process of its own.
 *
 * @returns the epoch, or why there is none: files that are not here are no failure
 * @throws Error when the signal fires
 */
export async function measureEpoch(choice: EpochChoice, place: EpochPlace): Promise<EpochResult> {
  const name = choiceName(choice);
  const lacking = await whatLacks(choice.dataset);
  if (lacking !== undefined) return { name, status: 'missing', reason: lacking };
  const { program, folder, signal, onProgress } = place;
  const args = [program, ...trainArguments(choice, join(folder, name.replaceAll(':', '-')))];
  const began = performance.now();
  const launch = { command: process.execPath, args, environment: process.env };
  const { code, output, errors } = await endOfProgram(launch, signal, onProgress);
  const seconds = (performance.now() - began) / 1000;
  signal?.throwIfAborted();
  if (code !== 0) return { name, status: 'failed', reason: failureOf(output, errors) };
  const result = JSON.parse(output) as TrainResult;
  return { name, ...summaryOf(result, await readRecord(result.run)), seconds };
}

/** Why a dataset cannot be opened without a network; undefined when its files are here. */
async function whatLacks(dataset: string): Promise<string | undefined> {
  const listing = (await catalogue.list()).find(({ name }) => name === dataset);
  if (listing?.builtIn === true || listing?.found !== undefined) return undefined;
  const opening = catalogue.open(dataset, { seed: 1, offline: true });
  return opening.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof AdvError) return error.message;
      throw error;
    },
  );
}

/** What a finished run says of itself. */
export function summaryOf(
  { dataset, best, throughput }: TrainResult,
  { result }: Pick<RunRecord, 'result'>,
): Omit<MeasuredEpoch, 'name' | 'seconds'> {
  const { tokensPerSecond, examplesPerSecond } = throughput;
  const examples = dataset.examples.train;
  return {
    status: 'measured',
    examples,
    tokens: Math.round((examples * tokensPerSecond) / examplesPerSecond),
    classes: dataset.labels.length,
    tokensPerSecond,
    peakBytes: result?.peakMemoryBytes ?? Number.NaN,
    validLoss: best.validLoss,
    notes: dataset.notes,
  };
}

/** The message of a failed command; where it ended without one, its last words. */
export function failureOf(output: string, errors: string): string {
  try {
    return (JSON.parse(output) as { error: { message: string } }).error.message;
  } catch {
    return lastLine(errors) ?? 'the command ended without a word';
  }
}
