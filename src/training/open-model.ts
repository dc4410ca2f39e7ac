import { stat } from 'node:fs/promises';
import { isReadable } from '../files/files.js';
import { systemReason } from '../base/system-error.js';
import { AdvError } from '../base/errors.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import type { LoadedModel } from './model.js';

/**
 * Opens a finished run, which the native engine computes, or an ONNX model, which onnxruntime computes.
 *
 * @param path a run directory or a .onnx file
 * @param threads compute threads
 * @throws AdvError RUN_DIRECTORY, CHECKPOINT, MODEL, or NATIVE for a run that the engine cannot compute here
 */
export async function openModel(path: string, threads?: number): Promise<LoadedModel> {
  const facts = await stat(path).catch((error: unknown) => {
    throw new AdvError(
      'MODEL',
      `expected a run directory or a .onnx file, got ${path}: ${systemReason(error)}`,
      'Give the directory that `npx advnative train` printed at its end, or a model that it exported, such as RUN/model.onnx.',
      { cause: error },
    );
  });
  // Each kind is loaded on demand: a run needs no onnxruntime, and a model file no native addon.
  if (!facts.isDirectory()) return (await import('./onnx-model.js')).openOnnxModel(path, threads);
  const { openRunModel } = await import('./run-model.js');
  try {
    return await openRunModel(path, threads);
  } catch (error) {
    throw await withExportedModel(error, path);
  }
}

/** Where the engine is what is missing, the same error with a hint at the run's exported model, if it has one. */
async function withExportedModel(error: unknown, run: string): Promise<unknown> {
  if (!(error instanceof AdvError) || error.code !== 'NATIVE') return error;
  const { model } = (await import('./run-paths.js')).runPaths(run);
  if (!(await isReadable(model))) return error;
  const hint = `Or give the model that the run exported, which needs no addon: ${shellQuoted(model)}`;
  return new AdvError('NATIVE', error.message, error.hint === undefined ? hint : `${error.hint}\n${hint}`, {
    cause: error,
  });
}
