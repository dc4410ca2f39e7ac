import { AdvError } from '../base/errors.js';
import { Tally } from '../base/tally.js';
import { encodingHint } from './encoding-hint.js';
import type { SkippedLines } from './types.js';

/** Malformed lines that are remembered with what is wrong with them; the others are only counted. */
const skippedShown = 100;

/** What a dataset says that has no malformed lines. */
export const noneSkipped: SkippedLines = { count: 0, first: [] };

/** What is known of the malformed lines of one file. */
interface MalformedFile {
  /** The last of them that has been counted: every pass meets them in the same order. */
  furthest: number;
  readonly first: string;
}

/**
 * What becomes of malformed lines: the first one ends the run, or each is left out and counted once, however often its file
 * is read. Memory does not grow with their number.
 */
export class MalformedLines {
  readonly #files = new Map<string, MalformedFile>();
  readonly #left = new Tally<string>(skippedShown);

  /** @param policy 'stop' (the default) or 'skip' */
  constructor(readonly policy: 'stop' | 'skip' = 'stop') {}

  /** Lines left out so far. */
  get skipped(): SkippedLines {
    return { count: this.#left.count, first: [...this.#left.first] };
  }

  /** The first line of a file that was left out, as "file:line: what is wrong"; undefined when there is none. */
  firstOf(file: string): string | undefined {
    return this.#files.get(file)?.first;
  }

  /**
   * Takes note of a malformed line. Every pass over a file reports its lines from the first to the last.
   *
   * @param line from 1
   * @throws AdvError DATA_MALFORMED when the policy is 'stop'
   */
  report(file: string, line: number, problem: string): void {
    const known = this.#files.get(file);
    if (known !== undefined && line <= known.furthest) return;
    const place = `${file}:${line}: ${problem}`;
    if (this.policy === 'stop') {
      throw new AdvError(
        'DATA_MALFORMED',
        place,
        `Correct the record, or leave such records out with --on-malformed skip.${encodingHint(problem, file)}`,
      );
    }
    if (known === undefined) this.#files.set(file, { furthest: line, first: place });
    else known.furthest = line;
    this.#left.add(() => place);
  }
}
