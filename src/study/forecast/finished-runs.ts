import { readHistory } from '../../training/history.js';
import type { EpochRecord } from '../../base/epoch-record.js';
import { runPaths } from '../../training/run-paths.js';
import type { RunRecord } from '../../training/run-record.js';

/** What a finished run took. */
export interface FinishedRun {
  readonly column: string;
  readonly threads: number;
  /** Those that were trained. */
  readonly epochs: number;
  /** Wall time of an epoch's training steps, and of a validation, means over the run. */
  readonly train: number;
  readonly valid: number;
}

/**
 * Reads what a finished run took.
 *
 * @param directory the run directory
 * @throws AdvError RUN_DIRECTORY when its history is damaged
 */
export async function readFinished(
  directory: string,
  column: string,
  { execution: { threads } }: RunRecord,
): Promise<FinishedRun> {
  return { column, threads, ...meansOf(await readHistory(runPaths(directory).history)) };
}

/** @param history with the untrained model as epoch 0, if there is one */
export function meansOf(history: readonly EpochRecord[]): Omit<FinishedRun, 'column' | 'threads'> {
  const epochs = history.filter(({ epoch }) => epoch > 0).length;
  const sum = (secondsOf: (record: EpochRecord) => number): number =>
    history.reduce((total, record) => total + secondsOf(record), 0);
  return {
    epochs,
    train: sum(({ trainSeconds }) => trainSeconds) / Math.max(1, epochs),
    valid: sum(({ seconds, trainSeconds }) => seconds - trainSeconds) / Math.max(1, history.length),
  };
}
