import type { NativeAddon } from '../engine/addon.js';
import { cutBatch, longestText } from './batch.js';
import { Engine } from './engine.js';
import { firstLine, type Peer } from './peers/peer.js';
import { PeerProgram, type Launch } from './peers/program.js';
import type { AbsentPeer } from './result.js';
import { temporaryFolder } from './temporary-folder.js';
import { readMeasurement, tokensOf, writeWork, type Measurement, type Work } from './work.js';

/** A peer whose losses equal the engine's and whose program waits for steps. */
export interface RunningPeer {
  readonly peer: Peer;
  readonly version: string;
  readonly threads: number;
  readonly lossDifference: number;
  /** Tokens of the batch it computes, and of that batch's longest text. */
  readonly tokens: number;
  readonly longest: number;
  step(): Promise<Measurement>;
  stop(): Promise<void>;
}

/** What a program says first: what it is, or why it can take no part on this machine. */
type Introduction = { readonly version: string; readonly threads: number } | { readonly unable: string };

/** Two right implementations in single precision differ by far less after one pass, wrong ones by more. */
const lossTolerance = 1e-4;

/**
 * Starts a peer's program on the work and checks its first step against the engine's.
 *
 * @returns the peer, or why it cannot be timed
 */
export async function startPeer(
  addon: NativeAddon,
  { peer, launch }: { readonly peer: Peer; readonly launch: Launch },
  whole: Work,
  signal?: AbortSignal,
): Promise<RunningPeer | AbsentPeer> {
  const work = cutWork(whole, peer.mostTokens);
  const folder = temporaryFolder();
  const { expected, parameters } = await referenceStep(addon, work, signal);
  const args = [...launch.args, ...writeWork(folder.path, work, parameters)];
  const program = new PeerProgram({ ...launch, args }, signal);
  const stop = async (): Promise<void> => {
    await program.stop();
    folder.remove();
  };
  try {
    const introduction = (await program.answer()) as Introduction;
    if ('unable' in introduction) {
      await stop();
      return { name: peer.name, title: peer.title, status: 'left out', reason: introduction.unable };
    }
    const { version, threads } = introduction;
    const first = readMeasurement(await program.ask());
    const lossDifference = differenceOf(first, expected);
    if (!(lossDifference <= lossTolerance)) throw new Error(differText(first, expected));
    const step = async (): Promise<Measurement> => readMeasurement(await program.ask());
    const { batch } = work;
    const running = { tokens: tokensOf(batch), longest: longestText(batch), step, stop };
    return { peer, version, threads, lossDifference, ...running };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    return { name: peer.name, title: peer.title, status: 'failed', reason: firstLine(error) };
  }
}

function cutWork(work: Work, mostTokens: number | undefined): Work {
  if (mostTokens === undefined || mostTokens >= longestText(work.batch)) return work;
  return { ...work, batch: cutBatch(work.batch, mostTokens) };
}

/** What the engine computes for the work from its first weights, and those weights. */
async function referenceStep(
  addon: NativeAddon,
  work: Work,
  signal?: AbortSignal,
): Promise<{ expected: Measurement; parameters: Float32Array }> {
  const engine = new Engine(addon, work.model, work.threads, signal);
  try {
    const parameters = engine.readParameters();
    return { expected: await engine.step(work.batch, work.regime), parameters };
  } finally {
    engine.dispose();
  }
}

function differenceOf(a: Measurement, b: Measurement): number {
  return Math.max(Math.abs(a.cleanLoss - b.cleanLoss), Math.abs(a.adversarialLoss - b.adversarialLoss));
}

function differText(got: Measurement, expected: Measurement): string {
  const losses = ({ cleanLoss, adversarialLoss }: Measurement): string =>
    `${cleanLoss.toFixed(6)} clean and ${adversarialLoss.toFixed(6)} adversarial`;
  return `it does not compute the same: expected losses ${losses(expected)}, got ${losses(got)}`;
}
