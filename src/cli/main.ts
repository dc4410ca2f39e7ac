#!/usr/bin/env node
import { runCommandLine } from './session.js';

// A reader of results that has seen enough, such as `head`, closes the pipe: that ends this program and is no failure.
// Nobody reading progress is no reason to stop, least of all in the middle of training.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const code = await runCommandLine(process.argv.slice(2));
// What a command left open, such as a kept-alive connection or standard input, must not keep the process.
process.stdout.write('', () => {
  process.exit(code);
});
