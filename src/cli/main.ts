#!/usr/bin/env node
import { runCommandLine } from './session.js';

// A reader that has seen enough, such as `head`, closes the pipe: that ends this program and is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const code = await runCommandLine(process.argv.slice(2));
// What a command left open, such as a kept-alive connection or standard input, must not keep the process.
process.stdout.write('', () => {
  process.exit(code);
});
