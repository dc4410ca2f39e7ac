import type { NativeAddon, NativeBatch, NativeCeilings } from '../engine/addon.js';
import { loadAddon } from '../engine/loader.js';
import { at } from '../base/at.js';
import { median } from '../statistics/median.js';
import type { Watch } from '../base/events.js';
import { makeBatch } from './batch.js';
import { endOf, machineFacts, warnOfLoad } from './bench.js';
import { ceilingsTurn } from './case.js';
import type { Configuration } from './configurations.js';
import { Engine } from './engine.js';
import { stepFlop } from './flops.js';
import type { BenchOptions } from './options.js';
import { planBench, type BenchPlan } from './plan.js';
import type { ScalingCell, ScalingResult } from './result.js';
import { tellRound } from './progress.js';
import { runRounds } from './rounds.js';
import { warmStep } from '../engine/warm-step.js';
import { tokensOf } from './work.js';

/** What a scaling run measures: one model on every T with every B. */
export interface ScalingPlan extends Pick<BenchPlan, 'regimes' | 'rounds' | 'turnMilliseconds' | 'threads'> {
  readonly model: Configuration;
  readonly T: readonly number[];
  readonly B: readonly number[];
}

/**
 * Measures how the engine's speed depends on the length of texts (64, 256, 1,024) and the size of batches (16, 64, 256),
 * on the sizes of C1.
 *
 * @throws AdvError USAGE, NATIVE, or INTERRUPTED when the signal fires
 */
export async function benchScaling(options: BenchOptions, watch: Watch = {}): Promise<ScalingResult> {
  const { configurations, regimes, rounds, turnMilliseconds, threads } = planBench(options);
  const model = at(configurations, 0);
  return await runScaling(
    { model, T: [64, 256, 1024], B: [16, 64, 256], regimes, rounds, turnMilliseconds, threads },
    watch,
  );
}

/** benchScaling() of a plan; only tests make one of their own. */
export async function runScaling(plan: ScalingPlan, watch: Watch = {}): Promise<ScalingResult> {
  const addon = loadAddon();
  const machine = machineFacts(addon, plan.threads);
  warnOfLoad(machine, watch);
  // One model computes every size: its memory grows to what the largest needs, and weights have no effect on time.
  const engine = new Engine(addon, plan.model, plan.threads, watch.signal);
  try {
    watch.onProgress?.({ kind: 'stage', text: `measuring scaling: ${plan.rounds} rounds` });
    const { rounds, model } = plan;
    return { machine, rounds, cell: model.cell, scaling: await measure(addon, engine, plan, watch) };
  } catch (error) {
    throw endOf(error, watch.signal);
  } finally {
    engine.dispose();
  }
}

/** One size under one regime, and its time in each round. */
interface Series extends Pick<ScalingCell, 'regime' | 'T' | 'B'> {
  readonly batch: NativeBatch;
  readonly milliseconds: number[];
}

async function measure(
  addon: NativeAddon,
  engine: Engine,
  plan: ScalingPlan,
  watch: Watch,
): Promise<ScalingCell[]> {
  const ceilings: NativeCeilings[] = [];
  const series = seriesOf(plan);
  for (const { batch, regime } of series) await engine.step(batch, regime);
  const turns = series.map(({ batch, regime, milliseconds }) => async () => {
    milliseconds.push((await warmStep(() => engine.step(batch, regime), plan.turnMilliseconds)).milliseconds);
  });
  const begin = performance.now();
  const { rounds, threads } = plan;
  await runRounds([ceilingsTurn(addon, threads, ceilings), ...turns], rounds, {
    signal: watch.signal,
    onRound: (round) => {
      tellRound(watch, begin, { text: 'scaling', round, rounds, share: round / rounds });
    },
  });
  return series.map((each) => cellOf(each, plan.model, ceilings));
}

function seriesOf({ model, T, B, regimes }: ScalingPlan): Series[] {
  return regimes.flatMap((regime) =>
    T.flatMap((length) =>
      B.map((texts) => {
        const batch = makeBatch({ ...model, B: texts, T: [length, length] });
        return { regime, T: length, B: texts, batch, milliseconds: [] };
      }),
    ),
  );
}

function cellOf(
  { regime, T, B, batch, milliseconds }: Series,
  model: Configuration,
  ceilings: readonly NativeCeilings[],
): ScalingCell {
  const flop = stepFlop(model, tokensOf(batch), B, regime);
  const typical = median(milliseconds);
  return {
    regime,
    T,
    B,
    milliseconds: typical,
    tokensPerSecond: (1000 * tokensOf(batch)) / typical,
    shareOfPeak: median(milliseconds.map((time, round) => flop / time / 1e6 / at(ceilings, round).gflops)),
  };
}
