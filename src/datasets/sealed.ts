import { AdvError } from '../base/errors.js';
import { Inspection, SelectedModel } from './proof.js';
import type { OpenSplit, SealedSplit } from './types.js';

/**
 * A test split that opens for a selected model, and for a description or an audit of the data. The compiler demands the
 * proof of either; the checks here are for callers that the compiler does not see.
 */
export function sealed(open: OpenSplit): SealedSplit {
  return {
    open(selected) {
      if (SelectedModel.is(selected)) return open();
      throw new AdvError(
        'USAGE',
        'expected a SelectedModel to open the test split with, got something else',
        'Test data is read after model selection only.',
      );
    },
    inspect(inspection) {
      if (Inspection.is(inspection)) return open();
      throw new AdvError(
        'USAGE',
        'expected an Inspection to look at the test split with, got something else',
        'Describe or audit the dataset: datasets.describe() and datasets.audit() say what can be known of it.',
      );
    },
  };
}
