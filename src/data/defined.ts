import { AdvError } from '../errors.js';
import { ownDataDefaults } from './defaults.js';
import type { DatasetDefinition, ReadContext, ReadExamples } from './definition.js';
import { describeFiles } from './files.js';
import { Growing } from './growing.js';
import { sealed } from './sealed.js';
import { withPauses } from './streaming.js';
import { openSuppliedSplits } from './supplied-splits.js';
import { openUnsplit } from './unsplit.js';
import type { Dataset, Example, Level, OpenDatasetOptions } from './types.js';

/**
 * Opens a dataset that a package of its users defines. Every example is checked as it comes.
 *
 * @param origin the package or file, for messages
 * @throws AdvError DATA_MALFORMED when an example is none or has an unknown label, DATA_MISSING when a file that the definition
 * names cannot be read, USAGE for a limit above what exists; and what the definition itself throws
 */
export async function openDefined(
  definition: DatasetDefinition,
  origin: string,
  options: OpenDatasetOptions,
): Promise<Dataset> {
  const { signal } = options;
  const { ADVNATIVE_DATA: variable } = process.env;
  const dataDir = options.dataDir ?? (variable === '' ? undefined : variable);
  const context: ReadContext = { dataDir, signal };
  const { name, labels, level = 'word', licence, citation, examples } = definition;
  const named = (definition.files?.(context) ?? []).map((path) => ({ name: path, path }));
  const facts = { name, files: await describeFiles(named, signal), licence, citation, notes: [] };
  const base = { name, labels, level, defaults: defaultsOf(definition), facts };
  const checked = (read: ReadExamples, split: string) => () =>
    withPauses(checkExamples(read(context), labels, `${origin}, ${split}`), signal);
  if (typeof examples === 'function') {
    return openUnsplit({ ...base, read: checked(examples, 'examples'), skipped: () => [] }, options);
  }
  const { train, valid, test } = examples;
  return openSplits(
    base,
    {
      train: checked(train, 'train'),
      valid: valid && checked(valid, 'valid'),
      test: test && checked(test, 'test'),
    },
    options,
  );
}

/** Splits as a definition has them. */
type DefinedSplits = Record<'train', () => AsyncIterable<Example>> &
  Record<'valid' | 'test', (() => AsyncIterable<Example>) | undefined>;

async function openSplits(
  base: Pick<Dataset, 'name' | 'labels' | 'level' | 'defaults' | 'facts'>,
  { train, valid, test }: DefinedSplits,
  options: OpenDatasetOptions,
): Promise<Dataset> {
  const { notes, ...splits } = openSuppliedSplits(
    { path: base.name, names: base.labels, labels: await labelsOf(train(), base.labels), train, valid },
    options,
  );
  return {
    ...base,
    ...splits,
    test: test && sealed(test),
    facts: { ...base.facts, notes: [...base.facts.notes, ...notes] },
    skipped: [],
  };
}

async function labelsOf(examples: AsyncIterable<Example>, labels: readonly string[]): Promise<Int16Array> {
  const ids = new Map(labels.map((label, id) => [label, id]));
  const found = new Growing(labels.length);
  for await (const { label } of examples) found.push(ids.get(label) ?? 0);
  return Int16Array.from(found.view());
}

/** What comes from a package is what its author wrote: the compiler may never have seen it. */
async function* checkExamples(
  examples: AsyncIterable<unknown> | Iterable<unknown>,
  labels: readonly string[],
  where: string,
): AsyncGenerator<Example, void, undefined> {
  const known = new Set<unknown>(labels);
  let number = 0;
  for await (const example of examples) {
    number++;
    const { id, text, label } = (example ?? {}) as Partial<Record<keyof Example, unknown>>;
    if (typeof id !== 'string' || typeof text !== 'string' || text.trim() === '') {
      throw wrongExample(where, number, '{ id, text, label } of strings, the text not empty', example);
    }
    if (!known.has(label)) throw wrongExample(where, number, `a label among ${labels.join(', ')}`, label);
    yield { id, text, label: label as string };
  }
}

function wrongExample(where: string, number: number, expected: string, got: unknown): AdvError {
  const shown = JSON.stringify(got) as string | undefined;
  return new AdvError(
    'DATA_MALFORMED',
    `${where}, example ${number}: expected ${expected}, got ${shown?.slice(0, 100) ?? 'nothing'}`,
    'The dataset’s definition gives it: correct it there.',
  );
}

function defaultsOf({ defaults }: DatasetDefinition): Dataset['defaults'] {
  const of = (level: Level) => ({ ...ownDataDefaults[level], ...defaults?.[level] });
  return { char: of('char'), word: of('word') };
}
