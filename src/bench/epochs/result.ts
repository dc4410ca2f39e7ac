import type { BenchMachine } from '../result.js';

/** A whole epoch that was trained, validated and tested. */
export interface MeasuredEpoch {
  /** As parseChoice() reads it. */
  readonly name: string;
  readonly status: 'measured';
  /** Of the training data. */
  readonly examples: number;
  /** Of the training data, with begin and end of each text. */
  readonly tokens: number;
  /** C, the number of classes: a model that learnt nothing has a loss of about ln C. */
  readonly classes: number;
  /** Wall time of the whole command: reading, training, validating before and after the epoch, test and export. */
  readonly seconds: number;
  /** Training tokens a second of the steps alone. */
  readonly tokensPerSecond: number;
  readonly peakBytes: number;
  /** Mean cross-entropy after the epoch, in nats. */
  readonly validLoss: number;
  /** What a reader of these numbers must know of the data. */
  readonly notes: readonly string[];
}

/** A dataset without numbers, and why. */
export interface AbsentEpoch {
  readonly name: string;
  /** Not here, or not all of it; or here, and training on it failed. */
  readonly status: 'missing' | 'failed';
  readonly reason: string;
}

export type EpochResult = MeasuredEpoch | AbsentEpoch;

/** What `npm run bench:datasets -- --json` prints. */
export interface EpochBench {
  readonly machine: BenchMachine;
  readonly epochs: readonly EpochResult[];
}
