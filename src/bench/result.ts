import type { NativeCeilings, NativeCell, NativeProfile } from '../engine/addon.js';
import type { Subwords } from '../text/subwords.js';
import type { ModelShape } from './configurations.js';
import type { BenchRegime } from './flops.js';
import type { Peer } from './peers/peer.js';

/** How fast one participant was; medians over the rounds. */
export interface Speed {
  readonly milliseconds: number;
  /** Of each round, in order; extrapolated where the participant's result says so. */
  readonly roundMilliseconds: readonly number[];
  readonly gflops: number;
  /** Share of the multiply-add ceiling of the same round, 0 to 1. */
  readonly shareOfPeak: number;
}

/** A peer that took part. */
export interface MeasuredPeer extends Speed, Pick<Peer, 'name' | 'title' | 'covers'> {
  readonly status: 'measured';
  readonly version: string;
  readonly threads: number;
  /** Median over the rounds of its time by the engine's for the same part. */
  readonly ratio: number;
  /** Largest difference of a loss of the first step from the engine's. */
  readonly lossDifference: number;
  /** True when it ran on `measuredT` tokens of each text and its time was scaled linearly in tokens. */
  readonly extrapolated: boolean;
  readonly measuredT: number;
}

/** A peer that has no times, and why. */
export interface AbsentPeer extends Pick<Peer, 'name' | 'title'> {
  /** Not installed; not able to compute this configuration, its cell or anything here; or failed, for one because its losses differ. */
  readonly status: 'missing' | 'left out' | 'failed';
  readonly reason: string;
}

export type PeerResult = MeasuredPeer | AbsentPeer;

/** One configuration under one regime. */
export interface CaseResult {
  readonly configuration: string;
  readonly description: string;
  readonly regime: BenchRegime;
  readonly sizes: Readonly<Record<'B' | 'V' | 'E' | 'H' | 'M' | 'C', number>>;
  readonly model: Pick<ModelShape, 'pooling' | 'ema' | 'weightDecay'> & {
    /** Null where words have no n-grams. */
    readonly subwords: Subwords | null;
  };
  /** Of words with n-grams: U, different words of the batch; K, n-grams of all of these; how many buckets they fall into. Null without. */
  readonly words: { readonly U: number; readonly K: number; readonly buckets: number } | null;
  /** Tokens of the shortest and of the longest text. */
  readonly T: readonly [number, number];
  /** N, tokens of the batch. */
  readonly tokens: number;
  readonly flop: { readonly step: number; readonly recurrent: number };
  /** Of this machine in the same rounds; medians. */
  readonly ceilings: NativeCeilings;
  readonly engine: Speed & { readonly tokensPerSecond: number };
  /** The engine's recurrent part alone. */
  readonly recurrent: Speed;
  /** Medians of the parts of the engine's step. */
  readonly profile: NativeProfile;
  readonly peers: readonly PeerResult[];
}

/** Where it was measured. */
export interface BenchMachine {
  readonly version: string;
  readonly node: string;
  readonly cpu: string;
  readonly instructionSet: string;
  readonly hardwareThreads: number;
  readonly threads: number;
  /** Processes that wanted to run in the minute before (the system's load average): other work spoils what follows. */
  readonly load: number;
}

/** Where, how often and with which cell was measured. */
export interface BenchRun {
  readonly machine: BenchMachine;
  readonly rounds: number;
  /** Cell of every model. */
  readonly cell: NativeCell;
}

/** What bench() returns and `bench --json` prints. */
export interface BenchResult extends BenchRun {
  readonly cases: readonly CaseResult[];
}

/** Speed of the engine at one T and B. */
export interface ScalingCell {
  readonly regime: BenchRegime;
  readonly T: number;
  readonly B: number;
  readonly milliseconds: number;
  readonly tokensPerSecond: number;
  readonly shareOfPeak: number;
}

/** What benchScaling() returns and `bench --scaling --json` prints. */
export interface ScalingResult extends BenchRun {
  readonly scaling: readonly ScalingCell[];
}
