import { expect, it } from 'vitest';
import { configurationsOf } from '../../../src/bench/configurations.js';
import type { NativeCell } from '../../../src/engine/addon.js';
import { recurrentFlop, stepFlop } from '../../../src/bench/flops.js';

const named = (name: string, cell: NativeCell = 'gru') => {
  const found = configurationsOf(cell).find((configuration) => configuration.name === name);
  if (found === undefined) throw new Error(`no configuration ${name}`);
  return found;
};

it('counts the operations of C1 as they come out by hand', () => {
  // 3 × 64·256·2·2·600·220, and 3 × 64·2·(400·256 + 256·14) of the MLP.
  expect(recurrentFlop(named('C1'), 16_384, 'vanilla')).toBe(25_952_256_000);
  expect(stepFlop(named('C1'), 16_384, 64, 'vanilla')).toBe(25_952_256_000 + 40_697_856);
});

it('counts four gates of an LSTM and three of either GRU', () => {
  // 3 × 64·256·2·2·800·220, and the same MLP.
  expect(recurrentFlop(named('C1', 'lstm'), 16_384, 'vanilla')).toBe(34_603_008_000);
  expect(stepFlop(named('C1', 'lstm'), 16_384, 64, 'vanilla')).toBe(34_603_008_000 + 40_697_856);
  expect(recurrentFlop(named('C1', 'gru-cho'), 16_384, 'vanilla')).toBe(25_952_256_000);
});

it('counts two passes of an adversarial step', () => {
  // 2 × 3 × 32·40·2·2·1200·500, and 2 × 3 × 32·2·(800·512 + 512·6) of the MLP.
  expect(recurrentFlop(named('C2'), 1280, 'adversarial')).toBe(18_432_000_000);
  expect(stepFlop(named('C2'), 1280, 32, 'adversarial')).toBe(18_432_000_000 + 158_466_048);
});

it('grows with the tokens, not with the longest text', () => {
  const ragged = named('C1-ragged');
  expect(recurrentFlop(ragged, 12_000, 'vanilla') / recurrentFlop(ragged, 6000, 'vanilla')).toBe(2);
});

it('counts all that the MLP reads of several poolings', () => {
  // 3 × 1400·2·2·192·128, and 3 × 32·2·(3·128·64 + 64·14) of the MLP.
  expect(recurrentFlop(named('best-dsl'), 1400, 'vanilla')).toBe(412_876_800);
  expect(stepFlop(named('best-dsl'), 1400, 32, 'vanilla')).toBe(412_876_800 + 4_890_624);
});
