import { classificationOf, type Classification } from './classification.js';
import type { EncodedText } from '../text/vocabulary.js';
import { at } from '../base/at.js';
import { encodeText, packRead } from '../text/reading.js';
import { checkOptions } from '../base/check-options.js';
import { AdvError } from '../base/errors.js';
import type { OptionsOf } from '../base/option.js';
import { integer } from '../base/rules.js';
import type { ModelMetadata } from './metadata.js';
import { readModel, type StoredModel } from './model-file.js';
import { findRuntime } from './runtime.js';
import { ModelSession, type ModelOutput } from './session.js';

export { AdvError } from '../base/errors.js';
export type { AdvErrorCode } from '../base/errors.js';
export type { Classification } from './classification.js';
export type { ModelMetadata } from './metadata.js';

const loadOptions = {
  /** Compute threads, 1 to 256; onnxruntime's choice when left out. */
  threads: { flag: 'threads', rule: integer(1, 256) },
};

/** What load() takes. */
export interface LoadOptions extends OptionsOf<typeof loadOptions> {}

/** What classify() takes. */
export interface ClassifyOptions {
  /** Stops between two batches. */
  readonly signal?: AbortSignal;
}

/** A model that classifies text. */
export interface TextClassifier {
  /** Class names in the order of the model's outputs. */
  readonly labels: readonly string[];
  readonly metadata: ModelMetadata;
  /**
   * Classifies texts, empty ones too. Texts run in batches of 64 of about the same length, fewer where they are long; the same texts
   * give the same numbers.
   *
   * onnxruntime computes a batch synchronously: the event loop waits for it and runs only between batches. A service
   * that must answer meanwhile keeps its classifier in a worker thread.
   *
   * @returns one classification a text, in the order of the texts
   * @throws AdvError USAGE for a value that is not a string or after dispose(), INTERRUPTED when the signal fires, NATIVE when there is no
   *   memory for a batch
   */
  classify(texts: readonly string[], options?: ClassifyOptions): Promise<Classification[]>;
  /**
   * The C logits of each text, in the order of the labels, computed and refused as by classify(): of a model of the squared loss the sigmoid
   * of each, of others the softmax of all makes probabilities.
   */
  logits(texts: readonly string[], options?: ClassifyOptions): Promise<Float32Array[]>;
  /** Frees the model's memory. May be called again. */
  dispose(): Promise<void>;
}

/** Texts that are computed together. */
const batchSize = 64;

/** Characters of a batch in which all texts are as long as its longest: they bound the n-grams of one text for which all others make room. */
const mostCharacters = 2 ** 20;

/**
 * Loads an exported model: vocabulary, labels and tokenizer are in the file. Needs onnxruntime-node, not the native
 * addon.
 *
 * @param path an exported file, such as RUN/model.onnx
 * @throws AdvError MODEL when the file cannot be read, is not a model of this package, is damaged or of another version, or when
 *   onnxruntime-node is not installed, or when its telemetry cannot be turned off from this worker thread; USAGE when an option is
 *   wrong or unknown; NATIVE when there is no memory for the model
 */
export async function load(path: string, options: LoadOptions = {}): Promise<TextClassifier> {
  checkOptions(options, loadOptions);
  if (typeof path !== 'string') {
    throw new AdvError('USAGE', `load() expects the path of an exported model, got ${typeof path}`);
  }
  const { bytes, ...stored } = await readModel(path);
  const runtime = await findRuntime();
  if (runtime === undefined) {
    throw new AdvError(
      'MODEL',
      'running an exported model needs onnxruntime-node, which is not installed',
      'npm install onnxruntime-node',
    );
  }
  const session = await ModelSession.open(runtime, bytes, path, options.threads);
  return new OnnxTextClassifier(stored, session);
}

class OnnxTextClassifier implements TextClassifier {
  readonly #stored: Omit<StoredModel, 'bytes'>;
  #session: ModelSession | undefined;

  constructor(stored: Omit<StoredModel, 'bytes'>, session: ModelSession) {
    this.#stored = stored;
    this.#session = session;
  }

  // No property of its own: console.log() of a classifier would print its vocabulary and n-grams.
  get metadata(): ModelMetadata {
    return this.#stored.metadata;
  }

  get labels(): readonly string[] {
    return this.metadata.labels;
  }

  async classify(texts: readonly string[], options: ClassifyOptions = {}): Promise<Classification[]> {
    const rows = await this.#rows(texts, options, 'probabilities');
    return rows.map(({ values, truncated }) => classificationOf(this.labels, values, truncated));
  }

  async logits(texts: readonly string[], options: ClassifyOptions = {}): Promise<Float32Array[]> {
    const rows = await this.#rows(texts, options, 'logits');
    return rows.map(({ values }) => values);
  }

  /** An output for each text. */
  async #rows(
    texts: readonly string[],
    options: ClassifyOptions,
    output: ModelOutput,
  ): Promise<{ readonly values: Float32Array; readonly truncated: boolean }[]> {
    this.#openSession();
    if (!Array.isArray(texts)) throw new AdvError('USAGE', `expected an array of texts, got ${typeof texts}`);
    const { reading } = this.#stored;
    const encoded = texts.map((text, place) => this.#encode(text, place));
    const results = new Array<{ values: Float32Array; truncated: boolean }>(texts.length);
    const places = [...encoded.keys()].sort((a, b) => lengthAt(encoded, a) - lengthAt(encoded, b) || a - b);
    for (const batch of batchesOf(places, (place) => String(texts[place]).length)) {
      if (options.signal?.aborted === true) {
        throw new AdvError('INTERRUPTED', 'classification was interrupted', undefined, {
          cause: options.signal.reason,
        });
      }
      const ofBatch = batch.map((place) => ({
        ...at(encoded, place),
        featureRow: reading.features?.rowOf(String(texts[place])),
      }));
      const values = await this.#openSession().run(packRead(ofBatch, reading), output);
      batch.forEach((place, row) => {
        const start = row * this.labels.length;
        const ofRow = values.subarray(start, start + this.labels.length);
        results[place] = { values: ofRow, truncated: encoded[place]?.truncated ?? false };
      });
    }
    return results;
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  #openSession(): ModelSession {
    if (this.#session !== undefined) return this.#session;
    throw new AdvError('USAGE', 'classify() was called after dispose()', 'Load the model again.');
  }

  #encode(text: unknown, place: number): EncodedText {
    if (typeof text === 'string') return encodeText(text, this.#stored.reading.tokens);
    throw new AdvError('USAGE', `classify() expects strings, got ${typeof text} at texts[${place}]`);
  }
}

/** Cuts texts, in their order, into batches: a text that is too long for any is alone in one. */
function batchesOf(places: readonly number[], charactersOf: (place: number) => number): number[][] {
  const batches: number[][] = [];
  let batch: number[] = [];
  let longest = 0;
  for (const place of places) {
    longest = Math.max(longest, charactersOf(place));
    if (batch.length === batchSize || (batch.length + 1) * longest > mostCharacters) {
      batch = [];
      longest = charactersOf(place);
    }
    if (batch.length === 0) batches.push(batch);
    batch.push(place);
  }
  return batches;
}

function lengthAt(encoded: readonly EncodedText[], place: number): number {
  return encoded[place]?.ids.length ?? 0;
}
