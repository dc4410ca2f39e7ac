import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AdvError } from '../base/errors.js';
import { parseJson } from '../base/json.js';
import { anyText, type Rule } from '../base/rules.js';
import { checked, fields, kept, optional, orNull, type Kept, type Schema } from '../base/schema.js';
import { writeAtomically } from '../base/storage/atomic-file.js';
import { createExclusively, readIfThere } from '../base/storage/exclusive-file.js';
import { makeOutputFolder } from '../base/storage/output-folder.js';
import type { TrainOptions } from '../recipe/table.js';
import { readRecord } from '../training/read-run.js';
import { runPaths } from '../training/run-paths.js';
import type { RunRecord } from '../training/run-record.js';
import { parsePlan, planText, runName, type PlannedRun, type StudyPlan } from './plan.js';

/** What a file must hold for a {@link RunFailure}. */
export const failureSchema = fields({
  /** An AdvErrorCode, or 'UNEXPECTED'. */
  code: kept(anyText),
  message: kept(anyText),
  /** What to do about it; failures of unknown kinds have none. */
  hint: optional(kept(anyText)),
});

/** Why a run has no result. */
export interface RunFailure extends Kept<typeof failureSchema> {}

/** Options of train() that were checked before they were written. */
export const anyOptions: Rule<TrainOptions> = {
  expected: 'an object',
  accepts: (value): value is TrainOptions => typeof value === 'object' && value !== null,
};

const noteSchema: Schema<RunNote> = fields({ options: kept(anyOptions), failure: orNull(failureSchema) });

/** What a study notes of a run beside its directory: what it was told, and how it failed. */
interface RunNote {
  readonly options: TrainOptions;
  readonly failure: RunFailure | null;
}

/** How far a run of a study is. */
export type RunState =
  | { readonly status: 'waiting' }
  /** Stopped on its way: it goes on from its checkpoint. */
  | { readonly status: 'begun' }
  | { readonly status: 'done'; readonly record: RunRecord }
  /** Its data is not here, or something else went wrong. */
  | { readonly status: 'missing' | 'failed'; readonly failure: RunFailure };

/** Which parts of a finished run stay: what tables and reports need, the model as well, or everything. */
export type KeptParts = 'results' | 'models' | 'all';

/** Folders of a study. */
const ownFolders: readonly string[] = ['runs', 'slurm'];

/** Failures that stand for data that is not here. */
const missingCodes: readonly string[] = ['DATA_MISSING', 'DOWNLOAD'];

/** The folder of a study: plan.json, and below runs/ the run directories, each with a note and, while somebody works on it, a claim. */
export class StudyFolder {
  readonly path: string;

  /** @param path as the user named it */
  constructor(path: string) {
    this.path = path;
  }

  get planPath(): string {
    return join(this.path, 'plan.json');
  }

  get tablePath(): string {
    return join(this.path, 'table.csv');
  }

  get summaryPath(): string {
    return join(this.path, 'summary.csv');
  }

  runPath(run: PlannedRun): string {
    return join(this.path, 'runs', runName(run));
  }

  claimPath(run: PlannedRun): string {
    return `${this.runPath(run)}.claim`;
  }

  #notePath(run: PlannedRun): string {
    return `${this.runPath(run)}.json`;
  }

  /**
   * The plan; undefined where there is none yet.
   *
   * @throws AdvError USAGE when it is none, STORAGE when it cannot be read
   */
  async readPlan(): Promise<StudyPlan | undefined> {
    const text = await readIfThere(this.planPath);
    return text === undefined ? undefined : parsePlan(this.planPath, text);
  }

  /**
   * Fails where a folder without a plan holds runs or folders that no study made: results would get lost among them.
   *
   * @throws AdvError USAGE
   */
  async requireNoOther(): Promise<void> {
    const entries = await readdir(this.path, { withFileTypes: true }).catch(() => []);
    const strange = entries.find(
      (entry) =>
        entry.name === basename(runPaths('').record) ||
        (entry.isDirectory() && !ownFolders.includes(entry.name)),
    );
    if (strange === undefined) return;
    throw new AdvError(
      'USAGE',
      `expected --out to name a study or a new folder, got ${this.path}, which holds ${strange.name}`,
      'Choose another folder, or one below it.',
    );
  }

  /**
   * Stores a plan, unless another process was quicker.
   *
   * @throws AdvError STORAGE
   */
  async createPlan(plan: StudyPlan): Promise<void> {
    await makeOutputFolder(this.path);
    await createExclusively(this.planPath, planText(plan));
  }

  /** Makes the folder in which a run, its note and its claim will lie. */
  async prepare(run: PlannedRun): Promise<void> {
    await makeOutputFolder(dirname(this.runPath(run)));
  }

  /**
   * How far a run is.
   *
   * @throws AdvError RUN_DIRECTORY when it was made with other options than the plan has
   */
  async stateOf(run: PlannedRun): Promise<RunState> {
    const note = await this.#readNote(run);
    const record = await this.#recordOf(run);
    if (note === undefined) {
      if (record === undefined) return { status: 'waiting' };
      throw this.#notOurs(run, 'is a run that this study did not make');
    }
    if (!isDeepStrictEqual(note.options, plain(run.options))) {
      const [had, has] = [note.options, plain(run.options)].map((each) => JSON.stringify(each));
      throw this.#notOurs(
        run,
        `was made with other options than the plan has: ${had ?? ''}, now ${has ?? ''}`,
      );
    }
    if (record?.status === 'done') return { status: 'done', record };
    const { failure } = note;
    if (failure !== null) {
      return { status: missingCodes.includes(failure.code) ? 'missing' : 'failed', failure };
    }
    return { status: record === undefined ? 'waiting' : 'begun' };
  }

  /** Notes what a run is told, and how it failed, if it did. */
  async note(run: PlannedRun, failure: RunFailure | null): Promise<void> {
    const note = { options: run.options, failure };
    await writeAtomically(this.#notePath(run), [`${JSON.stringify(note, null, 2)}\n`]);
  }

  /** Removes those parts of a finished run that are not to stay. */
  async prune(run: PlannedRun, parts: KeptParts): Promise<void> {
    if (parts === 'all') return;
    const { checkpoint, model } = runPaths(this.runPath(run));
    await rm(dirname(checkpoint), { recursive: true, force: true });
    if (parts === 'results') await rm(model, { force: true });
  }

  /** The record of a run that has begun; undefined where there is none. */
  async #recordOf(run: PlannedRun): Promise<RunRecord | undefined> {
    const directory = this.runPath(run);
    const there = await stat(runPaths(directory).record).catch(() => undefined);
    return there === undefined ? undefined : readRecord(directory);
  }

  async #readNote(run: PlannedRun): Promise<RunNote | undefined> {
    const path = this.#notePath(run);
    const text = await readIfThere(path);
    if (text === undefined) return undefined;
    const damaged = (problem: string): AdvError =>
      new AdvError('RUN_DIRECTORY', `${path} is damaged: ${problem}`, `Remove it and ${this.runPath(run)}.`);
    return checked(noteSchema, parseJson(text, damaged), damaged);
  }

  #notOurs(run: PlannedRun, what: string): AdvError {
    return new AdvError(
      'RUN_DIRECTORY',
      `${this.runPath(run)} ${what}`,
      'Put the plan back, or give the row or column another name, or remove the run and the file beside it.',
    );
  }
}

/** Options as a file gives them back. */
function plain(options: TrainOptions): TrainOptions {
  return JSON.parse(JSON.stringify(options)) as TrainOptions;
}
