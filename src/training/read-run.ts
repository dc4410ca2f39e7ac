import { readFile, stat } from 'node:fs/promises';
import { isMissing, systemReason } from '../base/system-error.js';
import { Vocabulary } from '../text/vocabulary.js';
import { AdvError } from '../base/errors.js';
import { runPaths, type RunPaths } from './run-paths.js';
import { parseRecord, type RunRecord } from './run-record.js';

/**
 * run.json of a run directory.
 *
 * @throws AdvError RUN_DIRECTORY when there is none or it is damaged
 */
export async function readRecord(directory: string): Promise<RunRecord> {
  const path = runPaths(directory).record;
  const text = await readFile(path, 'utf8').catch(async (error: unknown) => {
    throw new AdvError(
      'RUN_DIRECTORY',
      `expected a run directory, got ${directory}${await whyNoRun(directory, error)}`,
      'A run directory is what `npx advnative train` made; its path is printed at the end of the run.',
      { cause: error },
    );
  });
  return parseRecord(path, text);
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
export async function readVocabulary(paths: RunPaths): Promise<Vocabulary | undefined> {
  try {
    const tokens: unknown = JSON.parse(await readFile(paths.vocabulary, 'utf8'));
    if (!Array.isArray(tokens) || !tokens.every((token) => typeof token === 'string')) {
      throw new TypeError('expected a list of strings');
    }
    return Vocabulary.fromTokens(tokens);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new AdvError(
      'CHECKPOINT',
      `the vocabulary ${paths.vocabulary} is damaged: ${String(error)}`,
      'Restore it from a copy, or begin a new run.',
      { cause: error },
    );
  }
}
