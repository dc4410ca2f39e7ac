import type { Example } from '../text/types.js';
import type { Classification } from '../inference/classification.js';
import type { LossName } from '../statistics/loss-names.js';
import type { Scores } from '../statistics/metrics.js';
import type { Watch } from '../base/events.js';
import type { SourceOptions } from './prepare.js';
import type { RunDataset } from './run-record.js';
import type { SelectedModel } from '../datasets/proof.js';

/** Labels, predictions and losses in nats of some labelled examples, in the order they came. */
export interface ScoredExamples extends Scores {
  readonly exampleIds: readonly string[];
}

/** A trained model, of a run directory or of an ONNX file. */
export interface LoadedModel {
  readonly labels: readonly string[];
  /** What its losses are. */
  readonly loss: LossName;
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
