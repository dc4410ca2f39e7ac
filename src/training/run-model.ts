import { at } from '../base/at.js';
import type { NgramBranch } from '../linear/branch.js';
import { packRead, readText, type Reading, type TokenEncoding } from '../text/reading.js';
import { tokenizerOf } from '../text/tokenizers/pipeline.js';
import type { Example } from '../text/types.js';
import type { Vocabulary } from '../text/vocabulary.js';
import { AdvError } from '../base/errors.js';
import type { NativeAddon, NativeClassifier } from '../engine/addon.js';
import { loadAddon } from '../engine/loader.js';
import { classificationOf, type Classification } from '../inference/classification.js';
import { probabilitiesOf } from '../statistics/loss.js';
import { readCheckpoint } from './checkpoint.js';
import type { Watch } from '../base/events.js';
import type { LoadedModel, ScoredExamples } from './model.js';
import { readBranch } from './branch-file.js';
import { newClassifier } from './native-model.js';
import { defaultThreads } from '../recipe/execution.js';
import { byRecord, readRecord, readVocabulary } from './read-run.js';
import { runPaths } from './run-paths.js';
import { runFingerprint } from './run-facts.js';
import type { RunRecord } from './run-record.js';
import { subwordsOf } from '../recipe/recipe.js';
import { logitsOf, scoreStream, type ScoringModel } from './score.js';
import { selectedModelOfFinishedRun } from './selection.js';
import type { SelectedModel } from '../datasets/proof.js';

/** A finished run: its network with the parameters of the selected epoch in the native engine, its n-grams, or both. */
export class RunModel implements LoadedModel, ScoringModel {
  readonly labels: readonly string[];
  readonly loss: LoadedModel['loss'];
  readonly seeds: LoadedModel['seeds'];
  readonly trainedOn: LoadedModel['trainedOn'];
  /** What the network reads. */
  readonly tokens: TokenEncoding | undefined;
  readonly network: NativeClassifier | undefined;
  readonly branch: NgramBranch | undefined;

  constructor(
    readonly record: RunRecord,
    readonly selected: SelectedModel,
    { tokens, network, branch }: ScoringModel & { readonly tokens: TokenEncoding | undefined },
  ) {
    this.labels = record.dataset.labels;
    this.loss = record.recipe.loss;
    this.seeds = record.recipe;
    this.trainedOn = { ...record.recipe, dataDir: record.execution.dataDir, dataset: record.dataset };
    this.tokens = tokens;
    this.network = network;
    this.branch = branch;
  }

  async classify(texts: readonly string[], signal?: AbortSignal): Promise<Classification[]> {
    if (texts.length === 0) return [];
    const reading = this.#reading();
    const read = texts.map((text) => readText(text, reading));
    const logits = await logitsOf(this, packRead(read, reading), signal);
    return read.map(({ truncated }, row) =>
      classificationOf(this.labels, probabilitiesOf(this.loss, at(logits, row)), truncated),
    );
  }

  score(examples: AsyncIterable<Example>, watch: Watch): AsyncIterable<ScoredExamples> {
    const { batchSize } = this.record.recipe;
    const how = { ...this.#reading(), labels: this.labels, batchSize, signal: watch.signal };
    return scoreStream(this, examples, how, watch, 'evaluating');
  }

  dispose(): Promise<void> {
    this.network?.dispose();
    return Promise.resolve();
  }

  #reading(): Reading {
    return { tokens: this.tokens, features: this.branch?.classifier.features };
  }
}

/**
 * Opens a finished run.
 *
 * @param addon the engine; loaded when left out, and only where there is a network
 * @throws AdvError RUN_DIRECTORY when the run has not finished or its record names what cannot be, CHECKPOINT when its parameters cannot be read
 */
export function openRunModel(directory: string, threads?: number, addon?: NativeAddon): Promise<RunModel> {
  return byRecord(directory, () => open(directory, threads, addon));
}

async function open(
  directory: string,
  threads: number | undefined,
  addon: NativeAddon | undefined,
): Promise<RunModel> {
  const record = await readRecord(directory);
  const selected = selectedModelOfFinishedRun(directory, record);
  const paths = runPaths(directory);
  const { recipe, dataset } = record;
  const vocabulary = recipe.recurrent ? await requireVocabulary(directory) : undefined;
  const fingerprint = runFingerprint(recipe, dataset.labels, vocabulary?.tokens ?? [], dataset.files);
  const branch = recipe.ngrams === null ? undefined : await readBranch(paths.ngrams, fingerprint);
  if (vocabulary === undefined) return new RunModel(record, selected, { tokens: undefined, branch });
  const { maxTokens } = recipe;
  const tokenizer = tokenizerOf(recipe.tokenizer);
  const tokens = { tokenizer, vocabulary, maxTokens, subwords: subwordsOf(recipe) };
  const size = { vocabularySize: vocabulary.size, classCount: dataset.labels.length };
  const network = newClassifier(addon ?? loadAddon(), recipe, size, threads ?? defaultThreads());
  try {
    const owner = { fingerprint, tensors: network.tensors, averages: recipe.ema > 0 };
    const { best } = await readCheckpoint(paths.checkpoint, owner);
    if (best === undefined)
      throw new AdvError('CHECKPOINT', `${paths.checkpoint} holds no selected parameters`);
    network.writeParameters(best);
    return new RunModel(record, selected, { tokens, network, branch });
  } catch (error) {
    network.dispose();
    throw error;
  }
}

async function requireVocabulary(directory: string): Promise<Vocabulary> {
  const paths = runPaths(directory);
  const vocabulary = await readVocabulary(paths);
  if (vocabulary !== undefined) return vocabulary;
  throw new AdvError(
    'CHECKPOINT',
    `the vocabulary ${paths.vocabulary} is missing`,
    'Restore it from a copy.',
  );
}
