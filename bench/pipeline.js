// What text costs beside computing: one epoch of training with the dataset's own settings, and how much of it goes into
// reading, tokenizing, batching and crossing to the engine. Linux only. Run after a build; `npm run bench:pipeline -- --help` shows
// the options. CPU time is that of the main thread, on which all of TypeScript runs; the engine's threads are not counted. Reading and
// tokenizing are paid once a run: their share is given of a single epoch and of the shortest run that the default patience allows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runScript } from '../dist/cli/script.js';
import { loadAddon } from '../dist/engine/loader.js';
import { trainOptions } from '../dist/recipe/table.js';
import { trainWith } from '../dist/training/train.js';

/** Epochs of the shortest run: the first is the best, and patience is 10. */
const fewestEpochs = 11;

/** CPU time of the main thread so far, in milliseconds. */
function mainThreadTime() {
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

/** The engine, with a record of when the data was ready for it, and of when each step was called, had its arrays and ended. */
function observed(addon, record) {
  return {
    info: () => addon.info(),
    requireMemory: (need) => addon.requireMemory(need),
    Classifier: class extends addon.Classifier {
      constructor(config) {
        record.prepared = mainThreadTime();
        super(config);
      }

      async trainStep(batch, options) {
        record.began ??= mainThreadTime();
        const called = performance.now();
        const running = super.trainStep(batch, options);
        const crossed = performance.now();
        const result = await running;
        record.steps.push({ called, crossed, ended: performance.now() });
        return result;
      }
    },
  };
}

async function measure(name, { limit, size }, { folder, signal }) {
  const record = { prepared: 0, began: undefined, ended: 0, steps: [] };
  const controller = new AbortController();
  const began = mainThreadTime();
  const onProgress = (event) => {
    if (event.kind === 'step' && event.batch === event.batches) record.ended = mainThreadTime();
    if (event.kind === 'epoch' && event.record.epoch === 1) controller.abort();
  };
  const options = {
    preset: 'paper',
    dataset: name,
    limit,
    size,
    epochs: 1,
    out: join(folder, name),
  };
  const watch = { signal: AbortSignal.any([signal, controller.signal]), onProgress };
  await trainWith(observed(loadAddon(), record), options, watch).catch((error) => {
    if (error.code !== 'INTERRUPTED' || signal.aborted) throw error;
  });
  return { data: name, size, ...summary(record, record.prepared - began) };
}

function summary({ steps, began, ended }, preparation) {
  const [first, last] = [steps[0], steps.at(-1)];
  const waits = steps.slice(1).map(({ called }, place) => called - steps[place].ended);
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const epoch = last.ended - first.called;
  const running = ended - began;
  return {
    steps: steps.length,
    epochMs: epoch,
    preparationCpuMs: preparation,
    epochCpuMs: running,
    crossingMs: sum(steps.map(({ called, crossed }) => crossed - called)),
    engineWaitsMs: sum(waits),
    shareOfOneEpoch: (preparation + running) / epoch,
    shareOfShortestRun: (preparation / fewestEpochs + running) / epoch,
    engineWaitsShare: sum(waits) / epoch,
  };
}

function report(result) {
  const ms = (value) => `${value.toFixed(0).padStart(8)} ms`;
  const percent = (value) => `${(100 * value).toFixed(2).padStart(6)} %`;
  const part = (value) => `${ms(value)} ${percent(value / result.epochMs)}`;
  return [
    `${result.data}, ${result.size} model: ${result.steps} steps`,
    `  one epoch of training              ${ms(result.epochMs)}`,
    `  reading and tokenizing, once a run ${part(result.preparationCpuMs)}  CPU`,
    `  main thread during the epoch       ${part(result.epochCpuMs)}  CPU`,
    `    of which crossing to the engine  ${part(result.crossingMs)}`,
    `  the engine waits between steps     ${part(result.engineWaitsMs)}`,
    `  text in all                                     ${percent(result.shareOfOneEpoch)}  of a run of 1 epoch`,
    `                                                  ${percent(result.shareOfShortestRun)}  of a run of ${fewestEpochs} epochs`,
  ].join('\n');
}

const { limit, size } = trainOptions;

await runScript({
  name: 'npm run bench:pipeline --',
  description: 'how much of one epoch of training goes into text',
  arguments: { '[name...]': 'datasets; dsl and subjectivity where none is named' },
  table: {
    limit: { flag: limit.flag, help: limit.help, defaultWords: 'all', rule: limit.rule },
    size: { flag: size.flag, help: size.help, defaultWords: 'big', rule: size.rule },
  },
  examples: ['ADVNATIVE_DATA=DIR npm run bench:pipeline -- dsl --limit 10000 --size small'],
  body: async (place, { limit, size = 'big' }, names) => {
    for (const name of names.length > 0 ? names : ['dsl', 'subjectivity']) {
      const measured = await measure(name, { limit, size }, place);
      await place.result(measured, () => report(measured));
    }
  },
});
