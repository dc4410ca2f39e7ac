#!/usr/bin/env node
import { outliveTerminal } from './lost-terminal.js';
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
