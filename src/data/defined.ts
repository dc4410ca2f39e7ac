import { AdvError } from '../errors.js';
import { ownDataDefaults } from './defaults.js';
import type { DatasetDefinition, ReadContext, ReadExamples } from './definition.js';
import { holdOut } from './draw.js';
import { digestFile } from './files.js';
import { Growing } from './growing.js';
import { Random } from './random.js';
import { sealed } from './sealed.js';
import { select, withPauses } from './streaming.js';
import { drawTraining } from './training-draw.js';
import { openUnsplit } from './unsplit.js';
import type { Dataset, DatasetFile, Example, Level, OpenDatasetOptions } from './types.js';

/** Share of the training examples that validates where a definition has no validation part. */
const heldOutShare = 0.1;

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
  const { ADVNATIVE_DATA: named } = process.env;
  const dataDir = options.dataDir ?? (named === '' ? undefined : named);
  const context: ReadContext = { dataDir, signal };
  const { name, labels, level = 'word', licence, citation, examples } = definition;
  const facts = { name, files: await describeFiles(definition, context), licence, citation, notes: [] };
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
  { limit, seed, splitSeed = 1 }: OpenDatasetOptions,
): Promise<Dataset> {
  const { name, labels } = base;
  const all = await labelsOf(train(), labels);
  const heldOut =
    valid === undefined
      ? holdOut(all, labels.length, heldOutShare, new Random(splitSeed, name, 'validation'))
      : undefined;
  const trainLabels = all.map((label, place) => (heldOut?.[place] === 1 ? -1 : label));
  const draw = drawTraining({ path: name, names: labels, labels: trainLabels }, limit, seed);
  const count = heldOut?.reduce((sum, mark) => sum + mark, 0);
  const notes =
    count === undefined
      ? []
      : [`validation data: ${count} training examples, stratified and drawn by split seed ${splitSeed}`];
  return {
    ...base,
    train: () => select(train(), (place) => heldOut?.[place] !== 1 && (draw.wanted?.[place] ?? 1) === 1),
    valid: valid ?? (() => select(train(), (place) => heldOut?.[place] === 1)),
    test: test && sealed(test),
    facts: { ...base.facts, notes: [...base.facts.notes, ...notes, ...draw.notes] },
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

async function describeFiles(definition: DatasetDefinition, context: ReadContext): Promise<DatasetFile[]> {
  const described: DatasetFile[] = [];
  for (const name of definition.files?.(context) ?? []) {
    const { bytes, sha256 } = await digestFile(name, context.signal);
    described.push({ name, bytes, sha256 });
  }
  return described;
}

function defaultsOf({ defaults }: DatasetDefinition): Dataset['defaults'] {
  const of = (level: Level) => ({ ...ownDataDefaults[level], ...defaults?.[level] });
  return { char: of('char'), word: of('word') };
}
