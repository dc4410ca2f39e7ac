import { AdvError } from '../base/errors.js';
import { shownValue } from '../base/shown.js';
import { betterOf, type Better } from './better.js';
import { headsProbability } from './fair-coin.js';

/** What McNemar's test says about two classifiers. */
export interface McNemarTest {
  /** Number of examples. */
  readonly n: number;
  /** Examples that both classify correctly, only the one, only the other, and none. */
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
  /** Accuracy of a minus accuracy of b. */
  readonly accuracyDifference: number;
  /** Two-sided p-value of the exact test. */
  readonly p: number;
  /** The same of the mid-p test, which is less conservative: its level is 5 % in all but rare cases, not always. */
  readonly midP: number;
  /** Whose accuracy is higher when p < 0.05, else 'neither'. */
  readonly better: Better;
}

/**
 * McNemar's test of the hypothesis that two classifiers have the same accuracy, by the examples that only one of them classifies
 * correctly (McNemar 1947): were they equal, each of those would fall to either side like a fair coin. The exact two-sided p is
 * min(1, 2·P(X ≤ the smaller count)); mid-p counts half of the observed table's probability (Fagerland, Lydersen and Laake 2013).
 * The same as statsmodels' mcnemar(exact=True). Without such examples both are 1.
 *
 * @param a for each example whether the first model's prediction is the label
 * @param b the same of the second model, on the same examples in the same order
 * @throws AdvError USAGE when the lengths differ, there is no example, or a value is neither true nor false
 */
export function mcNemarTest(a: ArrayLike<boolean>, b: ArrayLike<boolean>): McNemarTest {
  const counts = countAgreement(a, b);
  const { n, onlyA, onlyB } = counts;
  const { exactly, atMost } = headsProbability(Math.min(onlyA, onlyB), onlyA + onlyB);
  const p = Math.min(1, 2 * atMost);
  const midP = onlyA + onlyB === 0 ? 1 : onlyA === onlyB ? 1 - exactly / 2 : p - exactly;
  // Fewer correct answers are worse, where fewer losses are better.
  return { ...counts, accuracyDifference: (onlyA - onlyB) / n, p, midP, better: betterOf(onlyB - onlyA, p) };
}

type Counts = Pick<McNemarTest, 'n' | 'both' | 'onlyA' | 'onlyB' | 'neither'>;

function countAgreement(a: ArrayLike<boolean>, b: ArrayLike<boolean>): Counts {
  const n = a.length;
  if (n !== b.length || n === 0) {
    throw new AdvError(
      'USAGE',
      `McNemar's test expects as many answers of a as of b, at least 1, got ${n} and ${b.length}`,
      'Test both models on the same examples.',
    );
  }
  const counts = { n, both: 0, onlyA: 0, onlyB: 0, neither: 0 };
  for (let place = 0; place < n; place++) {
    const rightA = trueOrFalse(a, place, 'a');
    const rightB = trueOrFalse(b, place, 'b');
    if (rightA) counts[rightB ? 'both' : 'onlyA'] += 1;
    else counts[rightB ? 'onlyB' : 'neither'] += 1;
  }
  return counts;
}

function trueOrFalse(values: ArrayLike<boolean>, place: number, name: string): boolean {
  const value: unknown = values[place];
  if (typeof value === 'boolean') return value;
  throw new AdvError(
    'USAGE',
    `McNemar's test expects true or false, got ${shownValue(value)} at ${name}[${place}]`,
  );
}
