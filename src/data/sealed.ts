import { AdvError } from '../errors.js';
import { SelectedModel } from '../training/selection.js';
import type { OpenSplit, SealedSplit } from './types.js';

/**
 * A test split that opens for a selected model only. The compiler demands one; the check here is for callers that the
 * compiler does not see.
 */
export function sealed(open: OpenSplit): SealedSplit {
  return {
    open(selected) {
      if (!SelectedModel.is(selected)) {
        throw new AdvError(
          'USAGE',
          'expected a SelectedModel to open the test split with, got something else',
          'Test data is read after model selection only.',
        );
      }
      return open();
    },
  };
}
