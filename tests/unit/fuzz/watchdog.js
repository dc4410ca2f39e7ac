// A thread that ends its process when one input keeps it busy for too long: nothing in the busy thread itself could.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { setInterval } from 'node:timers';
import { workerData } from 'node:worker_threads';

/** Milliseconds between two looks. */
const interval = 100;

const { current, name, patienceMs } = workerData;
let seen = -1;
// Looks, not time: a process that was stopped as a whole, such as with its machine, is not late.
let looks = 0;
setInterval(() => {
  const place = Atomics.load(current, 0);
  looks = place === seen ? looks + 1 : 0;
  seen = place;
  if (looks * interval < patienceMs) return;
  writeSync(2, `${name}, input ${place}: not done after ${patienceMs} ms\n`);
  process.kill(process.pid, 'SIGKILL');
}, interval);
