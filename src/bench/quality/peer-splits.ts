import { join } from 'node:path';
import type { SelectedModel } from '../../datasets/proof.js';
import type { Dataset } from '../../datasets/types.js';
import { writeSplit } from './splits.js';

/** What a peer learns from: files, and the classes of their texts. */
export interface LearningSplits {
  readonly train: Int32Array;
  readonly valid: Int32Array;
}

/** The splits of a dataset as files of a folder, each written when it is first asked for. */
export class PeerSplits {
  #learning: Promise<LearningSplits> | undefined;
  #test: Promise<Int32Array> | undefined;

  constructor(
    readonly dataset: Dataset,
    readonly folder: string,
  ) {}

  /** Writes train.txt and valid.txt. */
  learning(): Promise<LearningSplits> {
    this.#learning ??= this.#writeLearning();
    return this.#learning;
  }

  /**
   * Writes test.txt.
   *
   * @returns the classes [N]
   */
  test(selected: SelectedModel): Promise<Int32Array> {
    const { test } = this.dataset;
    if (test === undefined) throw new Error(`${this.dataset.name} has no test split`);
    this.#test ??= this.#write('test', test.open(selected));
    return this.#test;
  }

  async #writeLearning(): Promise<LearningSplits> {
    const train = await this.#write('train', this.dataset.train());
    return { train, valid: await this.#write('valid', this.dataset.valid()) };
  }

  #write(name: string, examples: Parameters<typeof writeSplit>[1]): Promise<Int32Array> {
    return writeSplit(join(this.folder, `${name}.txt`), examples, this.dataset.labels);
  }
}
