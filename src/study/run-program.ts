// Trains one run in a process of its own, for run-process.ts: it is told the options and tells of progress and of the end.
import { AdvError } from '../base/errors.js';
import type { ProgressEvent } from '../base/events.js';
import { onStopSignals } from '../base/signals.js';
import { train } from '../training/train.js';
import { trainPart } from '../training/train-part.js';
import type { RunMessage, RunOrder } from './run-process.js';

/** Steps of small models are many a second, and a message each. */
const pauseBetweenSteps = 200;

const controller = new AbortController();
const stop = (): void => {
  controller.abort();
};
onStopSignals(stop, () => undefined);
// The study has died: nobody would hear of the result, but the next one goes on from what is saved.
process.once('disconnect', stop);

process.once('message', (order: RunOrder) => {
  void run(order);
});

async function run({ options, divisor }: RunOrder): Promise<void> {
  const watch = { signal: controller.signal, onProgress: throttled() };
  try {
    if (divisor === undefined) {
      await train(options, watch);
      await tell({ kind: 'done' });
    } else {
      await tell({ kind: 'done', part: await trainPart(options, divisor, watch) });
    }
  } catch (error) {
    const known = error instanceof AdvError;
    const message = error instanceof Error ? error.message : String(error);
    await tell({ kind: 'failed', code: known ? error.code : 'UNEXPECTED', message });
  }
  // What training left open must not keep the process.
  process.exit();
}

function throttled(): (event: ProgressEvent) => void {
  let last = -Infinity;
  return (event) => {
    if (event.kind === 'examples' || event.kind === 'download') return;
    if (event.kind === 'step') {
      if (performance.now() - last < pauseBetweenSteps) return;
      last = performance.now();
    }
    void tell({ kind: 'progress', event });
  };
}

/** Waits until the message is out. */
async function tell(message: RunMessage): Promise<void> {
  await new Promise<void>((done) => {
    if (!process.connected) done();
    else
      process.send?.(message, () => {
        done();
      });
  });
}
