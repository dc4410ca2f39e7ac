// Most memory that training on a large file takes: a generated file of text<TAB>label lines, the small model, the
// validation part held out and evaluated whole, then so many steps of the first epoch. Linux only. Run after a build:
//
//   npm run bench:memory -- [--megabytes 1000] [--level char|word] [--steps 200] [--limit N] [--json]
//
// The file lies in the system's temporary folder while this runs, and the token ids beside the run: 3 GB in all for 1 GB.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { costOf } from '../dist/bench/cost.js';
import { runScript } from '../dist/cli/script.js';
import { train } from '../dist/index.js';
import { generateCorpus } from './generate-corpus.js';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    level: { type: 'string', default: 'char' },
    steps: { type: 'string', default: '200' },
    limit: { type: 'string' },
    json: { type: 'boolean', default: false },
    // How this program calls itself: a process of its own trains, so that its peak is that of training alone.
    file: { type: 'string' },
    out: { type: 'string' },
  },
});

/** Trains until so many steps of epoch 1 are done; the interruption afterwards is what ends it. */
async function trainSteps(file, out) {
  const controller = new AbortController();
  const began = performance.now();
  let trainingBegan;
  const onProgress = (event) => {
    if (event.kind !== 'step') return;
    trainingBegan ??= performance.now();
    if (event.batch >= Number(values.steps)) controller.abort();
  };
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  const options = { preset: 'paper', train: file, level: values.level, size: 'small', epochs: 1, limit, out };
  const training = () =>
    train(options, { signal: controller.signal, onProgress }).catch((error) => {
      if (error.code !== 'INTERRUPTED') throw error;
    });
  const { peakBytes } = (await costOf(training)).cost;
  const record = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  // Parameters, gradients and two moments, 4 bytes each.
  const modelBytes = 16 * record.parameterCount;
  return {
    level: values.level,
    fileBytes: statSync(file).size,
    examples: record.dataset.examples,
    vocabularySize: record.vocabularySize,
    steps: Number(values.steps),
    secondsBeforeTraining: (trainingBegan - began) / 1000,
    peakBytes,
    modelBytes,
    peakAboveModelBytes: peakBytes - modelBytes,
  };
}

async function main({ folder, again }) {
  const file = join(folder, 'corpus.tsv');
  await generateCorpus(file, Number(values.megabytes) * 1e6);
  process.stdout.write(await again(['--file', file, '--out', join(folder, 'run')]));
}

function report(result) {
  if (values.json) return console.log(JSON.stringify(result));
  const { level, fileBytes, examples, vocabularySize, steps, secondsBeforeTraining } = result;
  const mebibytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;
  console.log(
    `${Math.round(fileBytes / 1e6)} MB, level ${level}, ${examples.train} training and ${examples.valid} validation ` +
      `texts, vocabulary ${vocabularySize}, ${steps} steps`,
  );
  console.log(`  before the first step ends  ${Math.round(secondsBeforeTraining)} s`);
  console.log(`  peak memory                 ${mebibytes(result.peakBytes)}`);
  console.log(`  above the model             ${mebibytes(result.peakAboveModelBytes)}`);
}

if (values.file === undefined) await runScript(values.json, main);
else report(await trainSteps(values.file, values.out));
