import { stat } from 'node:fs/promises';
import type { Example } from '../data/types.js';
import { AdvError } from '../errors.js';
import type { Classification } from '../onnx/inference.js';
import type { Scores } from '../statistics/metrics.js';
import type { Watch } from './events.js';
import type { SourceOptions } from './prepare.js';
import type { RunDataset } from './run-record.js';
import type { SelectedModel } from './selection.js';

/** Labels, predictions and losses in nats of some labelled examples, in the order they came. */
export interface ScoredExamples extends Scores {
  readonly exampleIds: readonly string[];
}

/** A trained model, of a run directory or of an ONNX file. */
export interface LoadedModel {
  readonly labels: readonly string[];
  /** Opens test data; a model file may lack the facts that it needs. */
  readonly selected: SelectedModel;
  /** What it was trained on, when it is a run: its data can then be opened again. */
  readonly trainedOn:
    | (Pick<SourceOptions, 'data' | 'limit' | 'onMalformed' | 'dataDir'> & { readonly dataset: RunDataset })
    | undefined;
  /** Seeds it was trained with. */
  readonly seeds: Pick<SourceOptions, 'seed' | 'splitSeed'>;
  classify(texts: readonly string[], signal?: AbortSignal): Promise<Classification[]>;
  /** Scores a stream, some examples at a time. */
  score(examples: AsyncIterable<Example>, watch: Watch): AsyncIterable<ScoredExamples>;
  dispose(): Promise<void>;
}

/**
 * Opens a finished run, which the native engine computes, or an ONNX model, which onnxruntime computes.
 *
 * @param path a run directory or a .onnx file
 * @param threads compute threads
 * @throws AdvError RUN_DIRECTORY, CHECKPOINT or MODEL
 */
export async function openModel(path: string, threads?: number): Promise<LoadedModel> {
  const facts = await stat(path).catch((error: unknown) => {
    throw new AdvError(
      'MODEL',
      `expected a run directory or a .onnx file, got ${path}: ${String(error)}`,
      'A run directory is what `npx advnative train` made; its path is printed at the end of the run.',
      { cause: error },
    );
  });
  // Each kind is loaded on demand: a run needs no onnxruntime, and a model file no native addon.
  if (facts.isDirectory()) return (await import('./run-model.js')).openRunModel(path, threads);
  return (await import('./onnx-model.js')).openOnnxModel(path, threads);
}
