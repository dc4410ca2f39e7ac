import { AdvError } from './errors.js';
import { errorCode } from './system-error.js';

/** What JavaScript says when the system gives no more memory for an array. */
const noArray = /^(Array buffer allocation failed|Invalid typed array length)/u;

/** A lack of memory, wherever it was found, as an error for users; every other error comes back as it is. */
export function asMemoryError(error: unknown): unknown {
  if (error instanceof AdvError || !(error instanceof Error)) return error;
  const native = errorCode(error) === 'OUT_OF_MEMORY';
  if (!native && !(error instanceof RangeError && noArray.test(error.message))) return error;
  const message = native ? error.message : `there is no memory for an array (${error.message})`;
  return new AdvError('NATIVE', message, memoryHint, { cause: error });
}

/** Whether an error for users tells of a lack of memory. */
export function isMemoryError(error: AdvError): boolean {
  return error.code === 'NATIVE' && error.hint?.startsWith(memoryHint) === true;
}

const memoryHint =
  'Give the process more memory, or take less: a smaller model (--size small; in a program hiddenSize, embeddingSize), fewer ' +
  'words (--limit; vocabularySize), smaller batches (--batch-size) or shorter texts (--max-tokens).';
