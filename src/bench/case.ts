import type { NativeAddon, NativeCeilings } from '../engine/addon.js';
import { makeBatch } from './batch.js';
import type { Configuration } from './configurations.js';
import { Engine, type EngineMeasurement } from './engine.js';
import type { BenchRegime } from './flops.js';
import { startPeer, type RunningPeer } from './participants.js';
import { firstLine, type Peer, type Readiness } from './peers/peer.js';
import type { AbsentPeer } from './result.js';
import { runRounds, type Turn } from './rounds.js';
import { warmStep } from './warm-step.js';
import type { Measurement, Work } from './work.js';

/** A peer and whether it can run on this machine. */
export interface ReadyPeer {
  readonly peer: Peer;
  readonly readiness: Readiness;
}

/** A peer's measurement of each round. */
export interface PeerRounds {
  readonly running: RunningPeer;
  readonly measurements: readonly Measurement[];
}

/** Everything the rounds of one case found; entry r of every list belongs to round r. */
export interface CaseRounds {
  readonly configuration: Configuration;
  readonly work: Work;
  readonly ceilings: readonly NativeCeilings[];
  readonly engine: readonly EngineMeasurement[];
  readonly peers: readonly (PeerRounds | AbsentPeer)[];
}

/** What a case needs beside its configuration and regime. */
export interface CaseSettings {
  readonly addon: NativeAddon;
  readonly rounds: number;
  /** How long everyone goes on stepping in a turn, at least; see warmStep(). */
  readonly turnMilliseconds: number;
  readonly threads: number;
  readonly peers: readonly ReadyPeer[];
  readonly signal?: AbortSignal | undefined;
  readonly onRound?: ((done: number) => void) | undefined;
}

/** Milliseconds of each of the two measurements of the ceilings. */
const ceilingsMilliseconds = 100;

/** A turn that measures the machine's ceilings. */
export function ceilingsTurn(addon: NativeAddon, threads: number, into: NativeCeilings[]): Turn {
  return async () => into.push(await addon.measureCeilings({ threads, milliseconds: ceilingsMilliseconds }));
}

/**
 * Checks every peer on one configuration and regime and measures all of them in turn.
 *
 * @throws AdvError of the engine, and anything once the signal has fired
 */
export async function runCase(
  configuration: Configuration,
  regime: BenchRegime,
  settings: CaseSettings,
): Promise<CaseRounds> {
  const { addon, threads, signal } = settings;
  const work: Work = { model: configuration, batch: makeBatch(configuration), regime, threads };
  const peers: (RunningPeer | AbsentPeer)[] = [];
  const engine = new Engine(addon, configuration, threads, signal);
  try {
    for (const ready of settings.peers) peers.push(await enter(ready, configuration, work, settings));
    return await measure(configuration, work, engine, peers, settings);
  } finally {
    engine.dispose();
    for (const peer of peers) if ('stop' in peer) await peer.stop();
  }
}

async function enter(
  { peer, readiness }: ReadyPeer,
  configuration: Configuration,
  work: Work,
  { addon, signal }: CaseSettings,
): Promise<RunningPeer | AbsentPeer> {
  const { name, title } = peer;
  const reason = peer.leavesOut(configuration);
  if (reason !== undefined) return { name, title, status: 'left out', reason };
  if ('missing' in readiness) return { name, title, status: 'missing', reason: readiness.missing };
  signal?.throwIfAborted();
  return await startPeer(addon, { peer, launch: readiness.launch }, work, signal);
}

async function measure(
  configuration: Configuration,
  work: Work,
  engine: Engine,
  peers: readonly (RunningPeer | AbsentPeer)[],
  { addon, threads, rounds, turnMilliseconds, signal, onRound }: CaseSettings,
): Promise<CaseRounds> {
  const ceilings: NativeCeilings[] = [];
  const steps: EngineMeasurement[] = [];
  // The first step makes memory and threads that later ones find; the peers' first one was their check.
  await engine.step(work.batch, work.regime);
  const turns = [
    ceilingsTurn(addon, threads, ceilings),
    async () => steps.push(await warmStep(() => engine.step(work.batch, work.regime), turnMilliseconds)),
  ];
  const entries = peers.map((peer) => ('stop' in peer ? new PeerTurns(peer) : peer));
  for (const entry of entries) {
    if (entry instanceof PeerTurns) turns.push(() => entry.turn(turnMilliseconds, signal));
  }
  await runRounds(turns, rounds, { signal, ...(onRound && { onRound }) });
  const found = entries.map((entry) => (entry instanceof PeerTurns ? entry.result() : entry));
  return { configuration, work, ceilings, engine: steps, peers: found };
}

/** A peer's turns; one that fails ends its part and nobody else's. */
class PeerTurns {
  readonly #running: RunningPeer;
  readonly #measurements: Measurement[] = [];
  #failure: string | undefined;

  constructor(running: RunningPeer) {
    this.#running = running;
  }

  async turn(turnMilliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      this.#measurements.push(await warmStep(() => this.#running.step(), turnMilliseconds));
    } catch (error) {
      signal?.throwIfAborted();
      this.#failure = firstLine(error);
    }
  }

  result(): PeerRounds | AbsentPeer {
    const { name, title } = this.#running.peer;
    if (this.#failure !== undefined) return { name, title, status: 'failed', reason: this.#failure };
    return { running: this.#running, measurements: this.#measurements };
  }
}
