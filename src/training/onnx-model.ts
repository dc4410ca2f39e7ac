import { inGroups, withPauses } from '../base/streaming.js';
import type { Example } from '../text/types.js';
import { AdvError } from '../base/errors.js';
import { load, type TextClassifier } from '../inference/inference.js';
import type { Classification } from '../inference/classification.js';
import { exampleCounter, type Watch } from '../base/events.js';
import type { LoadedModel, ScoredExamples } from './model.js';
import { selectedModelOfExport } from './selection.js';
import type { SelectedModel } from '../datasets/proof.js';

/** Examples held at once; the classifier cuts them into batches itself. */
const chunk = 256;

/** Least probability that float32 can tell from 0: below it a loss is that of this probability, about 103 nats. */
const leastProbability = 2 ** -149;

/** An exported model, computed by onnxruntime. */
class OnnxModel implements LoadedModel {
  readonly labels: readonly string[];
  readonly trainedOn = undefined;
  readonly seeds: LoadedModel['seeds'];
  readonly #classifier: TextClassifier;

  constructor(classifier: TextClassifier) {
    const { training } = classifier.metadata;
    this.#classifier = classifier;
    this.labels = classifier.labels;
    const seedOf = (name: string): number => (typeof training[name] === 'number' ? training[name] : 1);
    this.seeds = { seed: seedOf('seed'), splitSeed: seedOf('splitSeed') };
  }

  get selected(): SelectedModel {
    return selectedModelOfExport(this.#classifier.metadata.training);
  }

  classify(texts: readonly string[], signal?: AbortSignal): Promise<Classification[]> {
    return this.#classifier.classify(texts, signal === undefined ? {} : { signal });
  }

  async *score(examples: AsyncIterable<Example>, watch: Watch): AsyncGenerator<ScoredExamples> {
    const report = exampleCounter(watch, 'evaluating');
    for await (const part of inGroups(withPauses(examples, watch.signal), chunk)) {
      const texts = part.map((example) => example.text);
      const results = await this.classify(texts, watch.signal);
      const losses = results.map(({ probabilities }, place) => {
        const probability = probabilities[part[place]?.label ?? ''] ?? 0;
        return -Math.log(Math.max(probability, leastProbability));
      });
      report(part.length);
      yield {
        exampleIds: part.map(({ id }) => id),
        labels: Int32Array.from(part, ({ label, id }) => this.#place(label, id)),
        predictions: Int32Array.from(results, ({ label }, place) =>
          this.#place(label, part[place]?.id ?? ''),
        ),
        losses: Float64Array.from(losses),
      };
    }
  }

  async dispose(): Promise<void> {
    await this.#classifier.dispose();
  }

  #place(label: string, id: string): number {
    const place = this.labels.indexOf(label);
    if (place >= 0) return place;
    throw new AdvError(
      'DATA_MALFORMED',
      `${id}: expected one of the model's labels ${this.labels.join(', ')}, got '${label}'`,
      'Evaluate the model on data with the labels that it was trained on.',
    );
  }
}

/**
 * Opens an exported model.
 *
 * @throws AdvError MODEL when the file is no model of this package or onnxruntime-node is not installed
 */
export async function openOnnxModel(path: string, threads?: number): Promise<LoadedModel> {
  return new OnnxModel(await load(path, threads === undefined ? {} : { threads }));
}
