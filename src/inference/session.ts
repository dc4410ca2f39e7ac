import { availableParallelism } from 'node:os';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { at } from '../base/at.js';
import type { NativeTexts, NativeWords } from '../engine/addon.js';
import type { ReadTexts } from '../text/reading.js';
import { AdvError } from '../base/errors.js';
import { asMemoryError } from '../base/memory-error.js';
import type { FeatureRow } from '../text/ngrams/features.js';
import { graphOnly } from './graph-only.js';
import { groupedNgrams } from './grouped-ngrams.js';
import type { OnnxRuntime } from './runtime.js';

/** What a model gives. */
export type ModelOutput = 'probabilities' | 'logits';

/** A model of this package in onnxruntime, run on the CPU. */
export class ModelSession {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #path: string;

  private constructor(runtime: OnnxRuntime, session: InferenceSession, path: string) {
    this.#runtime = runtime;
    this.#session = session;
    this.#path = path;
  }

  /**
   * Gives a model's graph to onnxruntime, and nothing else of it: what it learns of a model it may keep and send.
   *
   * @param bytes content of the file; it is overwritten
   * @param path name of the file, for messages
   * @param threads compute threads at most, no more than the machine has; onnxruntime's choice when undefined
   * @throws AdvError MODEL with onnxruntime's reason when it refuses the file, NATIVE when there is no memory for it
   */
  static async open(
    runtime: OnnxRuntime,
    bytes: Uint8Array,
    path: string,
    threads?: number,
  ): Promise<ModelSession> {
    try {
      const session = await runtime.InferenceSession.create(graphOnly(bytes), {
        executionProviders: ['cpu'],
        // It would print what goes wrong beside throwing it, into the output of the program.
        logSeverityLevel: 4,
        // More than the machine runs at once would gain nothing, and where the system gives fewer than it asks for, it waits for ever.
        ...(threads === undefined ? {} : { intraOpNumThreads: Math.min(threads, availableParallelism()) }),
      });
      return new ModelSession(runtime, session, path);
    } catch (error) {
      throw refused(path, error);
    }
  }

  /** run() of the probabilities. */
  probabilities(texts: ReadTexts): Promise<Float32Array> {
    return this.run(texts, 'probabilities');
  }

  /**
   * An output for B texts: their class probabilities, or the logits that these are made of.
   *
   * @param texts packed token ids in [0, V), at least one a text; with their words where words have n-grams, and with the features of
   *   each text where the model has n-grams of texts
   * @returns B × C numbers, row-major
   * @throws AdvError MODEL when an id is outside the vocabulary or onnxruntime fails, NATIVE when there is no memory for them
   */
  async run(texts: ReadTexts, output: ModelOutput): Promise<Float32Array> {
    try {
      const result = await this.#session.run(
        {
          ...this.#tokenTensors(texts),
          ...this.#wordTensors(texts.words),
          ...this.#featureTensors(texts.featureRows),
        },
        [output],
      );
      return result[output]?.data as Float32Array;
    } catch (error) {
      throw refused(this.#path, error);
    }
  }

  /** The inputs of a network; none where the model has no network. */
  #tokenTensors({ ids, offsets }: NativeTexts): Record<string, Tensor> {
    if (!this.#session.inputNames.includes('ids')) return {};
    const lengths = offsets.subarray(1).map((end, row) => end - at(offsets, row));
    const time = lengths.reduce((longest, length) => Math.max(longest, length), 0);
    const filled = new BigInt64Array(lengths.length * time);
    lengths.forEach((length, row) => {
      const text = at(offsets, row);
      filled.set(integers(ids.subarray(text, text + length)), row * time);
    });
    const { Tensor } = this.#runtime;
    return {
      ids: new Tensor('int64', filled, [lengths.length, time]),
      lengths: new Tensor('int32', lengths, [lengths.length]),
    };
  }

  /** The inputs that src/onnx/word-vectors.ts names. */
  #wordTensors(words: NativeWords | undefined): Record<string, Tensor> {
    if (words === undefined) return {};
    const { ids } = words;
    const ngrams = groupedNgrams(words);
    const dims = [ngrams.buckets.length];
    const { Tensor } = this.#runtime;
    return {
      words: new Tensor('int64', integers(ids), [ids.length]),
      ngrams: new Tensor('int64', ngrams.buckets, dims),
      ngramWords: new Tensor('int64', ngrams.words, dims),
      ngramShares: new Tensor('float32', ngrams.shares, dims),
    };
  }

  /** The inputs that src/onnx/ngrams.ts names. */
  #featureTensors(rows: readonly FeatureRow[]): Record<string, Tensor> {
    if (rows.length === 0) return {};
    const most = rows.reduce((longest, { columns }) => Math.max(longest, columns.length), 1);
    const columns = new BigInt64Array(rows.length * most);
    const values = new Float32Array(rows.length * most);
    rows.forEach((row, place) => {
      columns.set(BigInt64Array.from(row.columns, BigInt), place * most);
      values.set(row.values, place * most);
    });
    const { Tensor } = this.#runtime;
    const dims = [rows.length, most];
    return {
      features: new Tensor('int64', columns, dims),
      featureWeights: new Tensor('float32', values, dims),
    };
  }

  /** Frees onnxruntime's memory of this model. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** onnxruntime refuses an id of V or more itself, but counts a negative one from the end of the table. */
function integers(ids: Int32Array): BigInt64Array {
  return BigInt64Array.from(ids, (id) => {
    if (id >= 0) return BigInt(id);
    throw new AdvError('MODEL', `expected token ids from 0, got ${id}`);
  });
}

function refused(path: string, error: unknown): unknown {
  const lack = asMemoryError(error);
  if (lack !== error) return lack;
  const reason = error instanceof Error ? error.message : String(error);
  return new AdvError('MODEL', `onnxruntime cannot run ${path}: ${reason}`, 'Export the model again.', {
    cause: error,
  });
}
