import { expect, it } from 'vitest';
import { cutBatch, makeBatch } from '../../../src/bench/batch.js';
import type { CaseRounds } from '../../../src/bench/case.js';
import type { EngineMeasurement } from '../../../src/bench/engine.js';
import { recurrentFlop, stepFlop } from '../../../src/bench/flops.js';
import { RunningPeer } from '../../../src/bench/participants.js';
import type { Peer } from '../../../src/bench/peers/peer.js';
import { benchPlot, plotRows } from '../../../src/bench/plot.js';
import { benchReport, scalingReport } from '../../../src/bench/report.js';
import type { BenchResult, CaseResult, MeasuredPeer } from '../../../src/bench/result.js';
import { summarize } from '../../../src/bench/summary.js';
import type { NativeProfile } from '../../../src/engine/addon.js';
import { profile } from '../profile.js';
import { renderChart } from '../../../src/report/charts/render.js';
import { machine, scriptPeer, tiny } from './fixtures.js';

const losses = { cleanLoss: 1, adversarialLoss: 1 };

const step = (milliseconds: number, parts: NativeProfile = {}): EngineMeasurement => ({
  milliseconds,
  ...losses,
  profile: { ...profile, ...parts },
});

/** A peer after its turns, which ran on the first T tokens of each text. */
function ran(overrides: Partial<Peer>, times: readonly number[], T = 7): RunningPeer {
  const step = () => Promise.reject(new Error('not called'));
  const peer = scriptPeer('', overrides);
  const batch = cutBatch(makeBatch(tiny), T);
  const running = new RunningPeer(peer, { version: '1.2', threads: 2 }, 1e-7, batch, step, () =>
    Promise.resolve(),
  );
  running.measurements.push(...times.map((milliseconds) => ({ milliseconds, ...losses })));
  return running;
}

/** Three rounds of a machine that slows down to half in the second. */
function caseRounds(overrides: Partial<CaseRounds> = {}): CaseRounds {
  return {
    configuration: tiny,
    work: { model: tiny, batch: makeBatch(tiny), regime: 'vanilla', threads: 2 },
    ceilings: [4, 2, 4].map((gflops) => ({ gflops, gigabytesPerSecond: 2 * gflops })),
    engine: [step(10), step(20), step(12)],
    peers: [
      ran({}, [50, 80, 36]),
      ran({ name: 'onednn', title: 'GRU', covers: 'recurrent' }, [8, 16, 9]),
      ran({ name: 'tfjs-cpu', title: 'Slow' }, [2, 4, 2], 2),
      { name: 'tfjs-wasm', title: 'Gone', status: 'missing', reason: 'not installed' },
    ],
    ...overrides,
  };
}

const flop = stepFlop(tiny, 42, 6, 'vanilla');
const measured = (result: CaseResult): MeasuredPeer[] =>
  result.peers.filter((peer) => peer.status === 'measured');

it('takes medians of times, and of the ratios and shares of each round', () => {
  const result = summarize(caseRounds());
  expect(result.engine.milliseconds).toBe(12);
  expect(result.engine.roundMilliseconds).toEqual([10, 20, 12]);
  expect(result.engine.tokensPerSecond).toBe(42 / 0.012);
  expect(result.engine.gflops).toBeCloseTo(flop / 12e6, 12);
  // Of its own round: flop/10/4, flop/20/2, flop/12/4.
  expect(result.engine.shareOfPeak).toBeCloseTo(flop / 40e6, 12);
  expect(result.ceilings).toEqual({ gflops: 4, gigabytesPerSecond: 8 });
  // Ratios 5, 4 and 3: their median is not the ratio of the medians, 50 / 12.
  expect(measured(result)[0]).toMatchObject({ milliseconds: 50, ratio: 4 });
});

it("compares a recurrent part with the engine's recurrent part, and takes medians of a step's parts", () => {
  const engine = [step(11), step(21, { 'wall.pack': 5, 'wall.head': 9 }), step(13, { 'wall.head': 6 })];
  const result = summarize(caseRounds({ engine }));
  expect(result.recurrent.roundMilliseconds).toEqual([4, 8, 4]);
  expect(result.profile).toEqual({ ...profile, 'wall.head': 6 });
  expect(measured(result)[1]).toMatchObject({ covers: 'recurrent', ratio: 2 });
  expect(measured(result)[1]?.gflops).toBeCloseTo(recurrentFlop(tiny, 42, 'vanilla') / 9e6, 12);
});

it('extrapolates a peer that ran on fewer tokens linearly, and says so', () => {
  expect(measured(summarize(caseRounds()))[2]).toMatchObject({
    milliseconds: 7,
    roundMilliseconds: [7, 14, 7],
    extrapolated: true,
    measuredT: 2,
  });
  expect(measured(summarize(caseRounds()))[0]).toMatchObject({ extrapolated: false, measuredT: 7 });
});

const result: BenchResult = {
  machine,
  rounds: 3,
  cell: 'lstm',
  cases: [summarize(caseRounds()), summarize(caseRounds())],
};

it('prints speeds, who is absent and why, and the parts of a step as the engine names them', () => {
  const lines = benchReport(result).split('\n');
  expect(lines[0]).toBe(
    'advnative 0.1.0 on A processor, avx2, 2 threads, load before 0.3, cell lstm, medians of 3 rounds in turn',
  );
  expect(lines.find((line) => line.includes('Script 1.2'))).toMatch(/ 50\.0 +0\.0 +0\.\d% +840 +4\.00$/);
  expect(lines.find((line) => line.includes('GRU 1.2, recurrent part'))).toMatch(/ 2\.25$/);
  expect(lines.find((line) => line.includes('Slow 1.2'))).toMatch(/extrapolated from T 2$/);
  expect(lines).toContain('Gone: not installed: not installed');
  expect(lines.find((line) => line.startsWith('thread.backwardGates'))).toMatch(/ 0\.250 +0\.250$/);
  expect(lines.find((line) => line.startsWith('cores.8'))).toMatch(/ 2\.00 +2\.00$/);
});

it('names the cases of a reason that holds for some only', () => {
  const failed = { name: 'onednn', title: 'GRU', status: 'failed', reason: 'other losses' } as const;
  const [first, second] = result.cases;
  const cases = [first, { ...second, regime: 'adversarial', peers: [failed] }] as CaseResult[];
  expect(benchReport({ ...result, cases })).toContain('GRU: ERROR: other losses (tiny adversarial)');
});

it('prints a row a length and a column a batch size', () => {
  const cell = { regime: 'vanilla', milliseconds: 1, shareOfPeak: 0.5 } as const;
  const scaling = [
    { ...cell, T: 64, B: 16, tokensPerSecond: 1000 },
    { ...cell, T: 64, B: 256, tokensPerSecond: 2000 },
    { ...cell, T: 256, B: 16, tokensPerSecond: 3000.4 },
  ];
  const text = scalingReport({ machine, rounds: 1, cell: 'gru-cho', scaling });
  expect(text).toMatch(/, cell gru-cho, 1 round$/m);
  expect(text.split('\n').slice(3)).toEqual([
    'regime     T   B 16  B 256',
    'vanilla   64  1,000  2,000',
    'vanilla  256  3,000',
  ]);
});

it('draws every participant, and ratios of all but the engine', async () => {
  const rows = plotRows(result);
  expect(rows.map(({ participant, ratio }) => [participant, ratio]).slice(0, 5)).toEqual([
    ['engine', null],
    ['engine, recurrent part', null],
    ['Script', 4],
    ['GRU, recurrent part', 2.25],
    ['Slow', expect.any(Number)],
  ]);
  const svg = await renderChart(benchPlot(result));
  expect(svg).toMatch(/^<svg [^]*<\/svg>$/);
  for (const text of ['engine, recurrent part', 'GRU, recurrent part', 'vanilla', 'tiny', '12.0', '2.25']) {
    expect(svg).toContain(`>${text}<`);
  }
  const alone = { ...result, cases: [summarize(caseRounds({ peers: [] }))] };
  expect(await renderChart(benchPlot(alone))).not.toContain('log scale');
});
