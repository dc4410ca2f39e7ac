import { at } from '../base/at.js';
import { inGroups, withPauses } from '../base/streaming.js';
import type { Example } from '../text/types.js';
import { AdvError } from '../base/errors.js';
import { load, type Classification, type TextClassifier } from '../inference/inference.js';
import { squaredError } from '../statistics/loss.js';
import type { LossName } from '../statistics/loss-names.js';
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
  const loss = training['loss'] === 'squared' ? 'squared' : 'cross-entropy';
  const seedOf = (name: string): number => (typeof training[name] === 'number' ? training[name] : 1);
  return {
    labels: classifier.labels,
    loss,
    trainedOn: undefined,
    seeds: { seed: seedOf('seed'), splitSeed: seedOf('splitSeed') },
    get selected() {
      return selectedModelOfExport(training);
    },
    classify: (texts, signal) => classifier.classify(texts, signal && { signal }),
    score: (examples, watch) => score(classifier, examples, watch, loss),
    dispose: () => classifier.dispose(),
  };
}

async function* score(
  classifier: TextClassifier,
  examples: AsyncIterable<Example>,
  watch: Watch,
  loss: LossName,
): AsyncGenerator<ScoredExamples> {
  const { signal } = watch;
  const report = exampleCounter(watch, 'evaluating');
  let any = false;
  for await (const part of inGroups(withPauses(examples, signal), chunk)) {
    any = true;
    const texts = part.map((example) => example.text);
    const how = signal && { signal };
    const labels = Int32Array.from(part, (example) => placeOf(classifier.labels, example));
    const scored =
      loss === 'squared'
        ? squaredErrors(await classifier.logits(texts, how), labels)
        : crossEntropies(await classifier.classify(texts, how), labels, classifier.labels);
    report(part.length);
    yield {
      exampleIds: part.map(({ id }) => id),
      labels,
      ...scored,
    };
  }
  if (!any) throw noExample();
}

type Scored = Pick<ScoredExamples, 'losses' | 'predictions'>;

function crossEntropies(
  results: readonly Classification[],
  labels: Int32Array,
  names: readonly string[],
): Scored {
  const losses = results.map(({ probabilities }, place) => {
    const probability = probabilities[at(names, at(labels, place))] ?? 0;
    return -Math.log(Math.max(probability, leastProbability));
  });
  return {
    losses: Float64Array.from(losses),
    predictions: Int32Array.from(results, ({ label }) => names.indexOf(label)),
  };
}

/** Of the sigmoid of each logit: probabilities, which are normalised, do not tell it. */
function squaredErrors(logits: readonly Float32Array[], labels: Int32Array): Scored {
  return {
    losses: Float64Array.from(logits, (row, place) =>
      squaredError(
        Array.from(row, (logit) => 1 / (1 + Math.exp(-logit))),
        at(labels, place),
      ),
    ),
    predictions: Int32Array.from(logits, (row) => row.indexOf(Math.max(...row))),
  };
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
