/**
 * Names of warnings, stable for programs to compare.
 *
 * - `QUOTED_FIELDS` every field of a TSV file is in quotes, which TSV does not know
 * - `SIMILAR_LABELS` labels differ by case, by how letters are composed or by invisible characters alone
 * - `SAME_DATA` one file serves as training, validation or test data at once
 * - `SCRIPT_WITHOUT_SPACES` texts without spaces between words are read by words
 * - `WORSE_THAN_UNTRAINED` the selected epoch has no smaller validation loss than the untrained model
 * - `WORSE_THAN_PRIOR` nor than always answering with the shares of the classes in the training data
 * - `WORSE_THAN_MAJORITY` its validation accuracy is no larger than that of always answering the most frequent class
 * - `DIVERGED` training was ended early because its losses stayed far above those of the untrained model
 */
export type WarningCode =
  | 'QUOTED_FIELDS'
  | 'SIMILAR_LABELS'
  | 'SAME_DATA'
  | 'SCRIPT_WITHOUT_SPACES'
  | 'WORSE_THAN_UNTRAINED'
  | 'WORSE_THAN_PRIOR'
  | 'WORSE_THAN_MAJORITY'
  | 'DIVERGED';

/** Something that makes a result doubtful, but no error: the work goes on. */
export interface Warning {
  readonly code: WarningCode;
  /** What was found, and what to do about it. */
  readonly message: string;
}
