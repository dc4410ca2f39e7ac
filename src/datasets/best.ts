import { usualNgrams, type BestSettings, type PresetSettings } from '../recipe/presets.js';

/** What is best for data with so many training examples. */
export type BestByExamples = (examples: number) => BestSettings;

/** So many epochs that about `texts` texts are read until the learning rate is 0, from `fewest` to `most`; all of them, also where the user sets how many. */
function epochsFor(
  examples: number,
  texts: number,
  [fewest, most]: readonly [number, number],
): Pick<PresetSettings, 'epochs' | 'patience'> {
  const epochs = Math.min(Math.max(Math.round(texts / examples), fewest), most);
  return { epochs, patience: ({ epochs: all }) => all };
}

/** Few texts have few n-grams: more vectors than these share would be written with every checkpoint and exported for nothing. */
const bucketsFor = (examples: number): number => Math.min(Math.max(20 * examples, 2_000), 100_000);

/** Questions of bAbI below which they are few. */
const fewQuestions = 5_000;

/** What is the same for all data. */
const common = {
  pooling: ['last', 'max', 'mean'],
  ngrams: usualNgrams,
  schedule: 'linear',
  ema: 0.99,
  learningRate: 0.003,
  epsilon: 0.1,
  sizes: {
    big: { embedding: 64, hidden: 64, mlp: 64 },
    small: { embedding: 32, hidden: 32, mlp: 32 },
  },
} as const satisfies PresetSettings;

/** The user's own files, and datasets that have no settings of their own. The more examples there are, the fewer times each is read. */
export const bestOfAny: BestByExamples = (examples) => {
  const epochs = epochsFor(examples, 50_000, [3, 20]);
  return {
    word: { ...common, ...epochs, subwords: [2, 5], buckets: bucketsFor(examples), unknownRate: 0.5 },
    char: { ...common, ...epochs },
  };
};

/** DSL is told apart by words and their parts. */
export const dslBest: BestByExamples = (examples) => ({ ...bestOfAny(examples), level: 'word' });

/** Czech posts are few and short: a larger ε keeps them from being learnt by heart. */
export const czechPostsBest: BestByExamples = (examples) => {
  const { word, char } = bestOfAny(examples);
  return { char, word: { ...word, epsilon: 0.2 } };
};

/**
 * bAbI: what counts is the order of few words, all of which training data has; n-grams say little. Few questions are learnt by heart unless
 * weights decay, with which many are not learnt at all.
 */
export const babiBest: BestByExamples = (examples) => {
  const { char } = bestOfAny(examples);
  const few: PresetSettings = { regime: 'vanilla', learningRate: 0.002, weightDecay: 1 };
  const word: PresetSettings = {
    ...common,
    ...epochsFor(examples, 120_000, [6, 40]),
    ...{ pooling: ['max'], ngrams: null, epsilon: 0.02, learningRate: 0.005 },
    ...(examples < fewQuestions ? few : {}),
  };
  return { char, word };
};
