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
 */
export class SteadyStream {
  readonly #read: ReadExamples;
  readonly #labels: readonly string[];
  /** For a message on an unknown label. */
  readonly #like: (unknown: string) => string;
  readonly #where: string;
  readonly #context: ReadContext;
  #first: FirstPass | undefined;

  /**
   * @param labels the dataset's classes
   * @param where package and split, for messages
   */
  constructor(read: ReadExamples, labels: readonly string[], where: string, context: ReadContext) {
    this.#read = read;
    this.#labels = labels;
    this.#like = likenessTo(labels);
    this.#where = where;
    this.#context = context;
  }

  /**
   * The examples, anew from the start.
   *
   * @throws AdvError, while iterating, DATA_MALFORMED when an example is none, has an unknown label or the id of another, when there is no
   * example, when the definition fails, or when an earlier pass gave other examples; INTERRUPTED
   */
  async *open(): AsyncGenerator<Example, void, undefined> {
    const known = new Set<unknown>(this.#labels);
    const hash = createHash('sha256');
    const ids = this.#first === undefined ? new TextGroups() : undefined;
    let count = 0;
    for await (const given of withPauses(this.#given(), this.#context.signal)) {
      count++;
      const example = this.#check(given, count, known);
      if (ids !== undefined && ids.groupOf(example.id) < count - 1) throw this.#repeatedId(count, example.id);
      if (this.#first !== undefined && count > this.#first.count)
        throw this.#changed(`more than ${this.#first.count} examples`);
      hash.update(JSON.stringify([example.id, example.text, example.label]));
      yield example;
    }
    this.#settle({ count, digest: hash.digest('hex') });
  }

  /** What the definition gives, with its failures as errors that name it. */
  async *#given(): AsyncGenerator<unknown, void, undefined> {
    try {
      const examples: unknown = await this.#read(this.#context);
      if (!isIterable(examples))
        throw new TypeError(`expected a stream or a list of examples, got ${shownValue(examples)}`);
      yield* examples as AsyncIterable<unknown>;
    } catch (error) {
      if (error instanceof AdvError) throw error;
      const said = error instanceof Error ? error.message : String(error);
      throw new AdvError('DATA_MALFORMED', `${this.#where}: reading failed: ${said}`, whereToMend, {
        cause: error,
      });
    }
  }

  #check(given: unknown, number: number, known: ReadonlySet<unknown>): Example {
    const { id, text, label } = (given ?? {}) as Partial<Record<keyof Example, unknown>>;
    const isExample = typeof id === 'string' && typeof text === 'string' && text.trim() !== '';
    if (!isExample) throw this.#wrong(number, '{ id, text, label } of strings, the text not empty', given);
    if (!known.has(label)) {
      const like = typeof label === 'string' ? this.#like(label) : '';
      throw this.#wrong(number, `a label among ${this.#labels.join(', ')}`, label, like);
    }
    return { id, text, label: label as string };
  }

  #settle(pass: FirstPass): void {
    if (pass.count === 0) {
      throw new AdvError(
        'DATA_MALFORMED',
        `${this.#where}: expected at least one example, got none`,
        whereToMend,
      );
    }
    this.#first ??= pass;
    if (pass.count < this.#first.count)
      throw this.#changed(`${pass.count} instead of ${this.#first.count} examples`);
    if (pass.digest !== this.#first.digest)
      throw this.#changed('other examples, or the same in another order');
  }

  #wrong(number: number, expected: string, got: unknown, more = ''): AdvError {
    const problem = `${this.#where}, example ${number}: expected ${expected}, got ${shownValue(got)}${more}`;
    return new AdvError('DATA_MALFORMED', problem, whereToMend);
  }

  #repeatedId(number: number, id: string): AdvError {
    const problem = `${this.#where}, example ${number}: expected an id of its own, got '${id}' a second time`;
    return new AdvError('DATA_MALFORMED', problem, whereToMend);
  }

  #changed(got: string): AdvError {
    return new AdvError(
      'DATA_MALFORMED',
      `${this.#where}: expected the same examples in the same order each time they are read, got ${got}`,
      'Splits are drawn by place: give the examples in a fixed order, and change no data during a run.',
    );
  }
}

function isIterable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}
