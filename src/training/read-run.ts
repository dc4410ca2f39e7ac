import { readFile, stat } from 'node:fs/promises';
import { isMissing, systemReason } from '../base/system-error.js';
import { Vocabulary } from '../text/vocabulary.js';
import { AdvError } from '../base/errors.js';
import { parseJson } from '../base/json.js';
import { anyText } from '../base/rules.js';
import { checked, kept, listOf } from '../base/schema.js';
import { runPaths, type RunPaths } from './run-paths.js';
import { parseRecord, type RunRecord } from './run-record.js';

const tokensSchema = listOf(kept(anyText));

/**
 * run.json of a run directory.
 *
 * @throws AdvError RUN_DIRECTORY when there is none or it is damaged
 */
export async function readRecord(directory: string): Promise<RunRecord> {
  const path = runPaths(directory).record;
  const content = await readFile(path).catch(async (error: unknown) => {
    throw new AdvError(
      'RUN_DIRECTORY',
      `expected a run directory, got ${directory}${await whyNoRun(directory, error)}`,
      'A run directory is what `npx advnative train` made; its path is printed at the end of the run.',
      { cause: error },
    );
  });
  return parseRecord(path, content);
}

/**
 * Does what the record of a run asks for: what would be wrong usage of an option is a fault of run.json, or of what it names.
 *
 * @throws AdvError RUN_DIRECTORY in place of USAGE; else what the work throws
 */
export async function byRecord<Result>(directory: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AdvError) || error.code !== 'USAGE') throw error;
    throw new AdvError(
      'RUN_DIRECTORY',
      `${runPaths(directory).record} asks for what cannot be done: ${error.message}`,
      'Restore it, or what it names, from a copy, or begin a new run.',
      { cause: error },
    );
  }
}

/** Goes on after the path of what should be a run directory, whose run.json gave an error. */
async function whyNoRun(directory: string, error: unknown): Promise<string> {
  try {
    if (!(await stat(directory)).isDirectory()) return ', which is no folder';
  } catch (missing) {
    return `: ${systemReason(missing)}`;
  }
  return isMissing(error)
    ? ', which holds no run.json'
    : `, whose run.json cannot be read: ${systemReason(error)}`;
}

/**
 * The vocabulary of a run.
 *
 * @returns undefined when the run was stopped before it was stored
 * @throws AdvError CHECKPOINT when it is damaged
 */
export async function readVocabulary({ vocabulary: path }: RunPaths): Promise<Vocabulary | undefined> {
  const refuse = (problem: string, cause?: unknown): AdvError =>
    new AdvError(
      'CHECKPOINT',
      `the vocabulary ${path} is damaged: ${problem}`,
      'Restore it from a copy, or begin a new run.',
      { cause },
    );
  const content = await readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw refuse(systemReason(error), error);
  });
  if (content === undefined) return undefined;
  const tokens = checked(tokensSchema, parseJson(content, refuse), refuse);
  try {
    return Vocabulary.fromTokens(tokens);
  } catch (error) {
    throw error instanceof AdvError ? refuse(error.message, error) : error;
  }
}
