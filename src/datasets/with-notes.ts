import type { Dataset } from './types.js';

/** The dataset with these notes in place of its own. */
export function withNotes(dataset: Dataset, notes: readonly string[]): Dataset {
  return {
    ...dataset,
    facts: { ...dataset.facts, notes },
    // It grows while the splits are read, which a copy would not.
    get skipped() {
      return dataset.skipped;
    },
  };
}
