import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AdvError } from '../../../../src/base/errors.js';
import type { Watch } from '../../../../src/base/events.js';
import type { TrainOptions } from '../../../../src/recipe/table.js';
import { historyLines, readHistory } from '../../../../src/training/history.js';
import { runPaths } from '../../../../src/training/run-paths.js';
import type { TuneOptions } from '../../../../src/study/tune/options.js';
import type { TuneResult } from '../../../../src/study/tune/result.js';
import type { TrialPart } from '../../../../src/study/tune/trial.js';
import { tuneWith } from '../../../../src/study/tune/tune.js';
import { epochRecord, record } from '../../training/support.js';
import { temporaryFolder } from '../../support.js';

/** One part that was trained: the trial's folder, and epochs before and after it. */
export interface Told {
  readonly trial: string;
  readonly from: number;
  readonly to: number;
}

/** Epochs of every training here. */
export const epochs = 9;

/** Searches whose trials take no time: their loss follows from their options. */
export class Searches {
  readonly told: Told[] = [];
  readonly #options = new Map<string, TrainOptions>();
  /** Called before each epoch. */
  onEpoch: (options: TrainOptions, epoch: number) => void | Promise<void> = () => undefined;
  most = 0;
  #now = 0;

  private constructor(readonly folder: string) {}

  static async in(folder?: string): Promise<Searches> {
    return new Searches(folder ?? join(await temporaryFolder(), 'tune'));
  }

  tune(options: TuneOptions, signal?: AbortSignal): Promise<TuneResult> {
    const trainPart = (said: TrainOptions, divisor: number, watch: Watch): Promise<TrialPart> =>
      this.#train(said, divisor, watch);
    return tuneWith({ out: this.folder, ...options }, { trainPart }, { signal });
  }

  async file(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8');
  }

  async #train({ resume, ...said }: TrainOptions, divisor: number, { signal }: Watch): Promise<TrialPart> {
    const path = said.out ?? resume ?? '';
    const { history: file, record: recordFile } = runPaths(path);
    const { history, options } =
      resume === undefined
        ? { history: [{ ...epochRecord, epoch: 0, validLoss: 2 }], options: said }
        : { history: await readHistory(file), options: this.#options.get(path) ?? said };
    this.#options.set(path, options);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(recordFile, JSON.stringify(record));
    await writeFile(file, historyLines(history));
    const from = history.length - 1;
    const last = Math.ceil(epochs / divisor);
    this.most = Math.max(this.most, ++this.#now);
    try {
      await new Promise(setImmediate);
      for (let epoch = history.length; epoch <= last; epoch += 1) {
        await this.onEpoch(options, epoch);
        if (signal?.aborted) throw new AdvError('INTERRUPTED', 'stopped');
        history.push({ ...epochRecord, epoch, validLoss: lossOf(options, epoch), seconds: 1 });
        await writeFile(file, historyLines(history));
      }
      return { epochs, over: last === epochs, diverged: false };
    } finally {
      this.#now -= 1;
      this.told.push({ trial: path.slice(-4), from, to: history.length - 1 });
    }
  }
}

/** The best ε is 0.3, and more epochs are better. */
export function lossOf({ epsilon = 0.1, seed = 1 }: TrainOptions, epoch: number): number {
  return (Math.log(epsilon / 0.3) / 10) ** 2 + 1 / (epoch + 1) + seed / 1000;
}
