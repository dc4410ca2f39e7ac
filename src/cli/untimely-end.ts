/**
 * Speaks up when the process ends before the command has: Node would leave without a word, and often with the exit code of
 * success. Code of the user's, such as a dataset's definition, can bring it about.
 *
 * @param complain tells of it; what it writes must leave at once
 * @param failed the exit code of such an end
 * @returns to be called when the command has ended: from then on the process may
 */
export function onUntimelyEnd(complain: (message: string, hint: string) => void, failed: number): () => void {
  const starve = (): void => {
    complain(
      'the command waits for something that never happens, such as a data stream that stopped',
      'If the dataset is a module of yours, every promise in it must settle.',
    );
    release();
    process.exit(failed);
  };
  const end = (): void => {
    complain(
      'the process ended before the command had finished',
      'If the dataset is a module of yours, it must not call process.exit(): an error is for it to throw.',
    );
    process.exitCode = failed;
  };
  const release = (): void => {
    process.off('beforeExit', starve).off('exit', end);
  };
  process.once('beforeExit', starve).once('exit', end);
  return release;
}
