import { shownValue } from '../../base/shown.js';
import { createHash } from 'node:crypto';
import { AdvError } from '../../base/errors.js';
import { likenessTo } from '../../files/label-likeness.js';
import { withPauses } from '../../base/streaming.js';
import { TextGroups } from '../../text/text-groups.js';
import type { Example } from '../../text/types.js';
import type { ReadContext, ReadExamples } from './definition.js';

/** What the first whole pass over a stream found: every later one must find the same. */
interface FirstPass {
  readonly count: number;
  readonly digest: string;
}

const whereToMend = 'The dataset’s definition gives it: correct it there.';

/**
 * A stream of a user's dataset, every example checked as it comes. Splits are drawn by place, so every pass must give the same
 * examples in the same order: else training examples would turn up in the test. The end of each pass tells whether it did.
 *
 * @param labels the dataset's classes
 * @param where package and split, for messages
 * @returns gives the examples anew from the start. It throws, while iterating, AdvError DATA_MALFORMED when an example is none, has an
 * unknown label or the id of another, when there is no example, when the definition fails, or when an earlier pass gave other
 * examples; INTERRUPTED
 */
export function steadyStream(
  read: ReadExamples,
  labels: readonly string[],
  where: string,
  context: ReadContext,
): () => AsyncGenerator<Example, void, undefined> {
  const known = new Set<unknown>(labels);
  const like = likenessTo(labels);
  let first: FirstPass | undefined;
  const malformed = (problem: string, hint = whereToMend): AdvError =>
    new AdvError('DATA_MALFORMED', `${where}${problem}`, hint);
  const changed = (got: string): AdvError =>
    malformed(
      `: expected the same examples in the same order each time they are read, got ${got}`,
      'Splits are drawn by place: give the examples in a fixed order, and change no data during a run.',
    );

  const checked = (given: unknown, number: number): Example => {
    const wrong = (expected: string, got: unknown, more = ''): AdvError =>
      malformed(`, example ${number}: expected ${expected}, got ${shownValue(got)}${more}`);
    const { id, text, label } = (given ?? {}) as Partial<Record<keyof Example, unknown>>;
    const isExample = typeof id === 'string' && typeof text === 'string' && text.trim() !== '';
    if (!isExample) throw wrong('{ id, text, label } of strings, the text not empty', given);
    if (known.has(label)) return { id, text, label: label as string };
    throw wrong(`a label among ${labels.join(', ')}`, label, typeof label === 'string' ? like(label) : '');
  };

  const settle = (pass: FirstPass): void => {
    if (pass.count === 0) throw malformed(': expected at least one example, got none');
    first ??= pass;
    if (pass.count < first.count) throw changed(`${pass.count} instead of ${first.count} examples`);
    if (pass.digest !== first.digest) throw changed('other examples, or the same in another order');
  };

  return async function* () {
    const hash = createHash('sha256');
    const ids = first === undefined ? new TextGroups() : undefined;
    let count = 0;
    for await (const given of withPauses(givenBy(read, where, context), context.signal)) {
      count++;
      const example = checked(given, count);
      if (ids !== undefined && ids.groupOf(example.id) < count - 1)
        throw malformed(`, example ${count}: expected an id of its own, got '${example.id}' a second time`);
      if (first !== undefined && count > first.count) throw changed(`more than ${first.count} examples`);
      hash.update(JSON.stringify([example.id, example.text, example.label]));
      yield example;
    }
    settle({ count, digest: hash.digest('hex') });
  };
}

/** What a definition gives, with its failures as errors that name it. */
async function* givenBy(
  read: ReadExamples,
  where: string,
  context: ReadContext,
): AsyncGenerator<unknown, void, undefined> {
  try {
    const examples: unknown = await read(context);
    if (!isIterable(examples))
      throw new TypeError(`expected a stream or a list of examples, got ${shownValue(examples)}`);
    yield* examples as AsyncIterable<unknown>;
  } catch (error) {
    if (error instanceof AdvError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new AdvError('DATA_MALFORMED', `${where}: reading failed: ${said}`, whereToMend, { cause: error });
  }
}

function isIterable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}
