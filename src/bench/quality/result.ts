import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AdvError } from '../../base/errors.js';
import { parseJson } from '../../base/json.js';
import { anyNumber, anyText, integer, textOrNumber } from '../../base/rules.js';
import { checked, fields, kept, listOf, recordOf, type Kept } from '../../base/schema.js';
import { writeAtomically } from '../../base/storage/atomic-file.js';
import { shellQuoted } from '../../base/storage/shell-path.js';
import { isMissing, systemReason } from '../../base/system-error.js';
import { summaryFields } from '../../training/run-record.js';

const count = kept(integer(0));
const measured = kept(anyNumber);
const words = kept(anyText);

const scoreSchema = fields({
  ...summaryFields,
  /** Expected calibration error, see calibrationError(). */
  calibrationError: measured,
});

/** What a system reaches on a split. */
export interface QualityScore extends Kept<typeof scoreSchema> {}

const resultSchema = fields({
  dataset: words,
  system: words,
  seed: count,
  /** What the system was told besides data, seed and threads. */
  options: listOf(words),
  examples: fields({ train: count, valid: count, test: count }),
  /** C */
  classes: count,
  valid: scoreSchema,
  test: scoreSchema,
  /** Wall time from the start of its first program to the end of its last: reading, learning, scoring validation and test data. */
  seconds: measured,
  /** Of all threads in that time. */
  cpuSeconds: measured,
  /** Most resident memory of one of its programs. */
  peakBytes: count,
  /** Of the files that predicting needs, as the system writes them. */
  modelBytes: count,
  machine: recordOf(kept(textOrNumber)),
  /** What a reader of these numbers must know of the data. */
  notes: listOf(words),
});

/** What one system reached on one dataset with one seed. */
export interface QualityResult extends Kept<typeof resultSchema> {}

/** Which result is meant. */
export type ResultKey = Pick<QualityResult, 'dataset' | 'system' | 'seed' | 'options'>;

/** A key as it is shown: `dsl:10000, svm, seed 1`. */
export function keyName({ dataset, system, seed }: ResultKey): string {
  return `${dataset}, ${system}, seed ${seed}`;
}

/** The file of a result: a folder a dataset. */
function resultPath(folder: string, { dataset, system, seed }: ResultKey): string {
  const name = (text: string): string => text.replaceAll(/[^\p{L}\p{N}+._-]/gu, '-');
  return join(folder, name(dataset), `${name(system)}-seed${seed}.json`);
}

/**
 * The result that lies in a folder of results.
 *
 * @returns undefined where there is none yet
 * @throws AdvError USAGE when it is one of other options, STORAGE when it cannot be read or is no result
 */
export async function findResult(folder: string, key: ResultKey): Promise<QualityResult | undefined> {
  const path = resultPath(folder, key);
  const content = await readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    const reason = systemReason(error);
    throw new AdvError('STORAGE', `${path} cannot be read: ${reason}`, undefined, { cause: error });
  });
  if (content === undefined) return undefined;
  const found = parseResult(path, content);
  if (found.options.join(' ') === key.options.join(' ')) return found;
  throw new AdvError(
    'USAGE',
    `${path} has the result of '${found.options.join(' ')}', expected that of '${key.options.join(' ')}'`,
    `Remove it, choose another --out, or give the setting another name.`,
  );
}

/**
 * Writes a result, and the folder it needs.
 *
 * @throws AdvError STORAGE
 */
export async function storeResult(folder: string, result: QualityResult): Promise<void> {
  const path = resultPath(folder, result);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, [`${JSON.stringify(result, undefined, 2)}\n`]);
}

/**
 * All results of a folder, which may have none and need not exist.
 *
 * @throws AdvError STORAGE when one cannot be read
 */
export async function readResults(folder: string): Promise<QualityResult[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const results: QualityResult[] = [];
  for (const name of names.filter((one) => one.endsWith('.json')).toSorted()) {
    const path = join(folder, name);
    results.push(parseResult(path, await readFile(path)));
  }
  return results;
}

/**
 * The same of a folder that is to have some.
 *
 * @throws AdvError USAGE when it has none, STORAGE
 */
export async function requireResults(folder: string): Promise<QualityResult[]> {
  const results = await readResults(folder);
  if (results.length > 0) return results;
  throw new AdvError(
    'USAGE',
    `expected a folder with results, got ${folder}, which has none`,
    `Make some: npm run bench:quality -- --out ${shellQuoted(folder)}`,
  );
}

function parseResult(path: string, content: Buffer): QualityResult {
  const refuse = (problem: string): AdvError =>
    new AdvError('STORAGE', `${path} is no result: ${problem}`, 'Remove it, so that it is measured anew.');
  return checked(resultSchema, parseJson(content, refuse), refuse);
}
