import { listNames } from './columns.js';
import { likenessTo } from './label-likeness.js';

/** Which labels a file may have. */
export interface LabelRule {
  /** The class that a written label stands for, or undefined when it is not allowed. */
  accept(written: string): string | undefined;
  /** What is allowed, to follow "expected". */
  readonly expected: string;
  /** To follow `expected` for a label that is not allowed: which allowed one looks like it, if one does. */
  readonly like?: (written: string) => string;
}

/** Takes every label as it is written. */
export const anyLabel: LabelRule = { accept: (written) => written, expected: 'any label' };

/**
 * Takes the given labels only.
 *
 * @param canonical turns other spellings of a label into the usual one
 */
export function oneOf(
  labels: readonly string[],
  canonical: (written: string) => string = (written) => written,
): LabelRule {
  const known = new Set(labels);
  return {
    accept: (written) => {
      const label = canonical(written);
      return known.has(label) ? label : undefined;
    },
    expected: `one of ${listNames(labels)}`,
    like: likenessTo(labels),
  };
}
