import type { Example } from '../text/types.js';
import { makeInspection } from './proof.js';
import type { SplitName } from './split-names.js';
import type { Dataset } from './types.js';

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
