// The tfjs side of `advnative bench`: one training step from core ops, timed on request.
//
// Started as pytorch_step.py is, whose head describes arguments, files and answers, with backend=cpu or wasm beside
// them. tfjs's own GRU layer refuses the reset-after form, so that the cell is written here. The wasm backend lacks the
// gradient of gather: the embedded tokens are the input, and their gradient is computed; the scatter into the table and
// Adam are left out, which can only make this side look faster.
//
// Dimension letters: B texts, T tokens of each (all alike), V vocabulary, E embedding, H hidden of one direction, M MLP
// hidden, C classes.
import { readFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';

const setup = Object.fromEntries(process.argv.slice(2).map((argument) => argument.split(/=(.*)/s, 2)));
const [V, E, H, M, C] = ['V', 'E', 'H', 'M', 'C'].map((name) => Number(setup[name]));
const [epsilon, alpha] = [Number(setup.epsilon), Number(setup.alpha)];
const adversarial = setup.adversarial === '1';

/** A file of 32-bit numbers. */
function readArray(name, Type) {
  const bytes = readFileSync(join(setup.folder, name));
  return new Type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

async function chooseBackend() {
  if (setup.backend === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(main)}/`);
  } else {
    await import('@tensorflow/tfjs-backend-cpu');
  }
  if (!(await tf.setBackend(setup.backend))) throw new Error(`tfjs has no ${setup.backend} backend here`);
}

/** The tensors of the engine's flat vector, in the order of src/native/addon.ts; products take them transposed. */
function readParameters() {
  const values = readArray('parameters.f32', Float32Array);
  let at = 0;
  const take = (...shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    at += size;
    return tf.tensor(values.subarray(at - size, at), shape);
  };
  const transposed = (rows, columns) => tf.tidy(() => tf.transpose(take(rows, columns)));
  const table = values.subarray(0, V * E);
  at = V * E;
  const direction = () => ({
    input: transposed(3 * H, E),
    recurrent: transposed(3 * H, H),
    bias: take(3 * H),
    candidateBias: take(H),
  });
  const [forward, reverse] = [direction(), direction()];
  const mlp = {
    hidden: transposed(M, 2 * H),
    hiddenBias: take(M),
    output: transposed(C, M),
    outputBias: take(C),
  };
  return { table, forward, reverse, mlp };
}

/** Final state of one direction [B, H] from its input at each step [B, E], gates r, z, n. */
function finalState({ input, recurrent, bias, candidateBias }, steps) {
  let state = tf.zeros([steps[0].shape[0], H]);
  for (const step of steps) {
    const [xr, xz, xn] = tf.split(tf.add(tf.matMul(step, input), bias), 3, 1);
    const [hr, hz, hn] = tf.split(tf.matMul(state, recurrent), 3, 1);
    const r = tf.sigmoid(tf.add(xr, hr));
    const z = tf.sigmoid(tf.add(xz, hz));
    const n = tf.tanh(tf.add(xn, tf.mul(r, tf.add(hn, candidateBias))));
    state = tf.add(n, tf.mul(z, tf.sub(state, n)));
  }
  return state;
}

/** Mean cross-entropy of embedded tokens [T, B, E]; `weights` in the order of `weightsOf`. */
function meanLoss(embedded, weights, targets) {
  const named = { forward: nameDirection(weights.slice(0, 4)), reverse: nameDirection(weights.slice(4, 8)) };
  const [hiddenWeights, hiddenBias, outputWeights, outputBias] = weights.slice(8);
  const steps = tf.unstack(embedded, 0);
  const states = [finalState(named.forward, steps), finalState(named.reverse, steps.toReversed())];
  const hidden = tf.relu(tf.add(tf.matMul(tf.concat(states, 1), hiddenWeights), hiddenBias));
  const logits = tf.add(tf.matMul(hidden, outputWeights), outputBias);
  // Composed of ops whose gradients both backends have.
  const largest = tf.max(logits, 1, true);
  const shifted = tf.sub(logits, largest);
  const logTotal = tf.log(tf.sum(tf.exp(shifted), 1));
  return tf.mean(tf.sub(logTotal, tf.sum(tf.mul(shifted, targets), 1)));
}

const nameDirection = ([input, recurrent, bias, candidateBias]) => ({
  input,
  recurrent,
  bias,
  candidateBias,
});

const weightsOf = ({ forward, reverse, mlp }) =>
  [forward, reverse, mlp].flatMap((part) => Object.values(part));

function readBatch(table) {
  const ids = readArray('ids.i32', Int32Array);
  const labels = readArray('labels.i32', Int32Array);
  const B = labels.length;
  const T = ids.length / B;
  const values = new Float32Array(T * B * E);
  ids.forEach((id, place) => {
    const [b, t] = [Math.floor(place / T), place % T];
    values.set(table.subarray(id * E, (id + 1) * E), (t * B + b) * E);
  });
  const targets = new Float32Array(B * C);
  labels.forEach((label, b) => (targets[b * C + label] = 1));
  return { embedded: tf.tensor(values, [T, B, E]), targets: tf.tensor(targets, [B, C]) };
}

/** Loss and gradients of one pass: those of the embedded tokens first, then those of the weights. */
function pass(embedded, weights, targets, share) {
  const { value, grads } = tf.valueAndGrads((...inputs) =>
    tf.mul(meanLoss(inputs[0], inputs.slice(1), targets), share),
  )([embedded, ...weights]);
  return { loss: value.dataSync()[0] / share, gradients: grads };
}

function step(weights, { embedded, targets }) {
  return tf.tidy(() => {
    const clean = pass(embedded, weights, targets, adversarial ? alpha : 1);
    if (!adversarial) {
      waitFor(clean.gradients);
      return { cleanLoss: clean.loss, adversarialLoss: clean.loss };
    }
    const perturbed = tf.add(embedded, tf.mul(tf.sign(clean.gradients[0]), epsilon));
    const other = pass(perturbed, weights, targets, 1 - alpha);
    waitFor(clean.gradients.slice(1).map((gradient, place) => tf.add(gradient, other.gradients[place + 1])));
    return { cleanLoss: clean.loss, adversarialLoss: other.loss };
  });
}

const waitFor = (tensors) => tensors.forEach((tensor) => tensor.dataSync());

process.on('uncaughtException', (error) => {
  console.error(error.message.replaceAll('\n', ' '));
  process.exit(1);
});
register('./tfjs_hooks.js', import.meta.url);
await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
await chooseBackend();
const parameters = readParameters();
const weights = weightsOf(parameters);
const batch = readBatch(parameters.table);
console.log(JSON.stringify({ version: tf.version_core, threads: 1 }));
createInterface({ input: process.stdin }).on('line', () => {
  const begin = performance.now();
  const losses = step(weights, batch);
  console.log(JSON.stringify({ milliseconds: performance.now() - begin, ...losses }));
});
