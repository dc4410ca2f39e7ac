import type { SplitName } from '../split-names.js';
import { compareCodePoints } from '../../base/order.js';
import type { DatasetFile } from '../../files/types.js';
import type { Example } from '../../text/types.js';
import { shortExample, type Doubt } from './doubt.js';
import { ExampleSketch } from './example-sketch.js';
import { missingValueLabels } from './missing-values.js';
import { QuotedFields } from './quoted-fields.js';
import { sameData } from './same-data.js';
import { similarLabels, type SeenLabel } from './similar-labels.js';
import { singleExampleClasses } from './single-examples.js';
import { TextSample } from './text-sample.js';

/** A label while it is counted. */
interface CountedLabel extends SeenLabel {
  count: number;
}

/**
 * What is seen of a split's examples when they are read for the first time, so that no further pass is needed to tell what is likely wrong
 * with them. Its memory does not grow with the data: an example of each class, and samples.
 */
export class SplitSurvey {
  readonly split: SplitName;
  readonly sketch = new ExampleSketch();
  readonly #sample = new TextSample();
  readonly #labels = new Map<string, CountedLabel>();
  readonly #quoted: QuotedFields | undefined;

  /**
   * @param options.labels classes that are known before, whether or not an example has them
   * @param options.findQuotes for a file whose form has no quotes, so that those around a field are a mistake
   */
  constructor(
    split: SplitName,
    {
      labels = [],
      findQuotes = false,
    }: { readonly labels?: readonly string[]; readonly findQuotes?: boolean } = {},
  ) {
    this.split = split;
    this.#quoted = findQuotes ? new QuotedFields() : undefined;
    for (const label of labels) this.#labels.set(label, { count: 0, first: undefined });
  }

  add(example: Example): void {
    const known = this.#labels.get(example.label);
    if (known?.first !== undefined) known.count += 1;
    else this.#labels.set(example.label, { count: 1, first: shortExample(example) });
    this.#sample.add(example);
    this.sketch.add(example);
    this.#quoted?.add(example);
  }

  /** Some of the examples, of their texts the start. */
  get sample(): readonly Example[] {
    return this.#sample.examples;
  }

  /** What is likely wrong with the labels, sorted by code point. */
  labelDoubts(): Doubt[] {
    const labels = new Map([...this.#labels].sort(([one], [other]) => compareCodePoints(one, other)));
    return [...similarLabels(labels), ...missingValueLabels(labels), ...singleExampleClasses(labels)];
  }

  /** @param file for the message */
  quoteDoubts(file: string): Doubt[] {
    return this.#quoted?.doubts(file, this.split) ?? [];
  }
}

/** A split that was surveyed, and its file where it has one of its own. */
export interface SurveyedSplit {
  readonly survey: SplitSurvey;
  readonly file?: DatasetFile | undefined;
}

/**
 * What is likely wrong with surveyed splits.
 *
 * @param splits the training data, whose labels are the classes, and what else there is, in the order in which it is read
 */
export function surveyDoubts(splits: readonly SurveyedSplit[]): Doubt[] {
  return [
    ...splits.flatMap(({ survey, file }) => (file === undefined ? [] : survey.quoteDoubts(file.name))),
    ...(splits[0]?.survey.labelDoubts() ?? []),
    ...sameData(splits.map(({ survey, file }) => ({ split: survey.split, sketch: survey.sketch, file }))),
  ];
}
