import { AdvError } from '../errors.js';

/**
 * What becomes of malformed lines: the first one ends the run, or each is left out and remembered once, however often
 * its file is read.
 */
export class MalformedLines {
  readonly #skipped = new Set<string>();

  /** @param policy 'stop' (the default) or 'skip' */
  constructor(readonly policy: 'stop' | 'skip' = 'stop') {}

  /** Lines left out so far, each as "file:line: what is wrong". */
  get skipped(): readonly string[] {
    return [...this.#skipped];
  }

  /**
   * Takes note of a malformed line.
   *
   * @throws AdvError DATA_MALFORMED when the policy is 'stop'
   */
  report(file: string, line: number, problem: string): void {
    const place = `${file}:${line}: ${problem}`;
    if (this.policy === 'stop') {
      throw new AdvError(
        'DATA_MALFORMED',
        place,
        'Correct the line, or leave such lines out with --on-malformed skip.',
      );
    }
    this.#skipped.add(place);
  }
}
