import { cpus, loadavg } from 'node:os';
import { AdvError } from '../base/errors.js';
import type { NativeAddon } from '../engine/addon.js';
import { loadAddon } from '../engine/loader.js';
import { packageVersion } from '../base/package.js';
import type { Watch } from '../base/events.js';
import { callEngine } from '../engine/calls.js';
import { runCase, type ReadyPeer } from './case.js';
import type { BenchOptions } from './options.js';
import { planBench, type BenchPlan } from './plan.js';
import { benchProgress } from './progress.js';
import type { BenchMachine, BenchResult, CaseResult } from './result.js';
import { summarize } from './summary.js';
import { temporaryFolder } from './temporary-folder.js';

/**
 * Measures this engine, its peers and the machine's ceilings side by side: in every round everyone takes a turn, and
 * what is reported are medians. A peer takes part only if its first step's losses equal the engine's to 1e-4.
 *
 * @throws AdvError USAGE, NATIVE, or INTERRUPTED when the signal fires
 */
export async function bench(options: BenchOptions = {}, watch: Watch = {}): Promise<BenchResult> {
  return await runBench(planBench(options), watch);
}

/** bench() of a plan; only tests make one of their own. */
export async function runBench(plan: BenchPlan, watch: Watch = {}): Promise<BenchResult> {
  const addon = loadAddon();
  const machine = machineFacts(addon, plan.threads);
  const folder = temporaryFolder();
  warnOfLoad(machine, watch);
  try {
    const peers = await preparePeers(plan, machine, folder.path, watch);
    const cases: CaseResult[] = [];
    const begin = benchProgress(plan, watch);
    for (const configuration of plan.configurations) {
      for (const regime of plan.regimes) {
        const onRound = begin(configuration, regime);
        const { rounds, turnMilliseconds, threads } = plan;
        const settings = { addon, peers, rounds, turnMilliseconds, threads, signal: watch.signal, onRound };
        cases.push(summarize(await runCase(configuration, regime, settings)));
      }
    }
    return { machine, rounds: plan.rounds, cell: plan.cell, cases };
  } catch (error) {
    throw endOf(error, watch.signal);
  } finally {
    folder.remove();
  }
}

/** Once the signal has fired, whatever went wrong is the interruption. */
export function endOf(error: unknown, signal: AbortSignal | undefined): unknown {
  if (!signal?.aborted) return error;
  return new AdvError('INTERRUPTED', 'the bench was interrupted', undefined, {
    cause: error,
  });
}

/** Facts of this machine that a result means nothing without. */
export function machineFacts(addon: NativeAddon, threads: number): BenchMachine {
  const { instructionSet, hardwareThreads } = callEngine(() => addon.info());
  return {
    version: packageVersion,
    node: process.versions.node,
    cpu: cpus()[0]?.model ?? 'unknown',
    instructionSet,
    hardwareThreads,
    threads,
    load: loadavg()[0] ?? 0,
  };
}

/** Above this something else computes: OpenMP's peers, whose threads wait for each other at every step, suffer most. */
const quietLoad = 0.5;

/** Tells when the machine was busy before the bench began. */
export function warnOfLoad({ load }: BenchMachine, { onProgress }: Watch): void {
  if (load <= quietLoad) return;
  const text = `the load of this machine is ${load.toFixed(1)}: other work makes peers look slower than they are`;
  onProgress?.({ kind: 'notice', text });
}

async function preparePeers(
  plan: BenchPlan,
  { instructionSet }: BenchMachine,
  folder: string,
  { signal, onProgress }: Watch,
): Promise<ReadyPeer[]> {
  const ready: ReadyPeer[] = [];
  for (const peer of plan.peers) {
    onProgress?.({ kind: 'stage', text: `preparing ${peer.title}` });
    const { threads, cell } = plan;
    const readiness = await peer.prepare({ folder, threads, cell, instructionSet, signal });
    if ('missing' in readiness) {
      onProgress?.({ kind: 'notice', text: `${peer.title} is left out: ${readiness.missing}` });
    }
    ready.push({ peer, readiness });
  }
  return ready;
}
