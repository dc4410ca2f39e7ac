import { at } from '../base/at.js';
import type { NgramBranch } from '../linear/branch.js';
import { encodeText } from '../text/encode.js';
import { packEncoded } from '../text/lexicon.js';
import { tokenizerOf } from '../text/tokenizers/pipeline.js';
import type { Example, Tokenizer } from '../text/types.js';
import type { Vocabulary } from '../text/vocabulary.js';
import { AdvError } from '../base/errors.js';
import type { NativeAddon, NativeClassifier } from '../engine/addon.js';
import { loadAddon } from '../engine/loader.js';
import { classificationOf, type Classification } from '../inference/classification.js';
import { softmax } from '../statistics/softmax.js';
import { readCheckpoint } from './checkpoint.js';
import type { Watch } from '../base/events.js';
import type { LoadedModel, ScoredExamples } from './model.js';
import { callEngine } from '../engine/calls.js';
import { readBranch } from './branch-file.js';
import { classifierConfig } from './native-model.js';
import { defaultThreads } from '../recipe/execution.js';
import { readRecord, readVocabulary } from './read-run.js';
import { runPaths } from './run-paths.js';
import { runFingerprint } from './run-facts.js';
import type { RunRecord } from './run-record.js';
import { subwordsOf } from '../recipe/recipe.js';
import { logitsOf, scoreStream } from './score.js';
import { selectedModelOfFinishedRun } from './selection.js';
import type { SelectedModel } from '../datasets/proof.js';

/** A finished run with the parameters of its selected epoch in the native engine. */
export class RunModel implements LoadedModel {
  readonly labels: readonly string[];
  readonly seeds: LoadedModel['seeds'];
  readonly trainedOn: LoadedModel['trainedOn'];
  readonly tokenizer: Tokenizer;

  constructor(
    readonly record: RunRecord,
    readonly vocabulary: Vocabulary,
    readonly classifier: NativeClassifier,
    readonly selected: SelectedModel,
    readonly branch: NgramBranch | undefined,
  ) {
    this.labels = record.dataset.labels;
    this.seeds = record.recipe;
    this.trainedOn = { ...record.recipe, dataDir: record.execution.dataDir, dataset: record.dataset };
    this.tokenizer = tokenizerOf(record.recipe.tokenizer);
  }

  async classify(texts: readonly string[], signal?: AbortSignal): Promise<Classification[]> {
    if (texts.length === 0) return [];
    const { maxTokens } = this.record.recipe;
    const { tokenizer, vocabulary } = this;
    const encoded = texts.map((text) => encodeText(text, { tokenizer, vocabulary, maxTokens }));
    const featureRows = texts.flatMap((text) => this.branch?.classifier.features.rowOf(text) ?? []);
    const packed = packEncoded(encoded, vocabulary, subwordsOf(this.record.recipe));
    const logits = await logitsOf(this, { ...packed, featureRows }, signal);
    return encoded.map(({ truncated }, row) =>
      classificationOf(this.labels, softmax(at(logits, row)), truncated),
    );
  }

  score(examples: AsyncIterable<Example>, watch: Watch): AsyncIterable<ScoredExamples> {
    const { maxTokens, batchSize } = this.record.recipe;
    const { tokenizer, vocabulary, labels } = this;
    const subwords = subwordsOf(this.record.recipe);
    const how = { tokenizer, vocabulary, labels, maxTokens, subwords, batchSize, signal: watch.signal };
    return scoreStream(this, examples, how, watch, 'evaluating');
  }

  dispose(): Promise<void> {
    this.classifier.dispose();
    return Promise.resolve();
  }
}

/**
 * Opens a finished run.
 *
 * @param addon the engine; loaded when left out
 * @throws AdvError RUN_DIRECTORY when the run has not finished, CHECKPOINT when its parameters cannot be read
 */
export async function openRunModel(
  directory: string,
  threads?: number,
  addon?: NativeAddon,
): Promise<RunModel> {
  const record = await readRecord(directory);
  const selected = selectedModelOfFinishedRun(record);
  const paths = runPaths(directory);
  const vocabulary = await readVocabulary(paths);
  if (vocabulary === undefined) {
    throw new AdvError(
      'CHECKPOINT',
      `the vocabulary ${paths.vocabulary} is missing`,
      'Restore it from a copy.',
    );
  }
  const { recipe, dataset } = record;
  const size = { vocabularySize: vocabulary.size, classCount: dataset.labels.length };
  const { Classifier } = addon ?? loadAddon();
  const config = classifierConfig(recipe, size, threads ?? defaultThreads());
  const classifier = callEngine(() => new Classifier(config));
  try {
    const fingerprint = runFingerprint(recipe, dataset.labels, vocabulary.tokens, dataset.files);
    const { best } = await readCheckpoint(paths.checkpoint, {
      fingerprint,
      tensors: classifier.tensors,
      averages: recipe.ema > 0,
    });
    if (best === undefined)
      throw new AdvError('CHECKPOINT', `${paths.checkpoint} holds no selected parameters`);
    classifier.writeParameters(best);
    const branch = recipe.ngrams === null ? undefined : await readBranch(paths.ngrams, fingerprint);
    return new RunModel(record, vocabulary, classifier, selected, branch);
  } catch (error) {
    classifier.dispose();
    throw error;
  }
}
