import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Lets the process end with its own exit code when its terminal is gone by then. Node restores the terminal's settings as
 * the last thing it does and aborts where that fails; descriptors that are another file by then it leaves alone.
 */
export function outliveTerminal(): void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.once('exit', () => {
    terminals.filter((descriptor) => !isatty(descriptor)).forEach(replace);
  });
}

/** The lowest free descriptor is the one that opening a file takes. */
function replace(descriptor: number): void {
  closeSync(descriptor);
  openSync('/dev/null', 'r+');
}
