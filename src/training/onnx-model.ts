import { inGroups, withPauses } from '../base/streaming.js';
import type { Example } from '../text/types.js';
import { AdvError } from '../base/errors.js';
import { load, type TextClassifier } from '../inference/inference.js';
import { exampleCounter, type Watch } from '../base/events.js';
import { noExample } from '../text/encode.js';
import type { LoadedModel, ScoredExamples } from './model.js';
import { selectedModelOfExport } from './selection.js';

/** Examples held at once; the classifier cuts them into batches itself. */
const chunk = 256;

/** Least probability that float32 can tell from 0: below it a loss is that of this probability, about 103 nats. */
const leastProbability = 2 ** -149;

/**
 * Opens an exported model, which onnxruntime computes.
 *
 * @throws AdvError MODEL when the file is no model of this package or onnxruntime-node is not installed
 */
export async function openOnnxModel(path: string, threads?: number): Promise<LoadedModel> {
  const classifier = await load(path, threads === undefined ? {} : { threads });
  const { training } = classifier.metadata;
  const seedOf = (name: string): number => (typeof training[name] === 'number' ? training[name] : 1);
  return {
    labels: classifier.labels,
    trainedOn: undefined,
    seeds: { seed: seedOf('seed'), splitSeed: seedOf('splitSeed') },
    get selected() {
      return selectedModelOfExport(training);
    },
    classify: (texts, signal) => classifier.classify(texts, signal && { signal }),
    score: (examples, watch) => score(classifier, examples, watch),
    dispose: () => classifier.dispose(),
  };
}

async function* score(
  classifier: TextClassifier,
  examples: AsyncIterable<Example>,
  watch: Watch,
): AsyncGenerator<ScoredExamples> {
  const { signal } = watch;
  const report = exampleCounter(watch, 'evaluating');
  let any = false;
  for await (const part of inGroups(withPauses(examples, signal), chunk)) {
    any = true;
    const texts = part.map((example) => example.text);
    const results = await classifier.classify(texts, signal && { signal });
    const losses = results.map(({ probabilities }, place) => {
      const probability = probabilities[part[place]?.label ?? ''] ?? 0;
      return -Math.log(Math.max(probability, leastProbability));
    });
    report(part.length);
    yield {
      exampleIds: part.map(({ id }) => id),
      labels: Int32Array.from(part, (example) => placeOf(classifier.labels, example)),
      predictions: Int32Array.from(results, ({ label }) => classifier.labels.indexOf(label)),
      losses: Float64Array.from(losses),
    };
  }
  if (!any) throw noExample();
}

function placeOf(labels: readonly string[], { label, id }: Example): number {
  const place = labels.indexOf(label);
  if (place >= 0) return place;
  throw new AdvError(
    'DATA_MALFORMED',
    `${id}: expected one of the model's labels ${labels.join(', ')}, got '${label}'`,
    'Evaluate the model on data with the labels that it was trained on.',
  );
}
