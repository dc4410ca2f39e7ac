import { Growing } from '../../base/growing.js';
import { at } from '../../base/at.js';
import { normalisedText } from '../../text/normalised-text.js';
import { Random } from '../../base/random.js';
import { countByClass } from '../../statistics/class-counts.js';
import { TextGroups } from '../../text/text-groups.js';
import type { Level } from '../../text/types.js';
import { confidentNoise } from './confident-joint.js';
import { CrossValidatedNaiveBayes, ngramHashes } from './naive-bayes.js';

/** Folds of the cross-validation. */
const folds = 5;

/** Examples that the classifier learns and judges at most: enough for two digits, in a few seconds. */
const mostExamples = 50_000;

/** Probabilities that are kept at most: 32 MiB. */
const mostProbabilities = 2 ** 23;

/** What can be said about wrong labels in the training data without reading it. */
export interface LabelNoise {
  /** Training examples whose text, normalised, also occurs with another label. One of them at least is wrong or doubtful. */
  readonly contradicting: { readonly examples: number; readonly share: number };
  /** The cross-validated naive Bayes classifier behind the estimate: examples it judged, and how many of their labels it found. */
  readonly classifier: { readonly examples: number; readonly folds: number; readonly accuracy: number };
  /** Estimated share of wrong labels by confident learning. */
  readonly estimate: number;
  /**
   * False when the classifier makes more than half the mistakes of one that always says the most frequent class: what it
   * takes for noise is then mostly its own weakness, and the estimate is far too high. False as well when it judged one class
   * only, of which nothing can be told.
   */
  readonly reliable: boolean;
}

/** Finds texts that occur with several labels, in a few dozen bytes a text. */
export class Contradictions {
  readonly #groups = new TextGroups();
  /** Label of the first example of each group of equal texts. */
  readonly #labels: Growing;
  readonly #sizes = new Growing(2 ** 32);
  readonly #contradicting = new Set<number>();

  /** @param classCount labels are in [0, C) */
  constructor(classCount: number) {
    this.#labels = new Growing(classCount);
  }

  add(text: string, label: number): void {
    const group = this.#groups.groupOf(normalisedText(text));
    if (group === this.#labels.length) {
      this.#labels.push(label);
      this.#sizes.push(1);
      return;
    }
    const sizes = this.#sizes.view();
    sizes[group] = at(sizes, group) + 1;
    if (this.#labels.view()[group] !== label) this.#contradicting.add(group);
  }

  /** Examples whose text occurs with several labels. */
  count(): number {
    const sizes = this.#sizes.view();
    return [...this.#contradicting].reduce((sum, group) => sum + at(sizes, group), 0);
  }
}

/** How labels are judged. */
export interface JudgePlan {
  readonly level: Level;
  /** C. */
  readonly classCount: number;
  /** Examples that there are, and tokens in all. */
  readonly examples: number;
  readonly tokens: number;
  readonly seed: number;
}

/**
 * Judges labels by a naive Bayes classifier in two passes over the same examples in the same order: learn() all, then
 * judge() all. Of more than 50,000 examples it takes as many as that, drawn by the seed: every so many of them would be of one class
 * where labels alternate. Folds are drawn by the seed too.
 */
export class LabelJudge {
  readonly #plan: JudgePlan;
  readonly #classifier: CrossValidatedNaiveBayes;
  /** Examples that are taken. */
  readonly #wanted: number;
  #sample: Random;
  #folds: Random;
  #seen = 0;
  #taken = 0;
  readonly #labels: Growing;
  readonly #probabilities: Float32Array;
  #right = 0;

  constructor(plan: JudgePlan) {
    const most = Math.min(mostExamples, Math.floor(mostProbabilities / plan.classCount));
    this.#plan = plan;
    this.#wanted = Math.min(plan.examples, most);
    this.#classifier = new CrossValidatedNaiveBayes(plan.classCount, folds, 2 * plan.tokens);
    this.#sample = sampleOf(plan);
    this.#folds = foldsOf(plan);
    this.#labels = new Growing(plan.classCount);
    this.#probabilities = new Float32Array(this.#wanted * plan.classCount);
  }

  /**
   * Whether the next example is in the sample: nothing needs to be tokenized for the others. Each of those to come is as likely
   * as the others, and in the end there are as many as wanted (selection sampling, Fan, Muller and Rezucha 1962).
   */
  takesNext(): boolean {
    const left = this.#plan.examples - this.#seen++;
    const missing = this.#wanted - this.#taken;
    const takes = missing > 0 && (missing >= left || this.#sample.below(left) < missing);
    if (takes) this.#taken += 1;
    return takes;
  }

  learn(tokens: readonly string[], label: number): void {
    this.#classifier.learn(ngramHashes(tokens, this.#plan.level), label, this.#folds.below(folds));
  }

  /** Ends the first pass. */
  finishLearning(): void {
    this.#classifier.finish();
    this.#sample = sampleOf(this.#plan);
    this.#folds = foldsOf(this.#plan);
    [this.#seen, this.#taken] = [0, 0];
  }

  judge(tokens: readonly string[], label: number): void {
    const ngrams = ngramHashes(tokens, this.#plan.level);
    const posterior = this.#classifier.posterior(ngrams, this.#folds.below(folds));
    this.#probabilities.set(posterior, this.#labels.length * this.#plan.classCount);
    this.#labels.push(label);
    if (at(posterior, label) === Math.max(...posterior)) this.#right += 1;
  }

  /** What was found, after the second pass. */
  result(contradicting: number): LabelNoise {
    const labels = this.#labels.view();
    const accuracy = this.#right / Math.max(labels.length, 1);
    const mostFrequent =
      Math.max(...countByClass(labels, this.#plan.classCount)) / Math.max(labels.length, 1);
    return {
      contradicting: {
        examples: contradicting,
        share: contradicting / Math.max(this.#plan.examples, 1),
      },
      classifier: { examples: labels.length, folds, accuracy },
      estimate: confidentNoise(labels, this.#probabilities, this.#plan.classCount),
      reliable: mostFrequent < 1 && 1 - accuracy <= (1 - mostFrequent) / 2,
    };
  }
}

/** The same examples at each pass. */
function sampleOf({ seed }: JudgePlan): Random {
  return new Random(seed, 'label noise', 'sample');
}

/** The same folds at each pass. */
function foldsOf({ seed }: JudgePlan): Random {
  return new Random(seed, 'label noise');
}
