// What opens a test split: both proofs in one file. Their constructors are private to it. The linter and a test over the imports hold
// that nobody but selection.ts and inspection.ts names the functions that make them.

export let makeSelectedModel: (epoch: number, validLoss: number) => SelectedModel;

/**
 * Proof that a model has been selected by its validation loss. Only src/training/selection.ts makes one, of finished selection and of
 * the record of a finished run: whoever holds it has finished selecting, and only then may the test split be opened.
 */
export class SelectedModel {
  readonly #made = true;

  private constructor(
    /** Epoch whose parameters were selected, at least 1. */
    readonly epoch: number,
    /** Mean validation cross-entropy of that epoch, in nats. */
    readonly validLoss: number,
  ) {}

  static {
    makeSelectedModel = (epoch, validLoss) => new SelectedModel(epoch, validLoss);
  }

  /** True for a value this file made: the check at run time behind the one of the type system. */
  static is(value: unknown): value is SelectedModel {
    return typeof value === 'object' && value !== null && #made in value && value.#made;
  }
}

export let makeInspection: () => Inspection;

/**
 * Leave to read a test split although no model is selected, for measures of the data alone. Only
 * inspectedSplits() of inspection.ts makes one, and that is for src/inspect/describe and src/inspect/audit: they give away
 * counts and short excerpts, never a stream. Training reaches neither of the two.
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
