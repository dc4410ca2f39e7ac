import { AdvError } from '../../base/errors.js';
import { checkOptions } from '../../base/check-options.js';
import { pick, type OptionsOf } from '../../base/option.js';
import type { Watch } from '../../base/events.js';
import { asInterruption } from '../../base/interruption.js';
import { resolveRecipe } from '../../recipe/recipe.js';
import { trainOptions } from '../../recipe/table.js';
import { at } from '../../base/at.js';
import { inspectionOptions, openInspected, watched, type InspectionSource } from '../source.js';
import { withLevelNote } from '../../datasets/doubts/scripts.js';
import { warningsFor } from '../../datasets/doubts/warnings.js';
import { inspectedSplits, type InspectedSplit } from '../../datasets/inspection.js';
import { tokenizerOf } from '../../text/tokenizers/pipeline.js';
import type { Dataset } from '../../datasets/types.js';
import type { Level, Tokenizer } from '../../text/types.js';
import { RepetitionSample } from './artificiality.js';
import type { DatasetDescription, VocabularyDescription } from './description.js';
import { Contradictions, LabelJudge } from './label-noise.js';
import { richness } from './richness.js';
import { SplitMeasures } from './split-measures.js';
import type { TokenCounts } from '../../text/token-counts.js';
import { rankCurve, zipfExponent } from './zipf.js';

const describeOptions = {
  ...inspectionOptions,
  ...pick(trainOptions, 'level', 'tokenizer', 'onMalformed'),
};

/** What describe() takes; everything may be left out. */
export interface DescribeOptions extends OptionsOf<typeof describeOptions> {}

/** Points of the rank-frequency curve. */
const curvePoints = 200;

const mostFrequentTokens = 20;

/** What is counted in each pass. */
interface Reading {
  readonly dataset: Dataset;
  readonly tokenizer: Tokenizer;
  readonly level: Level;
  readonly maxTokens: number;
  readonly seed: number;
  readonly watch: Watch;
}

/**
 * Measures the features of a dataset that the paper discusses: size, language, vocabulary, lengths, annotation quality,
 * input structure, artificiality. Validation data without an example is left out. Three passes over the training data, one over
 * each other split; memory grows with the vocabulary and by a few dozen bytes an example.
 *
 * @param source a name among those of datasets.list(), or own files
 * @throws AdvError USAGE for a wrong option, DATA_MISSING, DATA_MALFORMED, DOWNLOAD, STORAGE, INTERRUPTED
 */
export async function describeDataset(
  source: InspectionSource,
  options: DescribeOptions = {},
  watch: Watch = {},
): Promise<DatasetDescription> {
  checkOptions(options, describeOptions);
  if (options.tokenizer !== undefined) tokenizerOf(options.tokenizer);
  try {
    const opened = await openInspected(source, options, options.onMalformed ?? 'stop', watch);
    const dataset = withLevelNote(opened, options);
    const { level, tokenizer, maxTokens, seed } = resolveRecipe(options, dataset);
    return await describeAll({ dataset, tokenizer: tokenizerOf(tokenizer), level, maxTokens, seed, watch });
  } catch (error) {
    throw asInterruption(error, watch.signal);
  }
}

async function describeAll(reading: Reading): Promise<DatasetDescription> {
  const { dataset, tokenizer, level, maxTokens } = reading;
  const splits = inspectedSplits(dataset);
  const contradictions = new Contradictions(dataset.labels.length);
  const measures: SplitMeasures[] = [];
  for (const split of splits) {
    const one = await measure(split, split.name === 'train' ? contradictions : undefined, reading);
    if (one.examples > 0) measures.push(one);
    else if (split.name === 'train') throw noExamples(dataset);
  }
  const [trainSplit, training] = [at(splits, 0), at(measures, 0)];
  const judged = await judge(trainSplit, training, contradictions, reading);
  return {
    name: dataset.name,
    language: dataset.facts.language ?? null,
    level,
    tokenizer: tokenizer.steps,
    maxTokens,
    labels: dataset.labels,
    splits: measures.map((one) => one.describe(maxTokens, one === training ? undefined : training.tokens)),
    vocabulary: describeVocabulary(training.tokens),
    ...judged,
    facts: { ...dataset.facts, warnings: undefined },
    warnings: warningsFor(dataset, tokenizer),
    skipped: dataset.skipped,
  };
}

/** The first pass over a split: everything that is counted. */
async function measure(
  split: InspectedSplit,
  contradictions: Contradictions | undefined,
  { dataset, tokenizer, watch }: Reading,
): Promise<SplitMeasures> {
  const measures = new SplitMeasures(split.name, dataset.labels);
  for await (const example of watched(split, `reading ${split.name}`, watch)) {
    measures.add(example, tokenizer.tokenize(example.text));
    contradictions?.add(example.text, dataset.labels.indexOf(example.label));
  }
  return measures;
}

function noExamples({ name }: Dataset): AdvError {
  return new AdvError(
    'DATA_MALFORMED',
    `${name}: expected at least one training example, got none`,
    'Check the data file.',
  );
}

/** The second and the third pass over the training data: what needs to know how much there is. */
async function judge(
  split: InspectedSplit,
  training: SplitMeasures,
  contradictions: Contradictions,
  { dataset, tokenizer, seed, watch }: Reading,
): Promise<Pick<DatasetDescription, 'labelNoise' | 'artificiality'>> {
  const { labels } = dataset;
  const sample = new RepetitionSample(training.bytes, seed);
  const judge = new LabelJudge({
    level: tokenizer.level,
    classCount: labels.length,
    examples: training.examples,
    tokens: training.tokens.total,
    seed,
  });
  for await (const { text, label } of watched(split, 'learning to judge labels', watch)) {
    sample.add(text);
    if (judge.takesNext()) judge.learn(tokenizer.tokenize(text), labels.indexOf(label));
  }
  judge.finishLearning();
  for await (const { text, label } of watched(split, 'judging labels', watch)) {
    if (judge.takesNext()) judge.judge(tokenizer.tokenize(text), labels.indexOf(label));
  }
  return { labelNoise: judge.result(contradictions.count()), artificiality: sample.result() };
}

function describeVocabulary(tokens: TokenCounts): VocabularyDescription {
  const frequencies = tokens.frequencies();
  if (frequencies.length === 0) {
    throw new AdvError(
      'DATA_MALFORMED',
      'expected at least one token in the training data, got none',
      'Check the data file, or choose another --level.',
    );
  }
  return {
    types: tokens.types,
    ...richness(frequencies),
    zipfExponent: zipfExponent(frequencies) ?? null,
    ranks: rankCurve(frequencies, curvePoints),
    mostFrequent: tokens.mostFrequent(mostFrequentTokens),
  };
}
