import type { NativeCell, NativePooling } from '../engine/addon.js';
import type { Subwords } from '../text/subwords.js';
import { bestConfigurations } from './best-configurations.js';

/** A model and how it is trained: V vocabulary, E embedding, H hidden of one direction, M MLP hidden, C classes. */
export interface ModelShape {
  readonly cell: NativeCell;
  readonly V: number;
  readonly E: number;
  readonly H: number;
  readonly M: number;
  readonly C: number;
  readonly pooling: readonly NativePooling[];
  /** N-grams of words; undefined where words have none. */
  readonly subwords: Subwords | undefined;
  /** Decay of the parameters' moving average; 0 where there is none. */
  readonly ema: number;
  readonly weightDecay: number;
}

/** What is measured: a model, and a batch of B texts. */
export interface Configuration extends ModelShape {
  readonly name: string;
  readonly description: string;
  readonly B: number;
  /** Tokens of the shortest and of the longest text; lengths are uniform between the two. */
  readonly T: readonly [shortest: number, longest: number];
  /** Whether each token is as likely as any other, or they occur as words do. */
  readonly tokens: 'uniform' | 'natural';
}

/** A configuration with any cell. */
export type CelllessConfiguration = Omit<Configuration, 'cell'>;

type Dimension = 'B' | 'V' | 'E' | 'H' | 'M' | 'C';

const dsl = { V: 300, E: 20, H: 200, M: 256, C: 14 } as const;

/** The paper's models: the four sizes that users of this package train, and one with ragged texts. */
const papers: readonly Pick<CelllessConfiguration, 'name' | 'description' | Dimension | 'T'>[] = [
  { name: 'C1', description: 'DSL, characters', B: 64, T: [256, 256], ...dsl },
  { name: 'C1-ragged', description: 'DSL, lengths 128 to 256', B: 64, T: [128, 256], ...dsl },
  { name: 'C2', description: 'bAbI stories, words', B: 32, T: [40, 40], V: 30, E: 100, H: 400, M: 512, C: 6 },
  {
    name: 'C3',
    description: 'subjectivity, words',
    ...{ B: 32, T: [25, 25], V: 20_000, E: 200, H: 200, M: 256, C: 2 },
  },
  {
    name: 'C4',
    description: 'product reviews, characters',
    ...{ B: 64, T: [256, 256], V: 200, E: 15, H: 400, M: 512, C: 3 },
  },
];

/** What the paper's models have in common. */
const paper = {
  pooling: ['last'],
  subwords: undefined,
  ema: 0,
  weightDecay: 0,
  tokens: 'uniform',
} as const satisfies Partial<Configuration>;

/** The standing configurations: the paper's models and those of `--preset best`. */
const standing: readonly CelllessConfiguration[] = [
  ...papers.map((configuration) => ({ ...configuration, ...paper })),
  ...bestConfigurations,
];

/** The standing configurations with one cell; their batches are the same for every cell. */
export function configurationsOf(cell: NativeCell): Configuration[] {
  return standing.map((configuration) => ({ cell, ...configuration }));
}

/** True when texts differ in length. */
export function isRagged({ T: [shortest, longest] }: Configuration): boolean {
  return shortest !== longest;
}

/** Why a program that knows the paper's models alone has no part in a configuration; undefined where it has. */
export function notThePapers({ pooling, subwords }: ModelShape): string | undefined {
  if (subwords === undefined && pooling.join() === 'last') return undefined;
  return 'its program knows neither other poolings than the last states nor n-grams of words';
}
