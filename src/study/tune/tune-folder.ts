import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AdvError } from '../../base/errors.js';
import { parseJson } from '../../base/json.js';
import { anyNumber } from '../../base/rules.js';
import { checked, fields, kept, orNull, type Schema } from '../../base/schema.js';
import { storageError, writeAtomically } from '../../base/storage/atomic-file.js';
import { readIfThere } from '../../base/storage/exclusive-file.js';
import { takeLock } from '../../base/storage/lock.js';
import { makeFolders } from '../../base/storage/make-folders.js';
import type { TrainOptions } from '../../recipe/table.js';
import { readHistory } from '../../training/history.js';
import { runPaths } from '../../training/run-paths.js';
import { anyOptions, failureSchema, type RunFailure } from '../study-folder.js';
import { askedText, parseAsked, type Asked } from './asked.js';
import { notBegun, partSchema, type Trial, type TrialPart, type TrialState } from './trial.js';

/** What a search notes of a trial beside its directory. */
interface TrialNote {
  readonly options: TrainOptions;
  readonly failure: RunFailure | null;
  readonly part: TrialPart | null;
}

const noteSchema: Schema<TrialNote> = fields({
  options: kept(anyOptions),
  failure: orNull(failureSchema),
  part: orNull(partSchema),
});

const clockSchema = fields({ seconds: kept(anyNumber) });

/** The folder of a search or a sweep: tune.json, and below trials/ the run directories, each with a note. */
export class TuneFolder {
  readonly path: string;

  /** @param path as the user named it */
  constructor(path: string) {
    this.path = path;
  }

  get askedPath(): string {
    return join(this.path, 'tune.json');
  }

  get trialsPath(): string {
    return join(this.path, 'trials.csv');
  }

  get sweepPath(): string {
    return join(this.path, 'sweep.csv');
  }

  get bestPath(): string {
    return join(this.path, 'best.json');
  }

  get #clockPath(): string {
    return join(this.path, 'clock.json');
  }

  trialPath({ number }: Pick<Trial, 'number'>): string {
    return join(this.path, 'trials', String(number).padStart(4, '0'));
  }

  /**
   * Makes the folder and keeps other processes out of it.
   *
   * @returns gives it back
   * @throws AdvError RUN_DIRECTORY when another process holds it, STORAGE
   */
  async hold(): Promise<() => Promise<void>> {
    await makeFolders(join(this.path, 'trials')).catch((error: unknown) => {
      throw storageError(this.path, error);
    });
    const lock = join(this.path, 'lock');
    return takeLock(
      lock,
      ({ pid, host }) =>
        new AdvError(
          'RUN_DIRECTORY',
          `the folder ${this.path} is in use by process ${pid} on ${host}`,
          `Wait for it or stop it, or choose another --out. If that process is surely gone, delete ${lock}.`,
        ),
    );
  }

  /**
   * What was asked; undefined where nothing was yet.
   *
   * @throws AdvError RUN_DIRECTORY when it is damaged, STORAGE
   */
  async readAsked(): Promise<Asked | undefined> {
    const content = await readIfThere(this.askedPath);
    return content === undefined ? undefined : parseAsked(this.askedPath, content);
  }

  async writeAsked(asked: Asked): Promise<void> {
    await writeAtomically(this.askedPath, [askedText(asked)]);
  }

  /** Seconds that were searched for before, by this process and others. */
  async readClock(): Promise<number> {
    const content = await readIfThere(this.#clockPath);
    if (content === undefined) return 0;
    const damaged = (problem: string): AdvError =>
      new AdvError(
        'RUN_DIRECTORY',
        `${this.#clockPath} is damaged: ${problem}`,
        'Remove it: the budget then begins anew.',
      );
    return checked(clockSchema, parseJson(content, damaged), damaged).seconds;
  }

  async writeClock(seconds: number): Promise<void> {
    await writeAtomically(this.#clockPath, [`${JSON.stringify({ seconds })}\n`]);
  }

  /**
   * How far a trial is.
   *
   * @throws AdvError RUN_DIRECTORY when it was made with other options, or is damaged
   */
  async stateOf(trial: Trial): Promise<TrialState> {
    const note = await this.#readNote(trial);
    if (note === undefined) return notBegun;
    if (!isDeepStrictEqual(note.options, JSON.parse(JSON.stringify(trial.options)))) {
      throw new AdvError(
        'RUN_DIRECTORY',
        `${this.trialPath(trial)} was made with other options than tune.json asks for`,
        'Restore tune.json from a copy, or choose another --out.',
      );
    }
    const { history } = runPaths(this.trialPath(trial));
    const begun = (await stat(history).catch(() => undefined)) !== undefined;
    return { failure: note.failure, part: note.part, history: begun ? await readHistory(history) : [] };
  }

  /** Whether a trial has a run directory that goes on. */
  async hasBegun(trial: Trial): Promise<boolean> {
    return (await stat(runPaths(this.trialPath(trial)).record).catch(() => undefined)) !== undefined;
  }

  /** Notes what a trial is told and how it stands. */
  async note({ number, options }: Trial, { failure, part }: Omit<TrialNote, 'options'>): Promise<void> {
    const note: TrialNote = { options, failure, part };
    await writeAtomically(`${this.trialPath({ number })}.json`, [`${JSON.stringify(note, null, 2)}\n`]);
  }

  /** Removes the state of a trial that does not go on. */
  async prune(trial: Trial): Promise<void> {
    const { checkpoint } = runPaths(this.trialPath(trial));
    await rm(dirname(checkpoint), { recursive: true, force: true });
  }

  async #readNote(trial: Trial): Promise<TrialNote | undefined> {
    const path = `${this.trialPath(trial)}.json`;
    const content = await readIfThere(path);
    if (content === undefined) return undefined;
    const damaged = (problem: string): AdvError =>
      new AdvError(
        'RUN_DIRECTORY',
        `${path} is damaged: ${problem}`,
        `Remove it and ${this.trialPath(trial)}.`,
      );
    return checked(noteSchema, parseJson(content, damaged), damaged);
  }
}
