// Most memory that training on a large file takes: a generated file of text<TAB>label lines, the small model, the
// validation part held out and evaluated whole, then so many steps of the first epoch. Linux only. Run after a build;
// `npm run bench:memory -- --help` shows the options.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { integer, text } from '../dist/base/rules.js';
import { costOf } from '../dist/bench/cost.js';
import { runScript } from '../dist/cli/script.js';
import { train } from '../dist/index.js';
import { trainOptions } from '../dist/recipe/table.js';
import { generateCorpus } from './generate-corpus.js';

/** Trains until so many steps of epoch 1 are done; the interruption afterwards is what ends it. */
async function trainSteps({ file, out, level, steps, limit }, signal) {
  const controller = new AbortController();
  const began = performance.now();
  let trainingBegan;
  const onProgress = (event) => {
    if (event.kind !== 'step') return;
    trainingBegan ??= performance.now();
    if (event.batch >= steps) controller.abort();
  };
  const options = { preset: 'paper', train: file, level, size: 'small', epochs: 1, limit, out };
  const training = () =>
    train(options, { signal: AbortSignal.any([signal, controller.signal]), onProgress }).catch((error) => {
      if (error.code !== 'INTERRUPTED' || signal.aborted) throw error;
    });
  const { peakBytes } = (await costOf(training)).cost;
  const record = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  // Parameters, gradients and two moments, 4 bytes each.
  const modelBytes = 16 * record.parameterCount;
  return {
    level,
    fileBytes: statSync(file).size,
    examples: record.dataset.examples,
    vocabularySize: record.vocabularySize,
    steps,
    secondsBeforeTraining: (trainingBegan - began) / 1000,
    peakBytes,
    modelBytes,
    peakAboveModelBytes: peakBytes - modelBytes,
  };
}

function report({ level, fileBytes, examples, vocabularySize, steps, secondsBeforeTraining, ...result }) {
  const mebibytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;
  return [
    `${Math.round(fileBytes / 1e6)} MB, level ${level}, ${examples.train} training and ${examples.valid} validation ` +
      `texts, vocabulary ${vocabularySize}, ${steps} steps`,
    `  before the first step ends  ${Math.round(secondsBeforeTraining)} s`,
    `  peak memory                 ${mebibytes(result.peakBytes)}`,
    `  above the model             ${mebibytes(result.peakAboveModelBytes)}`,
  ].join('\n');
}

const { level, limit } = trainOptions;

await runScript({
  name: 'npm run bench:memory --',
  description: 'peak memory of training on a large generated file',
  table: {
    megabytes: {
      flag: '--megabytes <n>',
      help: 'size of the file',
      defaultWords: '1000',
      rule: integer(1, 1_000_000),
    },
    level: { flag: level.flag, help: level.help, defaultWords: 'char', rule: level.rule },
    steps: { flag: '--steps <n>', help: 'steps of training', defaultWords: '200', rule: integer(1) },
    limit: { flag: limit.flag, help: limit.help, defaultWords: 'all', rule: limit.rule },
  },
  // A process of its own trains, so that its peak is that of training alone.
  own: { file: { flag: '--file <file>', rule: text }, out: { flag: '--out <dir>', rule: text } },
  help: [
    "\nThe file lies in the system's temporary folder while this runs, and the token ids beside the run: 3 GB in all for 1 GB.",
  ],
  examples: [
    'npm run bench:memory',
    'npm run bench:memory -- --megabytes 100 --level word --steps 20 --json',
  ],
  body: async ({ folder, signal, again, result, write }, options) => {
    const { megabytes = 1000, ...chosen } = { level: 'char', steps: 200, ...options };
    if (chosen.file !== undefined) {
      const measured = await trainSteps(chosen, signal);
      return result(measured, () => report(measured));
    }
    const file = join(folder, 'corpus.tsv');
    await generateCorpus(file, megabytes * 1e6);
    await write(await again(['--file', file, '--out', join(folder, 'run')]));
  },
});
