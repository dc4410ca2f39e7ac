import type { NativeAddon, NativeBatch } from '../engine/addon.js';
import { cutBatch, longestText } from './batch.js';
import { Engine } from './engine.js';
import { firstLine, type Peer } from './peers/peer.js';
import { PeerProgram, type Launch } from './peers/program.js';
import type { AbsentPeer } from './result.js';
import { temporaryFolder } from './temporary-folder.js';
import { warmStep } from '../engine/warm-step.js';
import { readMeasurement, writeWork, type Measurement, type Work } from './work.js';

/** A peer whose losses equal the engine's and whose program waits for steps. One that fails ends its part and nobody else's. */
export class RunningPeer {
  /** One of each turn. */
  readonly measurements: Measurement[] = [];
  #failure: string | undefined;

  constructor(
    readonly peer: Peer,
    readonly introduction: { readonly version: string; readonly threads: number },
    readonly lossDifference: number,
    /** The batch it computes. */
    readonly batch: NativeBatch,
    readonly step: () => Promise<Measurement>,
    readonly stop: () => Promise<void>,
  ) {}

  async turn(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      this.measurements.push(await warmStep(this.step, milliseconds));
    } catch (error) {
      signal?.throwIfAborted();
      this.#failure = firstLine(error);
    }
  }

  /** The peer with its measurements, or why it has none. */
  result(): RunningPeer | AbsentPeer {
    return this.#failure === undefined ? this : absent(this.peer, 'failed', this.#failure);
  }
}

/** A peer that has no times, and why. */
export function absent({ name, title }: Peer, status: AbsentPeer['status'], reason: string): AbsentPeer {
  return { name, title, status, reason };
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
  const step = async (): Promise<Measurement> => readMeasurement(await program.ask());
  const stop = async (): Promise<void> => {
    await program.stop();
    folder.remove();
  };
  try {
    const introduction = (await program.answer()) as Introduction;
    if ('unable' in introduction) {
      await stop();
      return absent(peer, 'left out', introduction.unable);
    }
    const first = await step();
    const lossDifference = differenceOf(first, expected);
    if (!(lossDifference <= lossTolerance)) throw new Error(differText(first, expected));
    return new RunningPeer(peer, introduction, lossDifference, work.batch, step, stop);
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    return absent(peer, 'failed', firstLine(error));
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
