import { AdvError } from './errors.js';
import type { Watch } from './events.js';
import { asInterruption } from './interruption.js';

/**
 * Does one stage of a long work: tells that it begins, and is named where it is interrupted.
 *
 * @param text what is done, such as 'reading dsl'
 * @throws what the stage throws; AdvError INTERRUPTED that names it in place of what the signal made a callee throw
 */
export async function inStage<Result>(
  text: string,
  { signal, onProgress }: Watch,
  stage: () => Promise<Result>,
): Promise<Result> {
  onProgress?.({ kind: 'stage', text });
  try {
    return await stage();
  } catch (error) {
    const ended = asInterruption(error, signal);
    if (!(ended instanceof AdvError) || ended.code !== 'INTERRUPTED') throw error;
    throw new AdvError('INTERRUPTED', `${text} was interrupted`, ended.hint, { cause: error });
  }
}
