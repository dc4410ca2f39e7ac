import type { NativeCell } from '../engine/addon.js';

/** A model: its cell, and V vocabulary, E embedding, H hidden of one direction, M MLP hidden, C classes. */
export interface ModelShape {
  readonly cell: NativeCell;
  readonly V: number;
  readonly E: number;
  readonly H: number;
  readonly M: number;
  readonly C: number;
}

/** What is measured: a model, and a batch of B texts. */
export interface Configuration extends ModelShape {
  readonly name: string;
  readonly description: string;
  readonly B: number;
  /** Tokens of the shortest and of the longest text; lengths are uniform between the two. */
  readonly T: readonly [shortest: number, longest: number];
}

const dsl = { V: 300, E: 20, H: 200, M: 256, C: 14 } as const;

/** The standing configurations: the four sizes that users of this package train, and one with ragged texts. */
const standing: readonly Omit<Configuration, 'cell'>[] = [
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

/** The names of the standing configurations. */
export const configurationNames = standing.map(({ name }) => name);

/** The standing configurations with one cell; their batches are the same for every cell. */
export function configurationsOf(cell: NativeCell): Configuration[] {
  return standing.map((configuration) => ({ cell, ...configuration }));
}

/** True when texts differ in length. */
export function isRagged({ T: [shortest, longest] }: Configuration): boolean {
  return shortest !== longest;
}
