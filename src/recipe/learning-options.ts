import { choice, flag, float, int32, integer, number, withCommas, type Rule } from '../base/rules.js';
import type { NativePooling } from '../engine/addon.js';
import { cellNames, mostLayers, poolingNames } from '../engine/cells.js';
import { parseLengths, parseNgramKind } from '../text/ngrams/kind.js';
import { lossNames } from '../statistics/loss-names.js';
import { byDataset, type Known, type ModelSize, type RecipePart, type TrainOption } from './option.js';
import { regimes } from './regime.js';

/** The engine's bounds beyond those of float, with their reasons in native/model/option_limits.h. */
const mostLearningRate = 1e6;
const leastClipNorm = 1e-15;
const leastDropoutKeep = 2 ** -32;

const unitsRule = int32(1);
const sizeRule: Rule<ModelSize> = {
  expected: `dimensions 'embedding', 'hidden' and 'mlp', each ${unitsRule.expected}`,
  accepts: (value): value is ModelSize =>
    typeof value === 'object' &&
    value !== null &&
    ['embedding', 'hidden', 'mlp'].every((name) =>
      unitsRule.accepts((value as Record<string, unknown>)[name]),
    ),
};

const poolingRule: Rule<readonly NativePooling[]> = {
  expected: `a list of different poolings among ${poolingNames.join(', ')}`,
  accepts: (value): value is NativePooling[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((name) => (poolingNames as readonly unknown[]).includes(name)),
  ...withCommas,
};

/** Characters of the longest n-gram. */
const longestSubword = 16;

const subwordsRule: Rule<readonly [shortest: number, longest: number]> = {
  expected: `lengths from 1 to ${longestSubword}, the shortest and the longest, such as 2-5, or 3 for 3-3`,
  accepts: (value): value is [number, number] => {
    if (!Array.isArray(value) || value.length !== 2) return false;
    const [shortest, longest] = value as unknown[];
    const length = integer(1, longestSubword);
    return length.accepts(shortest) && length.accepts(longest) && shortest <= longest;
  },
  typed: (text) => parseLengths(text) ?? text,
  shown: (value) =>
    Array.isArray(value) && value.every((length) => typeof length === 'number') ? value.join('-') : undefined,
};

const ngramsRule: Rule<readonly string[]> = {
  expected: "a list of n-grams such as 'char:1-5' or 'word:1-2', each unit once and of 1 to 9",
  accepts: (value): value is string[] => {
    if (!Array.isArray(value) || value.length === 0) return false;
    const units = value.map((one) => (typeof one === 'string' ? parseNgramKind(one)?.unit : undefined));
    return !units.includes(undefined) && new Set(units).size === units.length;
  },
  ...withCommas,
};

/** Options that say what is trained and how; those without a flag follow from others. */
export const learningOptions = {
  /** Default 'adversarial'. */
  regime: {
    flag: '--regime <regime>',
    help: 'vanilla, adversarial or, as its control, random; or each of them with dropout',
    rule: choice(...regimes),
    network: true,
    recorded: { default: 'adversarial', fact: true },
  },
  /** Default 'big'. */
  size: {
    flag: '--size <size>',
    help: 'big or small',
    rule: choice('big', 'small'),
    network: true,
    recorded: { default: 'big', fact: true },
  },
  /** The recurrent layer's cell. Default 'gru'. */
  cell: {
    flag: '--cell <cell>',
    help: 'gru, gru-cho (reset before the product) or lstm',
    rule: choice(...cellNames),
    network: true,
    recorded: { default: 'gru', fact: true },
  },
  /** Bidirectional recurrent layers on top of each other, 1 to 8, with dropout between them in its regimes. Default 1. */
  layers: {
    flag: '--layers <n>',
    help: 'bidirectional recurrent layers on top of each other',
    rule: integer(1, mostLayers),
    network: true,
    recorded: { default: 1, absent: 1, fact: true },
  },
  /** What the MLP reads of the recurrent layer's states, side by side. Default ['last']. */
  pooling: {
    flag: '--pooling <list>',
    help: 'what the MLP reads of the states: last, max, mean, attention or several of them, with commas',
    defaultWords: 'last',
    rule: poolingRule,
    network: true,
    recorded: { default: ['last'], absent: ['last'], fact: true },
  },
  /**
   * Lengths of the shortest and the longest n-gram of characters that words have, with the marks of a word's ends: a word's vector is its
   * own plus the mean of those of its n-grams, so that words that training data lacks have one. Words only. False: none. Default: the preset's.
   */
  subwords: {
    flag: '--subwords <min-max>',
    help: "lengths of the n-grams of characters whose vectors' mean is added to a word's own, such as 2-5",
    noHelp: "words' own vectors alone",
    defaultWords: 'none',
    rule: subwordsRule,
    network: true,
    recorded: { default: null, absent: null, fact: true },
  },
  /** Vectors that n-grams share by their hash, 1 to 10,000,000. Default 100,000. */
  buckets: {
    flag: '--buckets <n>',
    help: 'vectors that the n-grams of --subwords share by their hash',
    rule: integer(1, 10_000_000),
    network: true,
    recorded: { default: 100_000, absent: 100_000 },
  },
  /** N-grams of a linear classifier whose scores are added to the network's logits, such as ['char:1-5', 'word:1-2']. False: none. Default: the preset's. */
  ngrams: {
    flag: '--ngrams <list>',
    help: 'add the scores of a linear classifier of these n-grams to the logits, such as char:1-5,word:1-2',
    noHelp: 'the network alone',
    defaultWords: 'none',
    rule: ngramsRule,
    recorded: { default: null, absent: null, fact: true },
  },
  /** Whether there is a recurrent network: without one, the linear classifier of `ngrams` is the model, and fitted in seconds. Default true. */
  recurrent: {
    flag: '--recurrent',
    help: 'train a recurrent network',
    noHelp: 'train no network: the linear classifier of --ngrams is the model, and fitted in seconds',
    defaultWords: 'yes',
    rule: flag,
    recorded: { default: true, absent: true },
  },
  /** Dimension of the embedding, E. Default: that of `size`. */
  embedding: {
    flag: '--embedding <n>',
    help: 'dimension of the embedding',
    defaultWords: 'that of --size',
    rule: unitsRule,
    network: true,
  },
  /** Hidden units of one direction, H. Default: those of `size`. */
  hidden: {
    flag: '--hidden <n>',
    help: 'hidden units of one direction',
    defaultWords: 'those of --size',
    rule: unitsRule,
    network: true,
  },
  /** Hidden units of the MLP, M. Default: those of `size`. */
  mlp: {
    flag: '--mlp <n>',
    help: 'hidden units of the MLP',
    defaultWords: 'those of --size',
    rule: unitsRule,
    network: true,
  },
  /** The dimensions that `size` has for the dataset and level, but for those that were set one by one. */
  dimensions: {
    rule: sizeRule,
    network: true,
    recorded: { default: ({ size, sizes, own }: Known) => ({ ...sizes[size], ...own }), fact: true },
  },
  /** The embedding table starts uniform in ± this, above 0. */
  embeddingRange: {
    flag: '--embedding-range <x>',
    help: 'initial embeddings are uniform between minus and plus this',
    rule: float('a number above 0 (from 1.2e-38 to 3.4e38)', (value) => value > 0),
    network: true,
    recorded: { default: byDataset, fact: true },
  },
  /** Most epochs, at least 1. */
  epochs: {
    flag: '--epochs <n>',
    help: 'maximum epochs',
    rule: integer(1),
    network: true,
    recorded: { default: byDataset },
  },
  /**
   * What is minimised, and every loss of the run is: the cross-entropy of the softmax in nats, or, 'squared', the squared error of a sigmoid
   * for each class, mean over classes. Default 'cross-entropy'.
   */
  loss: {
    flag: '--loss <loss>',
    help: 'cross-entropy of the softmax, or squared: mean squared error of a sigmoid for each class',
    rule: choice(...lossNames),
    network: true,
    recorded: { default: 'cross-entropy', absent: 'cross-entropy', fact: true },
  },
  /** What the best epoch is selected by, on the validation texts; of equally good ones the one of the smaller loss. Default 'loss'. */
  select: {
    flag: '--select <criterion>',
    help: 'what the best epoch is selected by, on validation texts: loss, accuracy or macro-f1',
    rule: choice('loss', 'accuracy', 'macro-f1'),
    network: true,
    recorded: { default: 'loss', absent: 'loss', fact: true },
  },
  /** Epochs without a better one, by `select`, after which training ends, at least 1. */
  patience: {
    flag: '--patience <n>',
    help: 'epochs without a better one, by --select, before training stops',
    rule: integer(1),
    network: true,
    recorded: { default: byDataset },
  },
  /** Examples in a batch, 1 to 65,536. */
  batchSize: {
    flag: '--batch-size <n>',
    help: 'examples per batch',
    rule: integer(1, 65_536),
    network: true,
    recorded: { default: byDataset, fact: true },
  },
  /** Adam's step size, above 0 and at most 1,000,000. */
  learningRate: {
    flag: '--lr <x>',
    help: 'learning rate of Adam',
    rule: float(
      `a number above 0 (from 1.2e-38 to ${mostLearningRate})`,
      (value) => value > 0 && value <= mostLearningRate,
    ),
    network: true,
    recorded: { default: byDataset, fact: true },
  },
  /**
   * How the learning rate goes on after the warm-up: constant, or falling to 0 at the last step of `epochs`, along a line or half a
   * cosine. Default 'constant'.
   */
  schedule: {
    flag: '--schedule <schedule>',
    help: 'learning rate after the warm-up: constant, or linear or cosine down to 0 at the end of --epochs',
    rule: choice('constant', 'linear', 'cosine'),
    network: true,
    recorded: { default: 'constant', absent: 'constant', fact: true },
  },
  /** Share of all steps over which the learning rate rises to its value, 0 to below 1. Default 0. */
  warmUp: {
    flag: '--warm-up <x>',
    help: 'share of all steps of --epochs over which the learning rate rises; 0: none',
    rule: number('a number from 0 to below 1', (value) => value >= 0 && value < 1),
    network: true,
    recorded: { default: 0, absent: 0, fact: true },
  },
  /** ε of Δ = ε·sign(∇), and of that with random signs, at least 0. Default: the dataset's, in units of 'std'. */
  epsilon: {
    flag: '--epsilon <x>',
    help: 'size of the adversarial or random perturbation',
    defaultWords: "the dataset's, 0.02 for most",
    rule: float('a number of at least 0 (0, or from 1.2e-38 to 3.4e38)', (value) => value >= 0),
    network: true,
    recorded: { default: byDataset, fact: true },
  },
  /** 'std', the default: ε counts standard deviations of the current embedding table, without the vectors of n-grams. */
  epsilonUnit: {
    flag: '--epsilon-unit <unit>',
    help: 'std: in standard deviations of the embedding table; absolute',
    rule: choice('std', 'absolute'),
    network: true,
    recorded: { default: 'std', fact: true },
  },
  /** Share of the clean loss, 0 to 1. Default 0.5. */
  alpha: {
    flag: '--alpha <x>',
    help: 'weight of the clean loss beside that of perturbed examples, 0 to 1',
    rule: float('a number from 0 to 1 (0, or from 1.2e-38)', (value) => value >= 0 && value <= 1),
    network: true,
    recorded: { default: 0.5, fact: true },
  },
  /**
   * Probability that a training token is replaced by the unknown token, 0 to below 1. With `subwords`, that a word's own vector is replaced
   * by the unknown one's, wherever it stands in a batch: its n-grams stay, as an unknown word has them.
   */
  unknownRate: {
    flag: '--unk-rate <x>',
    help: 'share of training tokens replaced by the unknown token; with --subwords of the words of a batch, whose n-grams stay',
    rule: float('a number from 0 to below 1 (0, or from 1.2e-38)', (value) => value >= 0 && value < 1),
    network: true,
    recorded: { default: byDataset, fact: true },
  },
  /** Probability that a unit is kept where the regime has dropout, above 0 and at most 1. Default 0.5, and 1 without dropout. */
  dropoutKeep: {
    flag: '--dropout-keep <x>',
    help: 'probability that a unit is kept, in regimes with dropout',
    defaultWords: '0.5, without dropout 1',
    rule: float(
      'a number above 0 and at most 1 (from 2.4e-10)',
      (value) => value >= leastDropoutKeep && value <= 1,
    ),
    network: true,
    recorded: { default: ({ regime }: Known) => (regime.includes('dropout') ? 0.5 : 1) },
  },
  /** Largest global norm of the gradient; 0 for no clipping. */
  clipNorm: {
    flag: '--clip-norm <x>',
    help: 'maximum norm of the gradient; 0: no clipping',
    rule: float(
      `a number of at least 0 (0: no clipping, or from ${leastClipNorm} to 3.4e38)`,
      (value) => value === 0 || value >= leastClipNorm,
    ),
    network: true,
    recorded: { default: byDataset, fact: true },
  },
  /** Share of each weight, in units of the learning rate, that a step takes away beside Adam's step (AdamW), at least 0. Default 0. */
  weightDecay: {
    flag: '--weight-decay <x>',
    help: 'decoupled weight decay (AdamW): a step takes this times --lr of each weight away; 0: none',
    rule: float('a number of at least 0 (0: no decay, or from 1.2e-38 to 3.4e38)', (value) => value >= 0),
    network: true,
    recorded: { default: 0, absent: 0, fact: true },
  },
  /**
   * Decay of the moving average of the parameters, which validation, test and export use, 0 to below 1; a first step has at most 2/11.
   * Default 0: none.
   */
  ema: {
    flag: '--ema <x>',
    help: 'decay of the moving average of the parameters that validation, test and export use, such as 0.999; 0: none',
    rule: float('a number from 0 to below 1 (0, or from 1.2e-38)', (value) => value >= 0 && value < 1),
    network: true,
    recorded: { default: 0, absent: 0, fact: true },
  },
  /** Seed of everything random but the splits. Default 1. */
  seed: {
    flag: '--seed <n>',
    help: 'seed of everything random except the splits',
    rule: integer(0),
    hint: 'Any integer in that range is a seed.',
    recorded: { default: 1, fact: true },
  },
  /** Seed of splits that are drawn, so that runs of several seeds have the same ones. Default 1. */
  splitSeed: {
    flag: '--split-seed <n>',
    help: 'seed of splits that are drawn; keep it when you vary --seed',
    rule: integer(0),
    hint: 'Any integer in that range is a seed.',
    recorded: { default: 1, fact: true },
  },
} as const satisfies Readonly<Record<string, TrainOption | RecipePart>>;
