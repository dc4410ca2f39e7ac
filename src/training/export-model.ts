import { rename, rm } from 'node:fs/promises';
import { Random } from '../base/random.js';
import type { FeatureRow } from '../text/ngrams/features.js';
import { packTexts } from '../text/packed.js';
import { AdvError } from '../base/errors.js';
import type { NativeClassifierConfig, NativeTexts } from '../engine/addon.js';
import type { NgramBranch } from '../linear/branch.js';
import { checksumEntry } from '../inference/checksum.js';
import { ngramEntry } from '../inference/ngram-entry.js';
import { buildOnnxModel, type TrainedNetwork } from '../onnx/export.js';
import type { ModelMetadata } from '../inference/metadata.js';
import { readModel } from '../inference/model-file.js';
import { checkParity, parityTexts, type OnnxParity } from '../onnx/parity.js';
import { packageVersion } from '../base/package.js';
import { inStage } from '../base/stage.js';
import { storageError, writeAtomically } from '../base/storage/atomic-file.js';
import type { Watch } from '../base/events.js';
import type { ReadTexts, TokenEncoding } from '../text/reading.js';
import { logitsOf, type ScoringModel } from './score.js';
import type { SelectedModel } from '../datasets/proof.js';
import { trainingFacts, type Recipe } from '../recipe/recipe.js';

/** Largest difference between a probability of the engine and of onnxruntime that rounding can explain. */
const parityTolerance = 1e-4;

/** What a model file says about itself. */
export function modelMetadata(model: {
  /** Where it has a network. */
  readonly tokens: TokenEncoding | undefined;
  readonly labels: readonly string[];
  readonly recipe: Recipe;
  readonly datasetName: string;
  readonly selected: SelectedModel;
  readonly branch: NgramBranch | undefined;
}): ModelMetadata {
  const { tokens, labels, recipe, datasetName, selected, branch } = model;
  return {
    ...(tokens && entryOf(tokens)),
    labels,
    ...(branch && { ngrams: ngramEntry(branch.classifier.features) }),
    training: {
      advnative: packageVersion,
      dataset: datasetName,
      ...trainingFacts(recipe),
      bestEpoch: selected.epoch,
      validLoss: selected.validLoss,
    },
  };
}

function entryOf({
  tokenizer,
  vocabulary,
  maxTokens,
  subwords,
}: TokenEncoding): Pick<ModelMetadata, 'tokenizer' | 'vocabulary' | 'maxTokens' | 'subwords'> {
  const { steps } = tokenizer;
  return { tokenizer: steps, vocabulary: vocabulary.tokens, maxTokens, ...(subwords && { subwords }) };
}

/**
 * Writes a model as ONNX, reads it back as inference does and runs it on texts to see that it computes
 * the same.
 *
 * @returns the largest difference of a class probability; undefined when onnxruntime-node is not installed
 * @throws AdvError MODEL when inference could not read it or the difference is more than rounding explains; what the path held before is then untouched
 */
export function exportModel(
  trained: ScoringModel,
  metadata: ModelMetadata,
  path: string,
  texts: ReadTexts,
  watch: Watch,
): Promise<OnnxParity | undefined> {
  return inStage(`exporting ${path}`, watch, () => writeChecked(trained, metadata, { path, texts, watch }));
}

async function writeChecked(
  trained: ScoringModel,
  metadata: ModelMetadata,
  { path, texts, watch }: { readonly path: string; readonly texts: ReadTexts; readonly watch: Watch },
): Promise<OnnxParity | undefined> {
  // The name is the model's own only once it is known to be right: what stood there before stays until then.
  const unchecked = `${path}.unchecked.${process.pid}.tmp`;
  const model = buildOnnxModel({ network: networkOf(trained), branch: trained.branch, metadata });
  try {
    await writeAtomically(unchecked, [checksumEntry(model), model]).catch((error: unknown) => {
      throw error instanceof AdvError ? storageError(path, error.cause) : error;
    });
    await readModel(unchecked, path);
    const logits = await logitsOf(trained, texts, watch.signal);
    const parity = await checkParity(unchecked, texts, logits, trained.network?.config.loss);
    requireParity(parity, watch);
    await rename(unchecked, path).catch((error: unknown) => {
      throw storageError(path, error);
    });
    return parity;
  } finally {
    await rm(unchecked, { force: true });
  }
}

function networkOf({ network }: ScoringModel): TrainedNetwork | undefined {
  if (network === undefined) return undefined;
  const { config, tensors } = network;
  return { config, tensors, parameters: network.readParameters() };
}

function requireParity(parity: OnnxParity | undefined, watch: Watch): void {
  if (parity === undefined) {
    watch.onProgress?.({
      kind: 'notice',
      text: 'onnxruntime-node is not installed: the exported model was not checked against the trained one',
    });
  } else if (!(parity.maxAbsDiff <= parityTolerance)) {
    throw new AdvError(
      'MODEL',
      `the exported model differs from the trained one: expected probabilities within ${parityTolerance}, ` +
        `got a difference of ${parity.maxAbsDiff} over ${parity.n} texts`,
      'Another version of onnxruntime-node may help. The trained model itself is safe in the run directory.',
    );
  }
}

/** The most tokens of a random text, their different words where these have n-grams, and the most n-grams of one. */
const longestRandomText = 64;
const randomWordCount = 200;
const mostRandomNgrams = 24;

/** What a model without a network reads: no tokens. */
const noTokens = { vocabularySize: 0, buckets: 0 };

/**
 * Token sequences of many lengths, and features where a model has them, to compare two computations on; always the same for a shape.
 *
 * @param network of a model that has one
 * @param featureCount of a model with n-grams of texts
 */
export function randomTexts(
  { vocabularySize, buckets }: Pick<NativeClassifierConfig, 'vocabularySize' | 'buckets'> = noTokens,
  featureCount = 0,
): ReadTexts {
  const random = new Random(1, 'texts of the parity check');
  const numbers = (length: number, bound: number): number[] =>
    Array.from({ length }, () => random.below(bound));
  const textsBelow = (bound: number): NativeTexts =>
    packTexts(
      Array.from({ length: parityTexts }, () =>
        bound === 0 ? [] : numbers(1 + random.below(longestRandomText), bound),
      ),
    );
  const rowsBelow = (bound: number): FeatureRow[] =>
    bound === 0 ? [] : Array.from({ length: parityTexts }, () => randomRow(random, bound));
  if (buckets === 0) return { ...textsBelow(vocabularySize), featureRows: rowsBelow(featureCount) };
  const ngrams = Array.from({ length: randomWordCount }, () =>
    numbers(random.below(mostRandomNgrams + 1), buckets),
  );
  const { ids, offsets } = packTexts(ngrams);
  const words = { ids: Int32Array.from(numbers(randomWordCount, vocabularySize)), offsets, buckets: ids };
  return { ...textsBelow(randomWordCount), words, featureRows: rowsBelow(featureCount) };
}

/** Some features, which may be none, with weights whose squares sum to 1. */
function randomRow(random: Random, featureCount: number): FeatureRow {
  const drawn = new Set(
    Array.from({ length: random.below(longestRandomText) }, () => random.below(featureCount)),
  );
  const columns = Int32Array.from(drawn).sort();
  const weights = Float32Array.from(columns, () => 1 + random.below(1000));
  const scale = 1 / Math.hypot(...weights);
  return { columns, values: weights.map((weight) => weight * scale) };
}
