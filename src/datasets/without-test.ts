import type { Dataset } from './types.js';

/** The dataset without its test part. */
export function withoutTest(dataset: Dataset): Dataset {
  return {
    ...dataset,
    test: undefined,
    // It grows while the splits are read, which a copy would not.
    get skipped() {
      return dataset.skipped;
    },
  };
}
