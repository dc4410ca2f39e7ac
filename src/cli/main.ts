#!/usr/bin/env node
import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { runCommandLine } from './session.js';

// What writes to standard output learns from each write how it went. Nobody reading progress, or no room for it, is no
// reason to stop, least of all in the middle of training.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
outliveTerminal();

const code = await runCommandLine(process.argv.slice(2));
// What a command left open, such as a kept-alive connection or standard input, must not keep the process.
process.stderr.write('', () => {
  process.exit(code);
});

/**
 * Lets the process end with its own exit code when its terminal is gone by then. Node restores the terminal's settings as
 * the last thing it does and aborts where that fails; descriptors that are another file by then it leaves alone.
 */
function outliveTerminal(): void {
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
