import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeBatch } from '../../../src/bench/batch.js';
import { runBench } from '../../../src/bench/bench.js';
import type { Configuration } from '../../../src/bench/configurations.js';
import { Engine } from '../../../src/bench/engine.js';
import type { BenchPlan } from '../../../src/bench/plan.js';
import { allPeers } from '../../../src/bench/peers/all.js';
import { benchReport } from '../../../src/bench/report.js';
import type { BenchResult } from '../../../src/bench/result.js';
import { runScaling } from '../../../src/bench/scaling.js';
import { cellNames } from '../../../src/engine/cells.js';
import { loadAddon } from '../../../src/engine/loader.js';
import { temporaryFolder } from '../support.js';
import { answering, scriptPeer, tiny } from './fixtures.js';

const plan = (overrides: Partial<BenchPlan>): BenchPlan => ({
  cell: overrides.configurations?.[0]?.cell ?? 'gru',
  ...{ configurations: [tiny], regimes: ['adversarial'], peers: [], rounds: 2 },
  ...{ turnMilliseconds: 0, threads: 1 },
  ...overrides,
});

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  expect(readdirSync(folder)).toEqual([]);
});

const statuses = ({ cases }: BenchResult) =>
  cases.flatMap(({ configuration, regime, peers }) =>
    peers.map((peer) => `${configuration} ${regime} ${peer.name} ${peer.status}`),
  );

it.each(cellNames)('finds that every installed peer computes what the engine computes (%s)', async (cell) => {
  const ragged = { ...tiny, cell, name: 'ragged', T: [3, 9] } as const;
  const long = { ...tiny, cell, name: 'long', T: [20, 20] } as const;
  const regimes = ['vanilla', 'adversarial'] as const;
  const result = await runBench(
    plan({ configurations: [ragged, long], regimes, peers: allPeers, rounds: 1 }),
  );
  expect(result.cell).toBe(cell);
  expect(result.cases).toHaveLength(4);
  for (const { configuration, T, engine, peers } of result.cases) {
    expect(engine.shareOfPeak).toBeGreaterThan(0);
    for (const peer of peers) {
      // What the machine lacks is missing; what it has must agree.
      const lacksCell = peer.name === 'pytorch' && cell === 'gru-cho';
      const may = lacksCell ? ['left out'] : ['measured', 'missing'];
      if (configuration === 'ragged') may.push('left out');
      // Debian installs PyTorch with a build of OpenBLAS that makes it no fair peer.
      if (peer.status === 'left out' && peer.reason.includes('libopenblas0-openmp')) continue;
      expect(may, JSON.stringify(peer)).toContain(peer.status);
      if (peer.status === 'measured') expect(peer.extrapolated).toBe(peer.measuredT < T[1]);
    }
  }
  // tfjs is a development dependency, so that it is here.
  for (const name of ['tfjs-wasm', 'tfjs-cpu']) {
    for (const regime of regimes) {
      expect(statuses(result)).toContain(`ragged ${regime} ${name} left out`);
      expect(statuses(result)).toContain(`long ${regime} ${name} measured`);
    }
  }
});

const pytorch = allPeers.filter(({ name }) => name === 'pytorch');
const best: Configuration = {
  ...tiny,
  ...{ pooling: ['mean', 'last', 'max'], ema: 0.9, subwords: { shortest: 2, longest: 3, buckets: 20 } },
  tokens: 'natural',
};

it.each(['gru', 'lstm'] as const)(
  'finds that PyTorch computes poolings and words with n-grams as the engine (%s)',
  async (cell) => {
    const even: Configuration = { ...best, cell, name: 'even' };
    const ragged: Configuration = { ...even, name: 'ragged', T: [3, 9] };
    const decaying = { ...even, name: 'decaying', subwords: undefined, weightDecay: 0.1 };
    const configurations = [even, ragged, decaying];
    const { cases } = await runBench(plan({ configurations, peers: pytorch, rounds: 1 }));
    expect(cases.map(({ words }) => words === null)).toEqual([false, false, true]);
    for (const { peers } of cases) {
      const [peer] = peers;
      if (peer?.status === 'left out' && peer.reason.includes('libopenblas0-openmp')) continue;
      expect(['measured', 'missing'], JSON.stringify(peer)).toContain(peer?.status);
    }
  },
);

it("leaves out of other models than the paper's whoever knows these alone", () => {
  const reasons = allPeers.map((peer) => [tiny, best].map((configuration) => peer.leavesOut(configuration)));
  const unknown = expect.stringMatching(/neither other poolings .* nor n-grams/u) as string;
  const [ofPytorch, ...others] = reasons;
  expect(ofPytorch).toEqual([undefined, undefined]);
  expect(others).toEqual(others.map(() => [undefined, unknown]));
});

it.each([
  ['differ', answering(5, 1, 1), /expected losses 1\.\d+ clean .*, got 1\.000000 clean/],
  ['are no numbers', answering(5, Number.NaN, 1), /expected finite .* got .*"cleanLoss":null/],
  ['never come', 'process.exit(1)', /ended without an answer/],
])('does not time a peer whose losses %s', async (_, script, reason) => {
  const result = await runBench(plan({ peers: [scriptPeer(script)], rounds: 1 }));
  expect(result.cases[0]?.peers).toEqual([
    { name: 'pytorch', title: 'Script', status: 'failed', reason: expect.stringMatching(reason) as string },
  ]);
});

it('drops a peer that fails in a later round and goes on without it', async () => {
  const engine = new Engine(loadAddon(), tiny, 1);
  const { cleanLoss, adversarialLoss } = await engine.step(makeBatch(tiny), 'adversarial');
  engine.dispose();
  const script = `
    ${answering(5, cleanLoss, adversarialLoss)}
    let asked = 0;
    process.stdin.on('data', () => ++asked === 2 && process.exit(1));
  `;
  const result = await runBench(plan({ peers: [scriptPeer(script)], rounds: 3 }));
  expect(result.cases[0]?.peers[0]).toMatchObject({ status: 'failed' });
  expect(result.cases[0]?.engine.roundMilliseconds).toHaveLength(3);
  const steady = scriptPeer(answering(5, cleanLoss, adversarialLoss));
  const [peer] = (await runBench(plan({ peers: [steady], rounds: 3 }))).cases[0]?.peers ?? [];
  expect(peer).toMatchObject({ status: 'measured', lossDifference: 0, roundMilliseconds: [5, 5, 5] });
});

it('tells what is missing and what is left out', async () => {
  const missing = scriptPeer('', { prepare: () => Promise.resolve({ missing: 'get it' }) });
  const notHere = scriptPeer('', { name: 'onednn', leavesOut: () => 'too tiny' });
  const result = await runBench(plan({ peers: [missing, notHere], rounds: 1 }));
  expect(result.cases[0]?.peers).toEqual([
    { name: 'pytorch', title: 'Script', status: 'missing', reason: 'get it' },
    { name: 'onednn', title: 'Script', status: 'left out', reason: 'too tiny' },
  ]);
});

it('leaves out a peer whose program cannot work on this machine, with its reason', async () => {
  const unable = scriptPeer(`console.log(JSON.stringify({ unable: 'install the other build' }))`);
  const result = await runBench(plan({ peers: [unable], rounds: 1 }));
  expect(result.cases[0]?.peers).toEqual([
    { name: 'pytorch', title: 'Script', status: 'left out', reason: 'install the other build' },
  ]);
  expect(benchReport(result)).toContain('Script: left out: install the other build');
});

it('reports a peer that lacks the cell, and why', async () => {
  const result = await runBench(
    plan({ configurations: [{ ...tiny, cell: 'gru-cho' }], peers: pytorch, rounds: 1 }),
  );
  expect(result.cases[0]?.peers).toEqual([
    {
      ...{ name: 'pytorch', title: 'PyTorch', status: 'left out' },
      reason: 'it does not support this cell: nn.GRU resets after the product only',
    },
  ]);
  expect(benchReport(result)).toContain('PyTorch: left out: it does not support this cell');
});

it('ends as interrupted, with its programs, when the signal fires', async () => {
  const controller = new AbortController();
  const silent = scriptPeer('setInterval(() => undefined, 1000)');
  const running = runBench(plan({ peers: [silent] }), { signal: controller.signal });
  setTimeout(() => {
    controller.abort();
  }, 300);
  await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

it('measures every length with every batch size', async () => {
  const usual = { model: tiny, regimes: ['vanilla'], rounds: 2, turnMilliseconds: 0, threads: 1 } as const;
  const { scaling, rounds } = await runScaling({ ...usual, T: [4, 8], B: [2, 6] });
  expect(rounds).toBe(2);
  expect(scaling.map(({ T, B }) => `${T}×${B}`).join(' ')).toBe('4×2 4×6 8×2 8×6');
  for (const { T, B, milliseconds, tokensPerSecond, shareOfPeak } of scaling) {
    expect(tokensPerSecond).toBeCloseTo((1000 * T * B) / milliseconds, 6);
    expect(shareOfPeak).toBeGreaterThan(0);
    expect(shareOfPeak).toBeLessThan(1);
  }
});
