import type { Cost } from '../cost.js';
import type { BenchMachine } from '../result.js';

/** What is done with a corpus: `datasets describe`, `datasets audit`, and one epoch of training without its native steps. */
export type CorpusWork = 'describe' | 'audit' | 'stream';

/** One work on one corpus, in a process of its own. */
export interface WorkResult extends Cost {
  readonly work: CorpusWork;
  /** Of all splits; of the training data alone for the stream. */
  readonly examples: number;
  /** Characters of these examples; for the stream those that a model reads, with begin and end of each text. */
  readonly tokens: number;
}

/** Tokens that went through a part of the work. */
export interface Passage {
  readonly tokens: number;
  readonly seconds: number;
}

/** The parts of an epoch's stream, and what training takes of it. Tokens are those of the training data. */
export interface StreamParts {
  /** Once a run: opening, vocabulary, encoding; validation data is read and encoded in this time as well. */
  readonly firstPass: Passage;
  /** Once an epoch: shuffling, and packing every batch. */
  readonly batches: Passage;
  /** Steps of the first batches, native part alone. */
  readonly training: Passage & { readonly steps: number };
}

/** Lines that copy earlier ones, as they were written and as an audit found them. */
export interface PlantedCopies {
  /** Copies, copies but for a word, copies with another label. */
  readonly planted: { readonly copies: number; readonly edits: number; readonly relabelled: number };
  /** Examples; a near duplicate and a contradiction count with what they copy. */
  readonly found: {
    readonly duplicates: number;
    readonly nearDuplicates: number;
    readonly contradicting: number;
  };
}

/** Everything measured on one corpus. */
export interface CorpusResult {
  /** Of the training file. */
  readonly lines: number;
  /** Of the training file. */
  readonly bytes: number;
  readonly works: readonly WorkResult[];
  readonly stream: StreamParts;
  readonly copies: PlantedCopies;
}

/** What `npm run bench:stream -- --json` prints. */
export interface CorpusBench {
  readonly machine: BenchMachine;
  /** The smaller one first. */
  readonly corpora: readonly CorpusResult[];
}
