import { openLabelledFile, type OpenedFile } from '../datasets/catalogue.js';
import { describeSkipped } from '../datasets/splits/training-draw.js';
import { refuseDataFile } from '../files/data-file.js';
import { namesFile } from '../files/file-name.js';
import { columnsOf } from '../files/columns.js';
import { formOf, formOptionNames } from '../files/record.js';
import type { Dataset } from '../datasets/types.js';
import type { Example } from '../text/types.js';
import { AdvError } from '../base/errors.js';
import { writeLosses } from './loss-file.js';
import { ClassificationTally, type ClassificationMetrics } from '../statistics/metrics.js';
import type { Warning } from '../base/warnings.js';
import { checkOptions } from '../base/check-options.js';
import { flagOf, pick, writtenFlag, type OptionsOf } from '../base/option.js';
import { text } from '../base/rules.js';
import type { Watch } from '../base/events.js';
import { asInterruption } from '../base/interruption.js';
import { drain } from '../base/streaming.js';
import { lossRows, type Scorer } from './loss-rows.js';
import { counted } from './score.js';
import { openModel } from './open-model.js';
import type { LoadedModel } from './model.js';
import { trainOptions } from '../recipe/table.js';
import { filesOfRun, requireNoInput, requireOutput } from './output-file.js';
import { openSource, reportSkipped, reportWarnings, type SourceOptions } from './prepare.js';
import { byRecord } from './read-run.js';
import { runPaths } from './run-paths.js';
import { requireSameData } from './run-facts.js';

const lossesFlag = '--losses';

const evaluateOptions = {
  ...pick(
    trainOptions,
    'dataset',
    'test',
    ...formOptionNames,
    'dataDir',
    'threads',
    'onMalformed',
    'offline',
  ),
  /** Where to write the loss of each example, as test-losses.csv does; nowhere when left out. */
  losses: { flag: lossesFlag, rule: text },
};

/** What evaluate() takes. Without `dataset` and `test`, a run is evaluated on the test part of its own data. */
export interface EvaluateOptions extends OptionsOf<typeof evaluateOptions> {}

/** What evaluate() returns and `evaluate --json` prints. */
export interface EvaluationResult extends ClassificationMetrics {
  readonly model: string;
  /** Name of the dataset or file. */
  readonly data: string;
  /** What is likely wrong with that file. */
  readonly warnings: readonly Warning[];
}

/**
 * Computes losses, accuracy, F1 and the confusion matrix of a trained model on labelled data.
 *
 * @param runOrModel a finished run's directory or a .onnx file
 * @throws AdvError of any code but NOT_FINITE
 */
export async function evaluate(
  runOrModel: string,
  options: EvaluateOptions = {},
  watch: Watch = {},
): Promise<EvaluationResult> {
  checkEvaluateOptions(options);
  await checkLosses(runOrModel, options);
  const model = await openModel(runOrModel, options.threads);
  try {
    await keepDataOfRun(model, options);
    const { name, examples, reading } = await openData(runOrModel, model, { options, watch });
    const tally = new ClassificationTally(model.labels);
    const score: Scorer = (texts) => counted(model.score(texts, watch), tally);
    const some = atLeastOne(examples, name, reading);
    if (options.losses === undefined) await drain(score(some));
    else await writeLosses(options.losses, lossRows(some, score, model.labels), model.loss);
    const { notes, skipped, warnings } = reading;
    notes.forEach((text) => watch.onProgress?.({ kind: 'notice', text }));
    reportSkipped(skipped, watch);
    reportWarnings(warnings, watch);
    return { model: runOrModel, data: name, ...tally.metrics(), warnings };
  } catch (error) {
    throw asInterruption(error, watch.signal);
  } finally {
    await model.dispose();
  }
}

/** The examples; where there is none, an error that says which lines were left out. */
async function* atLeastOne(
  examples: AsyncIterable<Example>,
  name: string,
  reading: OpenedData['reading'],
): AsyncGenerator<Example, void, undefined> {
  let any = false;
  for await (const example of examples) {
    any = true;
    yield example;
  }
  if (any) return;
  const problem = `${name}: expected at least one example, got none${describeSkipped(reading)}`;
  throw new AdvError('DATA_MALFORMED', problem, 'Check the data file.');
}

function checkEvaluateOptions(options: EvaluateOptions): void {
  checkOptions(options, evaluateOptions);
  if (options.dataset !== undefined && options.test !== undefined) {
    throw new AdvError('USAGE', 'expected either --dataset or --test, got both', 'Leave one of them out.');
  }
  if (options.dataset !== undefined) refuseDataFile(options.dataset, flagOf(evaluateOptions.test));
  const orphan = formOptionNames.find((name) => options[name] !== undefined);
  if (orphan !== undefined && options.test === undefined) {
    throw new AdvError(
      'USAGE',
      `expected --test FILE with ${writtenFlag(evaluateOptions[orphan], options[orphan])}, got none`,
      'It says how that file is read; datasets and the data of a run have their own format.',
    );
  }
  columnsOf(options);
}

/** The test losses of a run are made of its own test data, and compare() takes them for that. */
async function checkLosses(runOrModel: string, { losses, dataset, test }: EvaluateOptions): Promise<void> {
  if (losses === undefined) return;
  const inputs = [
    { what: 'the model', path: runOrModel },
    { what: flagOf(evaluateOptions.test), path: test },
    {
      what: flagOf(evaluateOptions.dataset),
      path: dataset !== undefined && namesFile(dataset) ? dataset : undefined,
    },
  ];
  const own = dataset === undefined && test === undefined ? runPaths(runOrModel).losses : undefined;
  await requireOutput({ flag: lossesFlag, path: losses }, inputs, own);
}

/** Which data a run was trained on is known only once it is open. */
async function keepDataOfRun({ trainedOn }: LoadedModel, { losses }: EvaluateOptions): Promise<void> {
  if (losses === undefined || trainedOn === undefined) return;
  await requireNoInput({ flag: lossesFlag, path: losses }, filesOfRun(trainedOn.data));
}

interface OpenedData {
  readonly name: string;
  readonly examples: AsyncIterable<Example>;
  /** What is known of them once they are read. */
  readonly reading: Pick<OpenedFile, 'skipped' | 'notes' | 'warnings'>;
}

async function openData(
  run: string,
  model: LoadedModel,
  { options, watch }: { readonly options: EvaluateOptions; readonly watch: Watch },
): Promise<OpenedData> {
  const { dataset: named, test, offline = false } = options;
  if (test !== undefined) {
    const { onMalformed = 'stop' } = options;
    const file = openLabelledFile(test, model.labels, {
      ...{ onMalformed, signal: watch.signal },
      ...formOf(options),
    });
    return { name: test, examples: file, reading: file };
  }
  const own = model.trainedOn;
  if (named === undefined && own === undefined) {
    throw new AdvError('USAGE', 'expected --dataset NAME or --test FILE with a model file, got neither');
  }
  const source: SourceOptions = {
    data: named === undefined && own ? own.data : { dataset: named ?? '' },
    limit: named === undefined ? (own?.limit ?? null) : null,
    seed: model.seeds.seed,
    splitSeed: model.seeds.splitSeed,
    dataDir: options.dataDir ?? own?.dataDir ?? null,
    onMalformed: options.onMalformed ?? own?.onMalformed ?? 'stop',
    offline,
  };
  const opening = (): Promise<Dataset> => openSource(source, watch);
  const dataset = await (named === undefined ? byRecord(run, opening) : opening());
  if (named === undefined && own) requireSameData(own.dataset, dataset.facts.files);
  if (dataset.test === undefined) {
    throw new AdvError('USAGE', `${dataset.name} has no test split`, 'Name a file with --test FILE.');
  }
  const examples = dataset.test.open(model.selected);
  return {
    name: dataset.name,
    examples,
    reading: {
      notes: [],
      warnings: [],
      get skipped() {
        return dataset.skipped;
      },
    },
  };
}
