/** How the examples of a split are shared between the classes. */
export interface ClassBalance {
  /** Examples of each class of the dataset, in the order of its labels; 0 for a class that the split lacks. */
  readonly counts: readonly { readonly label: string; readonly count: number }[];
  /** Normalised entropy: 1 where all classes are as frequent, 0 where there is one only. */
  readonly entropy: number;
}

/** Counts the labels of a split. */
export class ClassCounts {
  readonly #counts: Map<string, number>;

  /** @param labels the classes of the dataset */
  constructor(labels: readonly string[]) {
    this.#counts = new Map(labels.map((label) => [label, 0]));
  }

  add(label: string): void {
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
  }

  balance(): ClassBalance {
    const counts = [...this.#counts].map(([label, count]) => ({ label, count }));
    return { counts, entropy: normalisedEntropy(counts.map(({ count }) => count)) };
  }
}

/**
 * Shannon's entropy of the shares over that of equal shares, H / ln C (Pielou's evenness).
 *
 * @param counts of C classes
 * @returns from 0 to 1; 0 where nothing is counted, 1 for a single class, which cannot be uneven
 */
export function normalisedEntropy(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  if (counts.length === 1) return 1;
  const entropy = counts
    .filter((count) => count > 0)
    .reduce((sum, count) => sum - (count / total) * Math.log(count / total), 0);
  return entropy / Math.log(counts.length);
}
