import { expect, it } from 'vitest';
import { configurationsOf } from '../../../src/bench/configurations.js';
import { configurationNames } from '../../../src/bench/options.js';
import { planBench } from '../../../src/bench/plan.js';

const names = (items: readonly { readonly name: string }[]): string[] => items.map(({ name }) => name);

it('measures everything by default', () => {
  const plan = planBench({});
  expect(names(plan.configurations)).toEqual(configurationNames);
  expect(names(configurationsOf('gru'))).toEqual(configurationNames);
  expect(plan.regimes).toEqual(['vanilla', 'adversarial']);
  expect(names(plan.peers)).toEqual(['pytorch', 'onednn', 'tfjs-wasm', 'tfjs-cpu']);
  expect(plan.rounds).toBe(7);
  expect(plan.cell).toBe('gru');
});

it('takes lists with spaces, each name once and in the order of the tables', () => {
  const plan = planBench({
    configurations: 'C3, C1,C3',
    regimes: 'adversarial',
    peers: 'tfjs-cpu,pytorch',
    threads: 3,
  });
  expect(names(plan.configurations)).toEqual(['C1', 'C3']);
  expect(plan.regimes).toEqual(['adversarial']);
  expect(names(plan.peers)).toEqual(['pytorch', 'tfjs-cpu']);
  expect(plan.threads).toBe(3);
  expect(planBench({ peers: 'none' }).peers).toEqual([]);
});

it('measures every configuration with the cell that is asked for', () => {
  const plan = planBench({ cell: 'lstm', configurations: 'C3,C1' });
  expect(plan.cell).toBe('lstm');
  expect(plan.configurations.map(({ name, cell }) => [name, cell])).toEqual([
    ['C1', 'lstm'],
    ['C3', 'lstm'],
  ]);
});

it.each([
  [{ cell: 'rnn' as 'gru' }, /--cell: expected one of gru, gru-cho, lstm, got 'rnn'/],
  [{ configurations: 'C9' }, /--configurations: expected names among C1, C1-ragged, .*, got 'C9'/],
  [{ configurations: 'C1,' }, /--configurations: .*, got ''/],
  [{ regimes: 'dropout' }, /--regimes: expected names among vanilla, adversarial, .*, got 'dropout'/],
  [{ peers: 'torch' }, /--peers: expected names among pytorch, .*, or 'none', got 'torch'/],
  [{ peers: 'none,pytorch' }, /--peers: .*, got 'none'/],
  [{ rounds: 0 }, /--rounds: expected an integer from 1 to 1000, got 0/],
  [{ rounds: 1.5 }, /--rounds: .*, got 1\.5/],
  [{ threads: 257 }, /--threads: expected an integer from 1 to 256, got 257/],
  [{ svg: '' }, /--svg: expected a string that is not empty/],
  [{ scaling: true, peers: 'none' }, /--peers cannot be combined with --scaling/],
  [{ scaling: true, svg: 'x.svg' }, /--svg cannot be combined with --scaling/],
])('refuses %j', (options, message) => {
  expect(() => planBench(options)).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
  expect(() => planBench(options)).toThrow(message);
});
