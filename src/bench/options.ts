import type { OptionsOf } from '../base/option.js';
import { choice, flag, integer, text } from '../base/rules.js';
import { cellNames } from '../engine/cells.js';
import type { TrainOption } from '../recipe/option.js';
import type { BenchRegime } from './flops.js';

/** The names of the standing configurations, see configurations.ts. */
export const configurationNames = [
  ...['C1', 'C1-ragged', 'C2', 'C3', 'C4'],
  ...['best-dsl', 'best-dsl-char', 'best-posts', 'best-babi'],
] as const;

/** The names of the peers, see peers/all.ts. */
export const peerNames = ['pytorch', 'onednn', 'tfjs-wasm', 'tfjs-cpu'] as const;

/** How a step may train. */
export const benchRegimes: readonly BenchRegime[] = ['vanilla', 'adversarial'];

/** Every option of bench(). */
export const benchOptions = {
  /** Cell of every model. */
  cell: {
    flag: '--cell <cell>',
    help: 'cell of every model: gru, gru-cho or lstm',
    defaultWords: 'gru',
    rule: choice(...cellNames),
  },
  /** Names, separated by commas. */
  configurations: {
    flag: '--configurations <list>',
    help: `any of ${configurationNames.join(', ')}`,
    defaultWords: 'all',
    rule: text,
  },
  /** Names, separated by a comma. */
  regimes: {
    flag: '--regimes <list>',
    help: `any of ${benchRegimes.join(', ')}`,
    defaultWords: 'both',
    rule: text,
  },
  /** Names, separated by commas, or 'none'. */
  peers: {
    flag: '--peers <list>',
    help: `any of ${peerNames.join(', ')}; or none`,
    defaultWords: 'all',
    rule: text,
  },
  /** Rounds in which everyone takes a turn, 1 to 1,000. */
  rounds: {
    flag: '--rounds <n>',
    help: 'rounds; every participant takes a turn in each',
    defaultWords: '7',
    rule: integer(1, 1000),
  },
  /** Compute threads of every participant, 1 to 256. */
  threads: {
    flag: '--threads <n>',
    help: 'compute threads of every participant',
    defaultWords: "the machine's, at most 16",
    rule: integer(1, 256),
  },
  /** Measure how the engine's speed depends on T and B instead. */
  scaling: {
    flag: '--scaling',
    help: "measure instead how the engine's tokens/s depend on text length and batch size",
    rule: flag,
  },
  /** Where to write the plot; nowhere when left out. */
  svg: { flag: '--svg <file>', help: 'also plot shares of peak and ratios', rule: text },
} as const satisfies Readonly<Record<string, TrainOption>>;

/** What bench() takes; everything may be left out. */
export interface BenchOptions extends OptionsOf<typeof benchOptions> {}
