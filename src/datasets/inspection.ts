import type { Dataset, Example } from './types.js';

let makeInspection: () => Inspection;

/**
 * Leave to read a test split although no model is selected, for measures of the data alone. Its constructor is private to
 * this file, where only {@link inspectedSplits} makes one, and that is for src/inspect/describe and src/inspect/audit: they give
 * away counts and short excerpts, never a stream. The linter and a test over the imports hold that nothing else names it,
 * and that training reaches neither of the two.
 */
export class Inspection {
  readonly #made = true;

  private constructor() {
    // Nothing to set: to have one is all it says.
  }

  static {
    makeInspection = () => new Inspection();
  }

  /** True for a value this file made: the check at run time behind the one of the type system. */
  static is(value: unknown): value is Inspection {
    return typeof value === 'object' && value !== null && #made in value && value.#made;
  }
}

/** The parts of a dataset, in the order in which they are read. */
export const splitNames = ['train', 'valid', 'test'] as const;

export type SplitName = (typeof splitNames)[number];

/** A split as a description or an audit reads it: anew from the start at each call. */
export interface InspectedSplit {
  readonly name: SplitName;
  readonly read: () => AsyncIterable<Example>;
}

/** The splits that a dataset has, the test split among them, for a description or an audit and for nothing else. */
export function inspectedSplits({ train, valid, test }: Dataset): InspectedSplit[] {
  const open: InspectedSplit[] = [
    { name: 'train', read: train },
    { name: 'valid', read: valid },
  ];
  if (test === undefined) return open;
  return [...open, { name: 'test', read: () => test.inspect(makeInspection()) }];
}
