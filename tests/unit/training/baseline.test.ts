import { expect, it } from 'vitest';
import { AdvError } from '../../../src/base/errors.js';
import { isMemoryError } from '../../../src/base/memory-error.js';
import type { ActiveRun } from '../../../src/training/active-run.js';
import { fitBaseline } from '../../../src/training/baseline.js';
import { advError, streamOf } from '../support.js';

/** A run whose training texts end with an error. */
const runWith = (error: Error): ActiveRun => {
  const train = async function* () {
    yield* streamOf(['a text', 'one']);
    throw error;
  };
  const data = { dataset: { labels: ['one', 'other'], train, valid: () => streamOf() } };
  return { data, recipe: { seed: 1 }, execution: { threads: 1 }, watch: {} } as unknown as ActiveRun;
};

it('says what lacks memory and that a run can do without the baseline', async () => {
  const failed = fitBaseline(runWith(new RangeError('Array buffer allocation failed')));
  const said = /^fitting a linear classifier of n-grams: there is no memory for an array/u;
  await expect(failed).rejects.toThrow(
    advError('NATIVE', said, /^Give the process more memory, or .* --no-baseline, .* beside --resume\.$/u),
  );
  const error: unknown = await failed.catch((reason: unknown) => reason);
  expect(error instanceof AdvError && isMemoryError(error)).toBe(true);
});

it('lets other errors be what they are', async () => {
  const error = new AdvError('DATA_MALFORMED', 'a wrong line', 'Mend it.');
  await expect(fitBaseline(runWith(error))).rejects.toBe(error);
});
