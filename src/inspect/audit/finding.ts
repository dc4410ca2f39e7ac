import type { SplitName } from '../../datasets/split-names.js';

/** How bad a finding is: an error makes measured results wrong, a warning may be as it should be, a note is in order as it is. */
export type Severity = 'error' | 'warning' | 'note';

/** What can be wrong with a dataset. */
export const findingKinds = [
  'same-data',
  'leakage',
  'contradicting-labels',
  'single-class',
  'none-held-out',
  'similar-labels',
  'missing-value-label',
  'single-example-classes',
  'quoted-fields',
  'script-without-spaces',
  'near-leakage',
  'duplicates',
  'near-duplicates',
  'empty-text',
  'extreme-length',
  'replacement-character',
  'mojibake',
  'html-entity',
  'control-character',
  'lone-surrogate',
  'not-composed',
  'class-imbalance',
  'missing-class',
  'malformed-line',
] as const;

export type FindingKind = (typeof findingKinds)[number];

/** What spoils results, or makes them impossible; all else may be the nature of the data. */
const errors: readonly FindingKind[] = [
  'same-data',
  'leakage',
  'contradicting-labels',
  'single-class',
  'none-held-out',
];

export function severityOf(kind: FindingKind): Severity {
  return errors.includes(kind) ? 'error' : 'warning';
}

/** Examples that show a finding. */
export interface FindingExample {
  /** One example, or the two that are too much alike. */
  readonly texts: readonly ExcerptedText[];
  /** Jaccard similarity of near duplicates, below the threshold where their words are the same; absent for other findings. */
  readonly similarity?: number;
}

export interface ExcerptedText {
  readonly id: string;
  readonly label: string;
  /** The text, or its start. */
  readonly text: string;
}

/** Something that is wrong with a dataset, or may be. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** The split it was found in; for what is in two, the one that should not have it comes last. */
  readonly splits: readonly SplitName[];
  /** What was found, in one sentence. */
  readonly message: string;
  /** How many examples (or classes, or lines) show it. */
  readonly count: number;
  /** Their share of the examples (or classes, or lines) of the last of `splits`, 0 to 1. */
  readonly share: number;
  /** The first of them, as many as were asked for. */
  readonly examples: readonly FindingExample[];
}
