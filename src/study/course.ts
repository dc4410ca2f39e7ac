import type { ProgressEvent, Watch } from '../base/events.js';
import { runName, type PlannedRun } from './plan.js';
import type { RunState } from './study-folder.js';

/** A run that this process carries out now. */
interface RunningRun {
  readonly began: number;
  /** Of its epochs, 0 to 1; less is left where patience ends it earlier. */
  share: number;
  epoch: string;
}

/** Tells how far a study is: which runs are going on, what each came to, and how long the rest may take. */
export class CourseOfStudy {
  readonly #runs: readonly PlannedRun[];
  readonly #watch: Watch;
  readonly #settled = new Set<PlannedRun>();
  /** Messages that have been told. */
  readonly #failures = new Set<string>();
  readonly #running = new Map<PlannedRun, RunningRun>();
  /** How long finished runs took, by row and size. */
  readonly #durations = new Map<string, readonly number[]>();

  constructor(runs: readonly PlannedRun[], watch: Watch) {
    this.#runs = runs;
    this.#watch = watch;
  }

  /** @param goesOn whether it goes on from a checkpoint */
  begins(run: PlannedRun, goesOn: boolean): void {
    this.#running.set(run, { began: performance.now(), share: 0, epoch: '' });
    this.#tell({ kind: 'stage', text: `${runName(run)} ${goesOn ? 'goes on' : 'begins'}` });
  }

  /** Receives the progress of one run. */
  of(run: PlannedRun): (event: ProgressEvent) => void {
    return (event) => {
      const running = this.#running.get(run);
      if (event.kind !== 'step' || running === undefined) return;
      running.share = event.share;
      running.epoch = `epoch ${event.epoch}/${event.epochs}`;
      this.#tellAll();
    };
  }

  /** A run is done, or has failed, now or before. */
  settled(run: PlannedRun, state: RunState): void {
    const running = this.#running.get(run);
    this.#running.delete(run);
    this.#settled.add(run);
    if (running === undefined) return;
    if (state.status === 'done') {
      const seconds = (performance.now() - running.began) / 1000;
      this.#durations.set(kindOf(run), [...(this.#durations.get(kindOf(run)) ?? []), seconds]);
    }
    this.#tell(endOf(run, state, this.#failures));
    this.#tellAll();
  }

  #tellAll(): void {
    this.#tell({
      kind: 'runs',
      done: this.#settled.size,
      total: this.#runs.length,
      running: [...this.#running].map(([run, { epoch }]) => [runName(run), epoch].join(' ').trim()),
      secondsLeft: this.#secondsLeft(),
    });
  }

  /** By the mean of finished runs of the same row and size, else of all; undefined before one has finished. */
  #secondsLeft(): number | undefined {
    const all = [...this.#durations.values()].flat();
    if (all.length === 0) return undefined;
    const left = this.#runs
      .filter((run) => !this.#settled.has(run))
      .reduce((sum, run) => {
        const expected = mean(this.#durations.get(kindOf(run)) ?? all);
        const running = this.#running.get(run);
        const passed = running === undefined ? 0 : (performance.now() - running.began) / 1000;
        return sum + Math.max(0, expected - passed);
      }, 0);
    return left / Math.max(1, this.#running.size);
  }

  #tell(event: ProgressEvent): void {
    this.#watch.onProgress?.(event);
  }
}

const kindOf = ({ row, size }: PlannedRun): string => `${row}/${size}`;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Tells what a run came to.
 *
 * @param told messages that have been told; a failure of many runs, such as data that is missing, is told whole once
 */
export function endOf(run: PlannedRun, state: RunState, told: Set<string>): ProgressEvent {
  const name = runName(run);
  if ('failure' in state) {
    const { message, hint } = state.failure;
    const what = `${name}: ${state.status === 'missing' ? 'its data is missing' : 'failed'}`;
    if (told.has(message)) return { kind: 'notice', text: `${what}, as before` };
    told.add(message);
    return { kind: 'notice', text: `${what}: ${message}${hint === undefined ? '' : `\n${hint}`}` };
  }
  const test = state.status === 'done' ? state.record.result?.test : undefined;
  const reached =
    test == null ? 'done' : `test loss ${test.loss.toFixed(4)}, accuracy ${test.accuracy.toFixed(4)}`;
  return { kind: 'stage', text: `${name}: ${reached}` };
}
