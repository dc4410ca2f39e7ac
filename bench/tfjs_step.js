// The tfjs side of `advnative bench`: one training step from core ops, timed on request.
//
// Started as pytorch_step.py is, whose head describes arguments, files and answers, with backend=cpu or wasm beside
// them. The wasm backend lacks the gradient of gather: the embedded tokens are the input, and their gradient is computed;
// the scatter into the table and Adam are left out, which can only make this side look faster.
//
// Dimension letters: B texts, T tokens of each (all alike), V vocabulary, E embedding, H hidden of one direction, M MLP
// hidden, C classes.
import { readFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import { recurrentLayer } from './tfjs_cells.js';

const setup = Object.fromEntries(process.argv.slice(2).map((argument) => argument.split(/=(.*)/s, 2)));
const [V, E, H, M, C] = ['V', 'E', 'H', 'M', 'C'].map((name) => Number(setup[name]));
const [epsilon, alpha] = [Number(setup.epsilon), Number(setup.alpha)];
const adversarial = setup.adversarial === '1';

/** A file of 32-bit numbers. */
function readArray(name, Type) {
  const bytes = readFileSync(join(setup.folder, name));
  return new Type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** @returns whether this machine has the backend */
async function chooseBackend() {
  if (setup.backend === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(main)}/`);
  } else {
    await import('@tensorflow/tfjs-backend-cpu');
  }
  return tf.setBackend(setup.backend);
}

/** The tensors of the engine's flat vector, one after the other in the order of src/engine/addon.ts. */
function parameterReader() {
  const values = readArray('parameters.f32', Float32Array);
  let at = 0;
  const take = (size) => {
    at += size;
    if (at > values.length) throw new Error(`expected ${at} parameters or more, got ${values.length}`);
    return values.subarray(at - size, at);
  };
  const requireEnd = () => {
    if (at !== values.length) throw new Error(`expected ${at} parameters, got ${values.length}`);
  };
  return { take, requireEnd };
}

/** Table, recurrent layer and MLP; all but the table are variables. */
async function readModel() {
  const { take, requireEnd } = parameterReader();
  const tensor = (...shape) => tf.tensor(take(shape.reduce((product, length) => product * length, 1)), shape);
  const table = take(V * E);
  const states = await recurrentLayer(setup.cell, { E, H }, tensor);
  const dense = (outputs, inputs) => ({
    weights: tf.variable(tf.transpose(tensor(outputs, inputs))),
    bias: tf.variable(tensor(outputs)),
  });
  const model = { table, states, hidden: dense(M, 2 * H), output: dense(C, M) };
  requireEnd();
  return model;
}

const applyDense = ({ weights, bias }, input) => tf.add(tf.matMul(input, weights), bias);

/** Mean cross-entropy of embedded tokens [T, B, E]. */
function meanLoss({ states, hidden, output }, embedded, targets) {
  const logits = applyDense(output, tf.relu(applyDense(hidden, states(embedded))));
  // Composed of ops whose gradients both backends have.
  const largest = tf.max(logits, 1, true);
  const shifted = tf.sub(logits, largest);
  const logTotal = tf.log(tf.sum(tf.exp(shifted), 1));
  return tf.mean(tf.sub(logTotal, tf.sum(tf.mul(shifted, targets), 1)));
}

/** The tokens of the batch, embedded, and its labels as targets. */
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
  return { tokens: tf.tensor(values, [T, B, E]), targets: tf.tensor(targets, [B, C]) };
}

/** Loss and gradients of one pass with respect to every variable, the embedded tokens among them. */
function pass(model, embedded, targets, share) {
  const { value, grads } = tf.variableGrads(() => tf.mul(meanLoss(model, embedded, targets), share));
  return { loss: value.dataSync()[0] / share, gradients: grads };
}

function step(model, embedded, { tokens, targets }) {
  return tf.tidy(() => {
    embedded.assign(tokens);
    const clean = pass(model, embedded, targets, adversarial ? alpha : 1);
    if (!adversarial) {
      waitFor(Object.values(clean.gradients));
      return { cleanLoss: clean.loss, adversarialLoss: clean.loss };
    }
    const { [embedded.name]: gradient, ...weights } = clean.gradients;
    embedded.assign(tf.add(tokens, tf.mul(tf.sign(gradient), epsilon)));
    const other = pass(model, embedded, targets, 1 - alpha);
    waitFor(Object.entries(weights).map(([name, tensor]) => tf.add(tensor, other.gradients[name])));
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
if (!(await chooseBackend())) {
  console.log(JSON.stringify({ unable: `the backend ${setup.backend} does not start here` }));
  process.exit();
}
const model = await readModel();
const batch = readBatch(model.table);
const embedded = tf.variable(batch.tokens);
console.log(JSON.stringify({ version: tf.version_core, threads: 1 }));
createInterface({ input: process.stdin }).on('line', () => {
  const begin = performance.now();
  const losses = step(model, embedded, batch);
  console.log(JSON.stringify({ milliseconds: performance.now() - begin, ...losses }));
});
