import type { Example, Level } from '../../text/types.js';
import type { DatasetDefaults } from '../../recipe/table.js';

/** What a definition's streams are given. */
export interface ReadContext {
  /** --data-dir, else ADVNATIVE_DATA; undefined when neither is given. */
  readonly dataDir: string | undefined;
  /** Fires when the user wants to stop. */
  readonly signal: AbortSignal | undefined;
}

/** A stream of examples; each call reads anew from the start and gives the same examples in the same order. */
export type ReadExamples = (context: ReadContext) => ExampleStream | Promise<ExampleStream>;

type ExampleStream = AsyncIterable<Example> | Iterable<Example>;

/** A dataset as a package of its users defines it. See datasets/README.md for a complete example. */
export interface DatasetDefinition {
  readonly name: string;
  readonly description: string;
  /** At least two different classes; their order is that of the model's outputs. */
  readonly labels: readonly string[];
  /** Default 'word', or 'char' where most texts are in a script without spaces between words. */
  readonly level?: Level;
  /** Of the texts, in words, such as "Czech". */
  readonly language?: string;
  /** What differs from the defaults of words and of characters. */
  readonly defaults?: Readonly<Partial<Record<Level, Partial<DatasetDefaults>>>>;
  readonly licence: string;
  readonly citation: string;
  /** Files that the examples come from: their sizes and SHA-256 are recorded, and a resumed run refuses others. */
  readonly files?: (context: ReadContext) => readonly string[];
  /**
   * All examples, to be split 80/10/10, stratified, after duplicates are left out; or the official splits, of which `valid`
   * and `test` may be missing: a tenth of the training examples then validates, and nothing is tested.
   */
  readonly examples:
    | ReadExamples
    | {
        readonly train: ReadExamples;
        readonly valid?: ReadExamples;
        readonly test?: ReadExamples;
      };
}

/** The same definition, checked by the compiler where it is written. */
export function defineDataset(definition: DatasetDefinition): DatasetDefinition {
  return definition;
}
