import { encodeSplit } from '../data/encode.js';
import { tokenizerFor } from '../data/tokenizers.js';
import type { Example, Tokenizer } from '../data/types.js';
import type { Vocabulary } from '../data/vocabulary.js';
import { AdvError } from '../errors.js';
import type { NativeAddon, NativeClassifier, NativeTexts } from '../native/addon.js';
import { loadAddon } from '../native/loader.js';
import type { Classification } from '../onnx/inference.js';
import { readCheckpoint } from './checkpoint.js';
import type { Watch } from './events.js';
import type { LoadedModel, ScoredExamples } from './model.js';
import { callEngine, classifierConfig, evaluateSplit, predictLogits } from './native-model.js';
import { defaultThreads } from './options.js';
import { readRecord, readVocabulary, runPaths } from './run-directory.js';
import { runFingerprint, type RunRecord } from './run-record.js';
import { selectedModelOfFinishedRun, type SelectedModel } from './selection.js';

/** A finished run with the parameters of its selected epoch in the native engine. */
export class RunModel implements LoadedModel {
  readonly labels: readonly string[];
  readonly seed: number;
  readonly trainedOn: LoadedModel['trainedOn'];
  readonly tokenizer: Tokenizer;

  constructor(
    readonly record: RunRecord,
    readonly vocabulary: Vocabulary,
    readonly classifier: NativeClassifier,
    readonly selected: SelectedModel,
  ) {
    this.labels = record.dataset.labels;
    this.seed = record.recipe.seed;
    this.trainedOn = { ...record.recipe, dataDir: record.execution.dataDir, dataset: record.dataset };
    this.tokenizer = tokenizerFor(record.recipe.level);
  }

  async classify(texts: readonly string[], signal?: AbortSignal): Promise<Classification[]> {
    if (texts.length === 0) return [];
    const { maxTokens } = this.record.recipe;
    const encoded = texts.map((text) => this.vocabulary.encode(this.tokenizer.tokenize(text), maxTokens));
    const logits = await predictLogits(this.classifier, pack(encoded), signal);
    const classCount = this.labels.length;
    return encoded.map(({ truncated }, row) => {
      const probabilities = softmax(logits.subarray(row * classCount, (row + 1) * classCount));
      return classification(this.labels, probabilities, truncated);
    });
  }

  async score(examples: AsyncIterable<Example>, watch: Watch): Promise<ScoredExamples> {
    const { signal, onProgress } = watch;
    const { maxTokens, batchSize } = this.record.recipe;
    const { tokenizer, vocabulary, labels } = this;
    const split = await encodeSplit(examples, { tokenizer, vocabulary, labels, maxTokens, signal });
    const total = split.labels.length;
    const evaluation = await evaluateSplit(this.classifier, split, batchSize, {
      signal,
      onProgress: (done) => onProgress?.({ kind: 'evaluation', text: 'evaluating', done, total }),
    });
    return { exampleIds: split.exampleIds, labels: split.labels, ...evaluation };
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
    const { best } = await readCheckpoint(paths.checkpoint, {
      fingerprint: runFingerprint(recipe, dataset.labels, vocabulary.tokens, dataset.files),
      tensors: classifier.tensors,
    });
    if (best === undefined)
      throw new AdvError('CHECKPOINT', `${paths.checkpoint} holds no selected parameters`);
    classifier.writeParameters(best);
    return new RunModel(record, vocabulary, classifier, selected);
  } catch (error) {
    classifier.dispose();
    throw error;
  }
}

function pack(texts: readonly { readonly ids: readonly number[] }[]): NativeTexts {
  const offsets = new Int32Array(texts.length + 1);
  texts.forEach(({ ids }, index) => (offsets[index + 1] = (offsets[index] ?? 0) + ids.length));
  return { ids: Int32Array.from(texts.flatMap(({ ids }) => ids)), offsets };
}

function softmax(logits: Float32Array): number[] {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function classification(
  labels: readonly string[],
  probabilities: readonly number[],
  truncated: boolean,
): Classification {
  const probability = Math.max(...probabilities);
  const label = labels[probabilities.indexOf(probability)] ?? '';
  const named = Object.fromEntries(labels.map((name, place) => [name, probabilities[place] ?? 0]));
  return { label, probability, probabilities: named, truncated };
}
