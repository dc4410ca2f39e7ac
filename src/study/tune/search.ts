import type { Watch } from '../../base/events.js';
import type { Asked } from './asked.js';
import { parseBudget } from './budget.js';
import type { Clock } from './clock.js';
import { largestRound, promoted, roundCost } from './halving.js';
import { searchTrials } from './space.js';
import type { Trial } from './trial.js';
import type { Task, Trials } from './trials.js';
import type { TuneFolder } from './tune-folder.js';

/** What a search works with. */
export interface SearchJob {
  readonly folder: TuneFolder;
  readonly asked: Asked;
  readonly trials: Trials;
  readonly clock: Clock;
  readonly seed: number;
  readonly watch: Watch;
}

/**
 * Carries out rounds of successive halving until the budget is used up, the space is exhausted or the signal fires: of all trials of a round, each trained
 * for a part of its epochs, one in eta goes on. Trial 1, which has the defaults, is trained whole. A budget of trials is one round. Of a budget
 * of time, trial 1 shows how many trials fit; what is left after a round makes another.
 *
 * @throws what carrying out trials throws
 */
export async function search(job: SearchJob): Promise<void> {
  await new Search(job).run();
}

/** Trials of a round of which nobody knows how long they take. */
const blindRound = 9;

class Search {
  readonly #job: SearchJob;
  /** Fires when the budget's time is over. */
  readonly #timeUp: AbortSignal | undefined;
  readonly #points: Generator<Trial, void>;
  readonly #first: Trial;
  #asked: Asked;

  constructor(job: SearchJob) {
    const { asked, seed } = job;
    this.#job = job;
    this.#asked = asked;
    const left = this.#secondsLeft();
    this.#timeUp =
      left === undefined
        ? undefined
        : left > 0
          ? AbortSignal.timeout(Math.ceil(left * 1000))
          : AbortSignal.abort();
    this.#points = searchTrials(asked, seed);
    const [first] = this.#take(1);
    if (first === undefined) throw new Error('a search without a first trial');
    this.#first = first;
  }

  async run(): Promise<void> {
    const whole: Task = { trial: this.#first, divisor: 1 };
    // It shows how long a training takes; where that does not matter, it goes on beside the others.
    if (this.#timeUp !== undefined) await this.#reach([whole]);
    for (let round = 0; !this.#isOver(); round += 1) {
      const count = this.#asked.rounds[round] ?? this.#nextRound();
      const trials = this.#take(count);
      if (trials.length === 0) {
        await this.#reach([whole]);
        break;
      }
      if (round === this.#asked.rounds.length) await this.#add(trials.length);
      await this.#halve(trials, whole);
    }
    if (!this.#isOver()) await this.#job.folder.prune(this.#first);
  }

  /** Trains a round of trials, fewer and fewer of them further and further. */
  async #halve(trials: readonly Trial[], beside: Task): Promise<void> {
    const { folder, asked, trials: all, watch } = this.#job;
    const { divisors } = asked;
    let going = trials;
    for (const [rung, divisor] of divisors.entries()) {
      const text = `rung ${rung + 1} of ${divisors.length}: ${going.length} trials, ${divisor === 1 ? 'all' : `1/${divisor}`} of the epochs`;
      watch.onProgress?.({ kind: 'stage', text });
      await this.#reach([beside, ...going.map((trial) => ({ trial, divisor }))]);
      if (this.#isOver()) return;
      const next = divisor === 1 ? [] : promoted(going, (trial) => all.lossOf(trial, divisor));
      for (const trial of going) if (!next.includes(trial)) await folder.prune(trial);
      going = next;
    }
  }

  /** The trials of one more round. */
  #nextRound(): number {
    const { asked } = this.#job;
    const budget = parseBudget(asked.budget);
    if (budget === undefined) throw new Error('a search without a budget');
    if ('trials' in budget) return budget.trials - 1 - sum(this.#asked.rounds);
    const seconds = this.#secondsATraining();
    // Where the defaults fail, some others may not.
    if (seconds === undefined) return this.#asked.rounds.length === 0 ? blindRound : 0;
    return largestRound((this.#secondsLeft() ?? 0) / seconds, asked.divisors);
  }

  async #add(count: number): Promise<void> {
    this.#asked = { ...this.#asked, rounds: [...this.#asked.rounds, count] };
    await this.#job.folder.writeAsked(this.#asked);
  }

  #take(count: number): Trial[] {
    const taken: Trial[] = [];
    while (taken.length < count) {
      const { value } = this.#points.next();
      if (value === undefined) break;
      taken.push(value);
    }
    return taken;
  }

  async #reach(tasks: readonly Task[]): Promise<void> {
    const { trials, watch } = this.#job;
    const signals = [watch.signal, this.#timeUp].filter((signal) => signal !== undefined);
    await trials.reach(tasks, {
      signal: AbortSignal.any(signals),
      onProgress: watch.onProgress,
      secondsLeft: () => this.#secondsLeft() ?? this.#expectedSeconds(),
    });
  }

  #isOver(): boolean {
    return this.#job.watch.signal?.aborted === true || this.#timeUp?.aborted === true;
  }

  /** Of a budget of time. */
  #secondsLeft(): number | undefined {
    const { asked, clock } = this.#job;
    const budget = parseBudget(asked.budget);
    return budget !== undefined && 'seconds' in budget ? budget.seconds - clock.seconds : undefined;
  }

  /** Of a budget of trials, by the speed so far. */
  #expectedSeconds(): number | undefined {
    const { asked, trials } = this.#job;
    const seconds = this.#secondsATraining();
    const whole = 1 + sum(this.#asked.rounds.map((count) => roundCost(count, asked.divisors)));
    return seconds && Math.max(0, whole - trials.trainings) * seconds;
  }

  #secondsATraining(): number | undefined {
    const { clock, trials } = this.#job;
    return trials.trainings === 0 ? undefined : clock.seconds / trials.trainings;
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
