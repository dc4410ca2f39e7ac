/**
 * Names of warnings, stable for programs to compare.
 *
 * - `QUOTED_FIELDS` fields of a TSV file are in quotes, which TSV does not know
 * - `SIMILAR_LABELS` labels differ by case, by how letters are composed, by invisible characters or the like alone
 * - `MISSING_VALUE_LABELS` a class has the name that programs write for a missing value
 * - `SINGLE_EXAMPLE_CLASSES` half of many classes or more have one example: these are most likely no labels
 * - `SAME_DATA` one file is more than one of training, validation and test data, or has most of the examples of another
 * - `SCRIPT_WITHOUT_SPACES` texts without spaces between words are read by words
 * - `SINGLE_CLASS_VALIDATION` all validation examples are of one class
 * - `WORSE_THAN_UNTRAINED` the validation loss of the selected epoch is not 1 % below that of the untrained model
 * - `WORSE_THAN_PRIOR` nor below that of always answering with the shares of the classes in the training data
 * - `WORSE_THAN_MAJORITY` its validation accuracy is no larger than that of always answering the most frequent class, where there are
 *   several
 * - `STALLED` the last epoch was back at the loss of the label frequencies, which an earlier one had left
 * - `DIVERGED` training was ended early because its losses stayed far above those of the untrained model
 */
export type WarningCode =
  | 'QUOTED_FIELDS'
  | 'SIMILAR_LABELS'
  | 'MISSING_VALUE_LABELS'
  | 'SINGLE_EXAMPLE_CLASSES'
  | 'SAME_DATA'
  | 'SCRIPT_WITHOUT_SPACES'
  | 'SINGLE_CLASS_VALIDATION'
  | 'WORSE_THAN_UNTRAINED'
  | 'WORSE_THAN_PRIOR'
  | 'WORSE_THAN_MAJORITY'
  | 'STALLED'
  | 'DIVERGED';

/** Something that makes a result doubtful, but no error: the work goes on. */
export interface Warning {
  readonly code: WarningCode;
  /** What was found, and what to do about it. */
  readonly message: string;
}
