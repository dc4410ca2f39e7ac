import type { NativeAddon, NativeCeilings } from '../engine/addon.js';
import { makeBatch } from './batch.js';
import type { Configuration } from './configurations.js';
import { Engine, type EngineMeasurement } from './engine.js';
import type { BenchRegime } from './flops.js';
import type { BenchPlan } from './plan.js';
import { RunningPeer, absent, startPeer } from './participants.js';
import type { Peer, Readiness } from './peers/peer.js';
import type { AbsentPeer } from './result.js';
import { runRounds, type Turn } from './rounds.js';
import { warmStep } from '../engine/warm-step.js';
import type { Work } from './work.js';

/** A peer and whether it can run on this machine. */
export interface ReadyPeer {
  readonly peer: Peer;
  readonly readiness: Readiness;
}

/** Everything the rounds of one case found; entry r of every list belongs to round r. */
export interface CaseRounds {
  readonly configuration: Configuration;
  readonly work: Work;
  readonly ceilings: readonly NativeCeilings[];
  readonly engine: readonly EngineMeasurement[];
  readonly peers: readonly (RunningPeer | AbsentPeer)[];
}

/** What a case needs beside its configuration and regime. */
export interface CaseSettings extends Pick<BenchPlan, 'rounds' | 'turnMilliseconds' | 'threads'> {
  readonly addon: NativeAddon;
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
    for (const peer of peers) if (peer instanceof RunningPeer) await peer.stop();
  }
}

async function enter(
  { peer, readiness }: ReadyPeer,
  configuration: Configuration,
  work: Work,
  { addon, signal }: CaseSettings,
): Promise<RunningPeer | AbsentPeer> {
  const reason = peer.leavesOut(configuration);
  if (reason !== undefined) return absent(peer, 'left out', reason);
  if ('missing' in readiness) return absent(peer, 'missing', readiness.missing);
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
  const running = peers.filter((peer) => peer instanceof RunningPeer);
  const turns = [
    ceilingsTurn(addon, threads, ceilings),
    async () => steps.push(await warmStep(() => engine.step(work.batch, work.regime), turnMilliseconds)),
    ...running.map((peer) => () => peer.turn(turnMilliseconds, signal)),
  ];
  await runRounds(turns, rounds, { signal, ...(onRound && { onRound }) });
  const found = peers.map((peer) => (peer instanceof RunningPeer ? peer.result() : peer));
  return { configuration, work, ceilings, engine: steps, peers: found };
}
