/** How a process that ends before its command has is told of. */
type Complain = (message: string, hint: string) => void;

/**
 * Speaks up when the process ends before the command has: Node would leave without a word, and often with the exit code of
 * success. Code of the user's, such as a dataset's definition, can bring it about.
 */
export class UntimelyEnd {
  readonly #complain: Complain;
  readonly #failed: number;

  /**
   * @param complain tells of it; what it writes must leave at once
   * @param failed the exit code of such an end
   */
  constructor(complain: Complain, failed: number) {
    this.#complain = complain;
    this.#failed = failed;
    process.once('beforeExit', this.#starve).once('exit', this.#end);
  }

  /** Ends the process on purpose. */
  leave(code: number): never {
    this.release();
    process.exit(code);
  }

  /** The command has ended: from now on the process may. */
  release(): void {
    process.off('beforeExit', this.#starve).off('exit', this.#end);
  }

  readonly #starve = (): void => {
    this.#complain(
      'the command waits for something that never comes, such as a stream of data that does not go on',
      'If the dataset is a module of yours, every promise in it must settle.',
    );
    this.leave(this.#failed);
  };

  readonly #end = (): void => {
    this.#complain(
      'the process ended before the command had finished',
      'If the dataset is a module of yours, it must not call process.exit(): an error is for it to throw.',
    );
    process.exitCode = this.#failed;
  };
}
