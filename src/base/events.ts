import type { EpochRecord } from './epoch-record.js';
import type { Warning } from './warnings.js';

/** What train(), evaluate(), exportOnnx(), bench(), describe() and audit() report while they work. */
export type ProgressEvent =
  | ({ readonly kind: 'download' } & DownloadProgress)
  /** A new stage begins: reading data, testing, exporting … */
  | { readonly kind: 'stage'; readonly text: string }
  /** Something the user should know, such as truncated texts. */
  | { readonly kind: 'notice'; readonly text: string }
  /** Something that makes the result doubtful; run.json and the result hold it too. */
  | ({ readonly kind: 'warning' } & Warning)
  | TrainingStepEvent
  /** Examples evaluated, read or compared so far; a stream does not know how many there will be. */
  | {
      readonly kind: 'examples';
      readonly text: string;
      readonly done: number;
      readonly total: number | undefined;
    }
  /** A round of a bench is over; `share` of the whole bench is done, 0 to 1. */
  | {
      readonly kind: 'round';
      readonly text: string;
      readonly round: number;
      readonly rounds: number;
      readonly share: number;
      readonly secondsLeft: number;
    }
  /** How far a study is: runs that are done or have failed, all of them, and those that this process carries out now. */
  | {
      readonly kind: 'runs';
      readonly done: number;
      readonly total: number;
      readonly running: readonly string[];
      /** Undefined before a run has finished. */
      readonly secondsLeft: number | undefined;
      /** Of a search: the least validation loss so far, if any. */
      readonly least?: number | undefined;
    }
  | { readonly kind: 'epoch'; readonly record: EpochRecord; readonly epochs: number };

/** After each training step. */
export interface TrainingStepEvent {
  readonly kind: 'step';
  readonly epoch: number;
  /** Maximum epochs of this run. */
  readonly epochs: number;
  /** Batches of this epoch done, and all of them. */
  readonly batch: number;
  readonly batches: number;
  /** Share of the whole run done if no patience ends it earlier, 0 to 1. */
  readonly share: number;
  /** Over this epoch so far. */
  readonly tokensPerSecond: number;
  /** Mean clean loss over this epoch so far. */
  readonly loss: number;
  /** Validation loss of the best epoch so far; undefined in the first epoch. */
  readonly validLoss: number | undefined;
  /** If no patience ends the run earlier. */
  readonly secondsLeft: number;
}

/** What every long function of this package takes. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
}

/** Reports examples: what is returned takes how many more are done. */
export function exampleCounter({ onProgress }: Watch, text: string, total?: number): (more: number) => void {
  let done = 0;
  return (more) => {
    done += more;
    onProgress?.({ kind: 'examples', text, done, total });
  };
}

/** Reports downloads. */
export function downloadReporter({ onProgress }: Watch): (progress: DownloadProgress) => void {
  return (progress) => {
    onProgress?.({ kind: 'download', ...progress });
  };
}

export interface DownloadProgress {
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number | undefined;
  /** The process that downloads the same, where this one waits for it. */
  readonly waitingFor?: string | undefined;
}
