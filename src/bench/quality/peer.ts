import type { ScoreRows } from '../../linear/calibration.js';

/** Where a peer works. */
export interface PeerPlace {
  /** Has train.txt and valid.txt as writeSplit() writes them, and test.txt once the peer has learnt. */
  readonly folder: string;
  readonly seed: number;
  readonly threads: number;
}

/** A program, and its arguments. */
export type ProgramCall = readonly string[];

/** Another program that classifies texts. */
export interface QualityPeer {
  readonly name: string;
  readonly title: string;
  /** Fails where it is not installed. */
  readonly probe: ProgramCall;
  /** How to install it. */
  readonly install: string;
  /** What it is told besides data, seed and threads, for its result. */
  readonly options: readonly string[];
  /** The file of its model. */
  readonly model: string;
  /** True when its scores are no logarithms of probabilities: a temperature is fitted to the validation data. */
  readonly scaled: boolean;
  /** Learns from train.txt; what is chosen is chosen on valid.txt. */
  learn(place: PeerPlace): ProgramCall;
  /** Scores a split. */
  score(place: PeerPlace, split: 'valid' | 'test', classCount: number): ProgramCall;
  /**
   * The scores [N][C] of that split.
   *
   * @param output what the program printed
   */
  read(place: PeerPlace, split: 'valid' | 'test', classCount: number, output: string): Promise<ScoreRows>;
}
