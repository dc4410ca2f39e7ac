import type { TuneFolder } from './tune-folder.js';

const pauseBetweenWrites = 5000;

/** How long a search has been worked on, also by processes before this one: what a process that is killed has used is known to a few seconds. */
export class Clock {
  readonly #folder: Pick<TuneFolder, 'writeClock'>;
  readonly #before: number;
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: Pick<TuneFolder, 'writeClock'>, before: number) {
    this.#folder = folder;
    this.#before = before;
    this.#timer = setInterval(() => {
      // What cannot be written now may be in five seconds; a disk that stays full is told by what matters more.
      this.#writing = this.#writing.then(() => this.#write()).catch(() => undefined);
    }, pauseBetweenWrites);
    this.#timer.unref();
  }

  /** @throws AdvError RUN_DIRECTORY when what was noted before is damaged */
  static async start(folder: TuneFolder): Promise<Clock> {
    return new Clock(folder, await folder.readClock());
  }

  get seconds(): number {
    return this.#before + (performance.now() - this.#began) / 1000;
  }

  /** Notes the time; to be called once. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await this.#write();
  }

  async #write(): Promise<void> {
    await this.#folder.writeClock(this.seconds);
  }
}
