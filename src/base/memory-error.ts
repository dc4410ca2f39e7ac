import { AdvError } from './errors.js';
import { errorCode } from './system-error.js';

/** What JavaScript says when the system gives no more memory for an array. */
const noArray = /^(Array buffer allocation failed|Invalid typed array length)/u;

/** What onnxruntime says then. */
const noBuffer = /Failed to allocate memory for requested buffer of size \d+|(?:std::)?bad_alloc/u;

/** A lack of memory, wherever it was found, as an error for users; every other error comes back as it is. */
export function asMemoryError(error: unknown): unknown {
  if (error instanceof AdvError || !(error instanceof Error)) return error;
  const [lack] = noBuffer.exec(error.message) ?? [];
  if (lack !== undefined) {
    return new AdvError('NATIVE', `there is no memory for onnxruntime (${lack})`, runtimeHint, {
      cause: error,
    });
  }
  const native = errorCode(error) === 'OUT_OF_MEMORY';
  if (!native && !(error instanceof RangeError && noArray.test(error.message))) return error;
  const message = native ? error.message : `there is no memory for an array (${error.message})`;
  return new AdvError('NATIVE', message, memoryHint, { cause: error });
}

/**
 * A lack of memory for one part of a work, as an error for users; every other error comes back as it is.
 *
 * @param part what there is no memory for
 * @param less what takes less, as the end of a sentence
 */
export function asMemoryErrorOf(error: unknown, part: string, less: string): unknown {
  const lack = asMemoryError(error);
  if (!(lack instanceof AdvError) || !isMemoryError(lack)) return error;
  return new AdvError('NATIVE', `${part}: ${lack.message}`, `${moreMemory}${less}`, { cause: error });
}

/** Whether an error for users tells of a lack of memory. */
export function isMemoryError(error: AdvError): boolean {
  return error.code === 'NATIVE' && error.hint?.startsWith(moreMemory) === true;
}

const moreMemory = 'Give the process more memory, or ';

const memoryHint =
  `${moreMemory}take less: a smaller model (--size small; in a program hiddenSize, embeddingSize), fewer ` +
  'words (--limit; vocabularySize), smaller batches (--batch-size) or shorter texts (--max-tokens).';

/** An exported model has its size, and its batches have theirs. */
const runtimeHint = `${moreMemory}take less: shorter texts or a smaller model.`;
