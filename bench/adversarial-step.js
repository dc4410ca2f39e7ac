// One adversarial training step, this engine and PyTorch in turn on the same weights and batch. Run after a build:
//
//   npm run bench -- [--rounds 7] [--threads 2] [--batch 64] [--tokens 256] [--json]
//
// Needs /usr/bin/python3 with PyTorch (Debian: python3-torch, libopenblas0-openmp). The first step of both must agree
// in its losses to 1e-4, else nothing is timed. Times of one run are comparable; times of different runs are not.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { loadAddon } from '../dist/native/loader.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    batch: { type: 'string', default: '64' },
    tokens: { type: 'string', default: '256' },
    json: { type: 'boolean', default: false },
  },
});
const [rounds, threads, B, T] = [values.rounds, values.threads, values.batch, values.tokens].map((text) => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`expected a whole number above 0, got '${text}'`);
  return number;
});

// The DSL configuration of the paper: characters, big model.
const [E, H, M, C, V] = [20, 200, 256, 14, 300];
const [learningRate, epsilon, alpha] = [1e-3, 0.02, 0.5];

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** A fixed batch: ids and labels from a small linear congruential generator. */
function makeBatch() {
  let state = 12345;
  const next = (bound) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * bound);
  };
  return {
    ids: Int32Array.from({ length: B * T }, () => next(V)),
    offsets: Int32Array.from({ length: B + 1 }, (_, b) => b * T),
    labels: Int32Array.from({ length: B }, () => next(C)),
  };
}

/** Starts the PyTorch process; the returned function runs one step. */
async function startPyTorch(classifier, batch) {
  const directory = mkdtempSync(join(tmpdir(), 'advnative-bench-'));
  const parameters = join(directory, 'parameters.f32');
  writeFileSync(parameters, classifier.readParameters());
  const child = spawn('/usr/bin/python3', [new URL('pytorch_step.py', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      OMP_NUM_THREADS: String(threads),
      ATEN_CPU_CAPABILITY: 'avx512',
      MALLOC_MMAP_THRESHOLD_: '4294967296',
      MALLOC_TRIM_THRESHOLD_: '4294967296',
      OPENBLAS_CORETYPE: '',
      OPENBLAS_L2_SIZE: '',
    },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line) => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await lines.next();
    if (done)
      throw new Error('PyTorch ended without an answer (is python3-torch installed for /usr/bin/python3?)');
    return JSON.parse(value);
  };
  const setup = {
    sizes: { B, T, E, H, M, C, V },
    tensors: classifier.tensors,
    parameters,
    ids: [...batch.ids],
    labels: [...batch.labels],
    threads,
    learningRate,
    epsilon,
    alpha,
  };
  const { torch } = await ask(JSON.stringify(setup));
  const stop = () => {
    child.stdin.end();
    rmSync(directory, { recursive: true });
  };
  return { torch, step: () => ask('step'), stop };
}

async function main() {
  const addon = loadAddon();
  const classifier = new addon.Classifier({
    vocabularySize: V,
    embeddingSize: E,
    hiddenSize: H,
    mlpSize: M,
    classCount: C,
    unknownId: 0,
    embeddingRange: 0.5,
    seed: 1,
    threads,
  });
  const batch = makeBatch();
  const options = {
    learningRate,
    dropoutKeep: 1,
    unknownRate: 0,
    clipNorm: 0,
    adversarial: { epsilon, epsilonUnit: 'absolute', alpha },
  };
  const pytorch = await startPyTorch(classifier, batch);
  try {
    const ours = await classifier.trainStep(batch, options);
    const theirs = await pytorch.step();
    const difference = Math.max(
      Math.abs(ours.cleanLoss - theirs.clean),
      Math.abs(ours.adversarialLoss - theirs.adversarial),
    );
    if (!(difference <= 1e-4)) {
      throw new Error(`the first step's losses differ by ${difference}: the two do not compute the same`);
    }
    const times = { advnative: [], pytorch: [] };
    for (let round = 0; round < rounds; round++) {
      const begin = performance.now();
      await classifier.trainStep(batch, options);
      times.advnative.push(performance.now() - begin);
      times.pytorch.push((await pytorch.step()).ms);
    }
    const result = {
      configuration: { B, T, E, H, M, C, V, threads },
      instructionSet: addon.info().instructionSet,
      torch: pytorch.torch,
      rounds,
      lossDifference: difference,
      medianMs: { advnative: median(times.advnative), pytorch: median(times.pytorch) },
      ratio: median(times.advnative.map((ms, round) => times.pytorch[round] / ms)),
    };
    if (values.json) {
      console.log(JSON.stringify(result));
    } else {
      console.log(
        `adversarial step, B ${B}, T ${T}, H ${H}, ${threads} threads, ${result.instructionSet}, ${rounds} rounds in turn`,
      );
      console.log(`  advnative        ${result.medianMs.advnative.toFixed(0).padStart(6)} ms`);
      console.log(`  PyTorch ${pytorch.torch} ${result.medianMs.pytorch.toFixed(0).padStart(6)} ms`);
      console.log(`  PyTorch / advnative, median of the rounds: ${result.ratio.toFixed(2)}`);
    }
  } finally {
    pytorch.stop();
    classifier.dispose();
  }
}

await main();
