import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { shellQuoted } from '../base/storage/shell-path.js';

/** Where the parts of a run lie. */
export interface RunPaths {
  readonly directory: string;
  readonly record: string;
  readonly history: string;
  readonly losses: string;
  readonly model: string;
  readonly checkpoint: string;
  readonly vocabulary: string;
  readonly ngrams: string;
  readonly lock: string;
}

/** The paths of a run directory. */
export function runPaths(directory: string): RunPaths {
  return {
    directory,
    record: join(directory, 'run.json'),
    history: join(directory, 'history.jsonl'),
    losses: join(directory, 'test-losses.csv'),
    model: join(directory, 'model.onnx'),
    checkpoint: join(directory, 'checkpoint', 'last.safetensors'),
    vocabulary: join(directory, 'checkpoint', 'vocabulary.json'),
    ngrams: join(directory, 'checkpoint', 'ngrams.safetensors'),
    lock: join(directory, 'lock'),
  };
}

/** Where runs go that the user gave no place. */
export const defaultParent = 'runs';

/**
 * The folder that exists and is nearest to where a run directory will be: on the disk whose space the run uses anyway,
 * for what it has to put down before the directory itself is made.
 */
export async function nearestFolder(path: string): Promise<string> {
  const facts = await stat(path).catch(() => undefined);
  const above = dirname(path);
  return facts?.isDirectory() || above === path ? path : nearestFolder(above);
}

/** The command that continues a run, as a hint. */
export function resumeHint(directory: string): string {
  return `Continue it with: npx advnative train --resume ${shellQuoted(directory)}`;
}
