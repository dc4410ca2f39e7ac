import type { PeerSplits } from './peer-splits.js';
import type { QualityResult } from './result.js';
import type { QualitySource } from './source.js';

/** What one system is measured on. */
export interface QualityTask {
  readonly source: QualitySource;
  readonly splits: PeerSplits;
  readonly seed: number;
  readonly threads: number;
  /** Empty; for what the system writes. */
  readonly folder: string;
  readonly signal: AbortSignal | undefined;
  /** Receives progress of its programs. */
  readonly onErrors: (text: string) => void;
}

/** What a system reaches and takes. */
export type Measured = Pick<
  QualityResult,
  'examples' | 'valid' | 'test' | 'seconds' | 'cpuSeconds' | 'peakBytes' | 'modelBytes'
>;

/** Whatever classifies texts: a setting of this package, or a peer. */
export interface QualitySystem {
  readonly name: string;
  /** What it is told besides data, seed and threads. */
  readonly options: readonly string[];
  /** What it lacks here, and how to install it; undefined when it can take part. */
  lacks(signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Lets it learn, then validate, then read the test data once.
   *
   * @throws Error with the last words of a program that fails
   */
  measure(task: QualityTask): Promise<Measured>;
}
