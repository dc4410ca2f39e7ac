/** How much data a run reads. */
export interface RowData {
  readonly texts: number;
  /** Of the training texts, with begin and end of each. */
  readonly tokens: number;
  readonly validTexts: number;
  readonly validTokens: number;
  /** V, with the special tokens. */
  readonly vocabulary: number;
  /** C. */
  readonly classes: number;
}
