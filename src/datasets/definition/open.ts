import { shownValue } from '../../base/shown.js';
import { AdvError } from '../../base/errors.js';
import { bestOfAny, type BestByExamples } from '../best.js';
import { ownDataDefaults } from '../defaults.js';
import { SplitSurvey } from '../doubts/survey.js';
import { withDoubts } from '../doubts/with-doubts.js';
import { ExampleGroups } from '../../text/example-groups.js';
import { describeFiles } from '../../files/files.js';
import { Growing } from '../../base/growing.js';
import type { SplitName } from '../split-names.js';
import { noneSkipped } from '../../files/malformed.js';
import { sealed } from '../sealed.js';
import { openSuppliedSplits } from '../splits/supplied-splits.js';
import type { Dataset, OpenDatasetOptions, OpenSplit } from '../types.js';
import type { DatasetFile } from '../../files/types.js';
import type { Example, Level } from '../../text/types.js';
import { openUnsplit } from '../splits/unsplit.js';
import type { DatasetDefinition, ReadContext, ReadExamples } from './definition.js';
import { steadyStream } from './steady-stream.js';

/**
 * Opens a dataset that a package of its users defines. Every example is checked as it comes.
 *
 * @param origin the package or file, for messages
 * @throws AdvError DATA_MALFORMED when an example is none, has an unknown label or the id of another, or a stream fails or is not the
 * same each time; DATA_MISSING when a file that the definition names cannot be read; USAGE for a limit above what exists
 */
export async function openDefined(
  definition: DatasetDefinition,
  origin: string,
  options: OpenDatasetOptions,
): Promise<Dataset> {
  const { ADVNATIVE_DATA: variable } = process.env;
  const dataDir = options.dataDir ?? (variable === '' ? undefined : variable);
  const context: ReadContext = { dataDir, signal: options.signal };
  const { name, labels, level, language, licence, citation, examples } = definition;
  const files = await filesOf(definition, origin, context);
  const facts = { name, files, language, licence, citation, notes: [] };
  const best = bestOf(definition);
  const base = { name, labels, level: 'word' as const, defaults: defaultsOf(definition), facts };
  const stream = (read: ReadExamples, split: string): OpenSplit =>
    steadyStream(read, labels, `${origin}, ${split}`, context);
  const survey = new SplitSurvey('train', { labels });
  if (typeof examples === 'function') {
    const read = stream(examples, 'examples');
    const dataset = await openUnsplit({ ...base, best, read, skipped: () => noneSkipped, survey }, options);
    return withDoubts({ ...dataset, level }, [{ survey }]);
  }
  const train = stream(examples.train, 'train');
  const valid = examples.valid && stream(examples.valid, 'valid');
  const test = examples.test && options.withoutTest !== true ? stream(examples.test, 'test') : undefined;
  const surveys = [survey];
  // Each is read to its end once, so that what is wrong with it shows before training begins.
  if (valid) surveys.push(await surveyOf('valid', valid));
  if (test) surveys.push(await surveyOf('test', test));
  const groups = new ExampleGroups();
  const ids = await labelsOf(train(), labels, { survey, groups: valid === undefined ? groups : undefined });
  const { notes, count, ...splits } = openSuppliedSplits(
    { path: name, names: labels, labels: ids, skipped: noneSkipped, train, valid: valid ?? groups },
    options,
  );
  const dataset = {
    ...base,
    ...splits,
    best: best(count),
    test: test && sealed(test),
    facts: { ...facts, notes },
  };
  return withDoubts(
    { ...dataset, level, skipped: noneSkipped },
    surveys.map((one) => ({ survey: one })),
  );
}

async function surveyOf(split: SplitName, read: OpenSplit): Promise<SplitSurvey> {
  const survey = new SplitSurvey(split);
  for await (const example of read()) survey.add(example);
  return survey;
}

/** Class id of each example; `into.groups` takes the texts, where it matters which are equal. */
async function labelsOf(
  examples: AsyncIterable<Example>,
  labels: readonly string[],
  into: { readonly survey: SplitSurvey; readonly groups: ExampleGroups | undefined },
): Promise<Int16Array> {
  const ids = new Map(labels.map((label, id) => [label, id]));
  const found = new Growing(labels.length);
  for await (const example of examples) {
    into.survey.add(example);
    into.groups?.add(example.text);
    found.push(ids.get(example.label) ?? 0);
  }
  return Int16Array.from(found.view());
}

/** @throws AdvError USAGE when the definition fails to name files, DATA_MISSING when one cannot be read */
async function filesOf(
  { files = () => [] }: DatasetDefinition,
  origin: string,
  context: ReadContext,
): Promise<DatasetFile[]> {
  let paths: unknown;
  try {
    paths = files(context);
  } catch (error) {
    paths = error;
  }
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string')) {
    throw new AdvError(
      'USAGE',
      `the dataset '${origin}': expected files() to return a list of paths, got ${shownValue(paths)}`,
      'The dataset’s definition gives it: correct it there.',
    );
  }
  return describeFiles(
    paths.map((path: string) => ({ name: path, path })),
    context.signal,
  );
}

function defaultsOf({ defaults }: DatasetDefinition): Dataset['defaults'] {
  const of = (level: Level) => ({ ...ownDataDefaults[level], ...defaults?.[level] });
  return { char: of('char'), word: of('word') };
}

/** What the definition says of its data stands above what is best for any. */
function bestOf({ defaults }: DatasetDefinition): BestByExamples {
  return (examples) => {
    const { char, word } = bestOfAny(examples);
    return { char: { ...char, ...defaults?.char }, word: { ...word, ...defaults?.word } };
  };
}
