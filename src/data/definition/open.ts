import { AdvError } from '../../errors.js';
import { ownDataDefaults } from '../defaults.js';
import { ExampleGroups } from '../example-groups.js';
import { describeFiles } from '../files.js';
import { Growing } from '../growing.js';
import { noneSkipped } from '../malformed.js';
import { sealed } from '../sealed.js';
import { drain } from '../streaming.js';
import { openSuppliedSplits } from '../supplied-splits.js';
import type { Dataset, DatasetFile, Example, Level, OpenDatasetOptions, OpenSplit } from '../types.js';
import { openUnsplit } from '../unsplit.js';
import { shown } from './check.js';
import type { DatasetDefinition, ReadContext, ReadExamples } from './definition.js';
import { SteadyStream } from './steady-stream.js';

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
  const { name, labels, level = 'word', language, licence, citation, examples } = definition;
  const files = await filesOf(definition, origin, context);
  const facts = { name, files, language, licence, citation, notes: [] };
  const base = { name, labels, level, defaults: defaultsOf(definition), facts };
  const stream = (read: ReadExamples, split: string): OpenSplit => {
    const steady = new SteadyStream(read, labels, `${origin}, ${split}`, context);
    return () => steady.open();
  };
  if (typeof examples === 'function') {
    return openUnsplit({ ...base, read: stream(examples, 'examples'), skipped: () => noneSkipped }, options);
  }
  const train = stream(examples.train, 'train');
  const valid = examples.valid && stream(examples.valid, 'valid');
  const test = examples.test && stream(examples.test, 'test');
  // Each is read to its end once, so that what is wrong with it shows before training begins.
  if (valid) await drain(valid());
  if (test) await drain(test());
  const groups = new ExampleGroups();
  const ids = await labelsOf(train(), labels, valid === undefined ? groups : undefined);
  const { notes, ...splits } = openSuppliedSplits(
    { path: name, names: labels, labels: ids, skipped: noneSkipped, train, valid: valid ?? groups },
    options,
  );
  return { ...base, ...splits, test: test && sealed(test), facts: { ...facts, notes }, skipped: noneSkipped };
}

/** Class id of each example; `groups` takes the texts, where it matters which are equal. */
async function labelsOf(
  examples: AsyncIterable<Example>,
  labels: readonly string[],
  groups: ExampleGroups | undefined,
): Promise<Int16Array> {
  const ids = new Map(labels.map((label, id) => [label, id]));
  const found = new Growing(labels.length);
  for await (const { text, label } of examples) {
    groups?.add(text);
    found.push(ids.get(label) ?? 0);
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
      `the dataset '${origin}': expected files() to return a list of paths, got ${shown(paths)}`,
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
