import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { AdvError } from '../base/errors.js';
import { graphOnly } from './graph-only.js';
import type { OnnxRuntime } from './runtime.js';

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
   * @throws AdvError MODEL with onnxruntime's reason when it refuses the file
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

  /**
   * Class probabilities of B texts.
   *
   * @param texts token ids of each text, at least one, in [0, V); lengths may differ
   * @returns B × C probabilities, row-major
   * @throws AdvError MODEL when an id is outside the vocabulary or onnxruntime fails
   */
  async probabilities(texts: readonly ArrayLike<number>[]): Promise<Float32Array> {
    const time = texts.reduce((longest, text) => Math.max(longest, text.length), 0);
    const ids = new BigInt64Array(texts.length * time);
    texts.forEach((text, row) => {
      for (let place = 0; place < text.length; place += 1) {
        ids[row * time + place] = BigInt(requireId(text[place]));
      }
    });
    const lengths = Int32Array.from(texts, (text) => text.length);
    const { Tensor } = this.#runtime;
    try {
      const result = await this.#session.run(
        {
          ids: new Tensor('int64', ids, [texts.length, time]),
          lengths: new Tensor('int32', lengths, [texts.length]),
        },
        ['probabilities'],
      );
      return result['probabilities']?.data as Float32Array;
    } catch (error) {
      throw refused(this.#path, error);
    }
  }

  /** Frees onnxruntime's memory of this model. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** onnxruntime refuses an id of V or more itself, but counts a negative one from the end of the table. */
function requireId(id: number | undefined): number {
  if (id !== undefined && Number.isInteger(id) && id >= 0) return id;
  throw new AdvError('MODEL', `expected token ids that are whole numbers from 0, got ${String(id)}`);
}

function refused(path: string, error: unknown): AdvError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AdvError('MODEL', `onnxruntime cannot run ${path}: ${reason}`, 'Export the model again.', {
    cause: error,
  });
}
