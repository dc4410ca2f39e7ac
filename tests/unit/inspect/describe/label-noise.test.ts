import { describe, expect, test } from 'vitest';
import { confidentNoise } from '../../../../src/inspect/describe/confident-joint.js';
import { Contradictions, LabelJudge, type LabelNoise } from '../../../../src/inspect/describe/label-noise.js';
import { CrossValidatedNaiveBayes, ngramHashes } from '../../../../src/inspect/describe/naive-bayes.js';
import { Random } from '../../../../src/base/random.js';

describe('ngramHashes', () => {
  test('are pairs and single words, or three and four characters', () => {
    expect(ngramHashes(['a', 'b', 'c'], 'word')).toHaveLength(5);
    expect(ngramHashes(['a', 'b', 'c', 'd', 'e'], 'char')).toHaveLength(5);
    expect(ngramHashes(['a'], 'char')).toEqual([]);
  });

  test('depend on order and are the same for the same n-gram', () => {
    expect(new Set(ngramHashes(['a', 'b', 'a', 'b'], 'word')).size).toBe(4);
  });
});

describe('CrossValidatedNaiveBayes', () => {
  test('judges a fold by the others alone', () => {
    const classifier = new CrossValidatedNaiveBayes(2, 2);
    classifier.learn([11], 0, 1);
    classifier.learn([22], 1, 1);
    // What fold 0 says would turn the answer round, if it counted.
    for (let time = 0; time < 9; time++) classifier.learn([11], 1, 0);
    classifier.finish();
    // P(11 | 0) : P(11 | 1) = 1.1 : 0.1, with equal priors and totals.
    const [first = 0, second = 0] = classifier.posterior([11], 0);
    expect(first).toBeCloseTo(11 / 12, 5);
    expect(second).toBeCloseTo(1 / 12, 5);
  });

  test('leaves the fold out of what the shares are of, too', () => {
    const classifier = new CrossValidatedNaiveBayes(2, 2, 0);
    classifier.learn([11], 0, 1);
    classifier.learn([22], 1, 1);
    // Other n-grams of the second class: counted, they would make each of its n-grams rarer.
    for (let time = 0; time < 999; time++) classifier.learn([33], 1, 0);
    classifier.finish();
    expect(classifier.posterior([11], 0)[0]).toBeCloseTo(11 / 12, 5);
  });
});

describe('confidentNoise', () => {
  test('is what the confident joint says', () => {
    const labels = [0, 0, 0, 1, 1];
    const ofClass0 = [0.9, 0.8, 0.1, 0.2, 0.1];
    const probabilities = ofClass0.flatMap((share) => [share, 1 - share]);
    // Thresholds 0.6 and 0.85. Confident: 0, 0, 1, none, 1. Row 0 is (2, 1) of 3 examples, row 1 is (0, 1) of 2.
    expect(confidentNoise(labels, probabilities, 2)).toBeCloseTo(1 / 5, 12);
  });

  test('is none where every label is confirmed, and none for nothing', () => {
    expect(confidentNoise([0, 1], [0.9, 0.1, 0.2, 0.8], 2)).toBe(0);
    expect(confidentNoise([], [], 3)).toBe(0);
  });

  test('scales a row whose examples are mostly undecided', () => {
    // Thresholds 0.525 and 0.6. Confident of the first row's four: the first (0) and the second (1), so that two are wrong.
    const labels = [0, 0, 0, 0, 1];
    const ofClass0 = [1, 0.2, 0.45, 0.45, 0.4];
    const probabilities = ofClass0.flatMap((share) => [share, 1 - share]);
    expect(confidentNoise(labels, probabilities, 2)).toBeCloseTo(2 / 5, 12);
  });
});

/** Judges texts of eight words from a vocabulary of each class's own; `wrong` of them carry another label. */
function judged(wrong: number, seed = 1): LabelNoise {
  const random = new Random(5, 'noise');
  const examples = Array.from({ length: 2000 }, (_, number) => {
    const label = number % 2;
    const tokens = Array.from({ length: 8 }, () => `${label === 0 ? 'n' : 'p'}${random.below(60)}`);
    return { tokens, label: random.below(1000) < 1000 * wrong ? 1 - label : label };
  });
  const judge = new LabelJudge({ level: 'word', classCount: 2, examples: 2000, tokens: 16_000, seed });
  return resultOf(judge, examples);
}

/** What a judge finds in examples after both its passes over them. */
function resultOf(
  judge: LabelJudge,
  examples: readonly { readonly tokens: readonly string[]; readonly label: number }[],
): LabelNoise {
  for (const { tokens, label } of examples) if (judge.takesNext()) judge.learn(tokens, label);
  judge.finishLearning();
  for (const { tokens, label } of examples) if (judge.takesNext()) judge.judge(tokens, label);
  return judge.result(0);
}

describe('LabelJudge', () => {
  test.each([0, 0.05, 0.2])('estimates a share of %f wrong labels', (wrong) => {
    const { estimate, reliable, classifier } = judged(wrong);
    expect(Math.abs(estimate - wrong)).toBeLessThan(0.03);
    expect(reliable).toBe(true);
    expect(classifier).toMatchObject({ examples: 2000, folds: 5 });
    expect(Math.abs(classifier.accuracy - (1 - wrong))).toBeLessThan(0.03);
  });

  test('says that its estimate is worth nothing where texts do not tell the label', () => {
    expect(judged(0.5).reliable).toBe(false);
  });

  test('gives the same numbers for the same seed', () => {
    expect(judged(0.2)).toEqual(judged(0.2));
  });

  const large = { level: 'word', classCount: 2, examples: 120_000, tokens: 1e6, seed: 1 } as const;
  const takenOf = (judge: LabelJudge): boolean[] =>
    Array.from({ length: large.examples }, () => judge.takesNext());

  test('draws its examples from all of a large dataset, the same ones in both passes', () => {
    const judge = new LabelJudge(large);
    const taken = takenOf(judge);
    judge.finishLearning();
    expect(takenOf(judge)).toEqual(taken);
    expect(takenOf(new LabelJudge({ ...large, seed: 2 }))).not.toEqual(taken);
    const countIn = (part: readonly boolean[]): number => part.filter(Boolean).length;
    expect(countIn(taken)).toBe(50_000);
    // 5 in 12 of every tenth of the data, whose number has a standard deviation of 51.
    for (let first = 0; first < large.examples; first += 12_000) {
      expect(Math.abs(countIn(taken.slice(first, first + 12_000)) - 5000)).toBeLessThan(250);
    }
  });

  test('judges every class of data whose labels alternate', () => {
    const random = new Random(6, 'words');
    const judge = new LabelJudge({ ...large, examples: 60_000 });
    const examples = Array.from({ length: 60_000 }, (_, place) => ({
      tokens: Array.from({ length: 4 }, () => `w${random.below(1000)}`),
      label: place % 2,
    }));
    const { classifier, reliable } = resultOf(judge, examples);
    expect(Math.abs(classifier.accuracy - 0.5)).toBeLessThan(0.02);
    expect(classifier.examples).toBe(50_000);
    expect(reliable).toBe(false);
  });

  test('is not reliable where it has seen one class only', () => {
    const judge = new LabelJudge({ ...large, examples: 10 });
    const result = resultOf(judge, Array(10).fill({ tokens: ['a'], label: 0 }));
    expect(result).toMatchObject({ reliable: false, classifier: { examples: 10, accuracy: 1 } });
  });
});

test('Contradictions counts all examples of a text that has two labels', () => {
  const contradictions = new Contradictions(2);
  const add = (...pairs: readonly (readonly [string, number])[]): void => {
    for (const [text, label] of pairs) contradictions.add(text, label);
  };
  add(['good', 1], ['Good ', 0], ['GOOD', 1], ['bad', 0], ['bad', 0], ['fine', 1]);
  expect(contradictions.count()).toBe(3);
});
