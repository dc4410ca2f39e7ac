import type { NativeCell } from '../../engine/addon.js';
import type { Configuration } from '../configurations.js';
import type { peerNames } from '../options.js';
import type { Launch } from './program.js';

/** A peer by the name that --peers takes. */
export type PeerName = (typeof peerNames)[number];

/** What a peer may need to get ready. */
export interface PeerSurroundings {
  /** For files that last as long as the bench; removed after it. */
  readonly folder: string;
  readonly threads: number;
  /** Cell of every model. */
  readonly cell: NativeCell;
  /** Instruction set of the engine: peers are held to the same one. */
  readonly instructionSet: string;
  readonly signal: AbortSignal | undefined;
}

/** A program to start for each case, or why there is none. */
export type Readiness = { readonly launch: Launch } | { readonly missing: string };

/** Another implementation of the same training step. */
export interface Peer {
  readonly name: PeerName;
  readonly title: string;
  /** Which part of a step it computes, and so which part of the engine's it is compared with. */
  readonly covers: 'step' | 'recurrent';
  /** Tokens of a text at most: it is too slow for more, and its time is extrapolated linearly in tokens. */
  readonly mostTokens?: number;
  /** Why it has no part in a configuration; undefined when it has. */
  leavesOut(configuration: Configuration): string | undefined;
  /** Finds or builds its program. */
  prepare(surroundings: PeerSurroundings): Promise<Readiness>;
}

/** Environment of a peer's program: threads, and what else it is told. */
export function peerEnvironment(threads: number, more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...process.env, OMP_NUM_THREADS: String(threads), OMP_DYNAMIC: 'false', ...more };
}

/** The first line of an error's message. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
