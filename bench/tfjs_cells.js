// The recurrent layer of tfjs_step.js: of each cell a function that gives final states [B, 2H] of embedded tokens
// [T, B, E]. Its weights are variables, made of the engine's tensors in the engine's order.
import * as tf from '@tensorflow/tfjs-core';

/**
 * @param cell gru, gru-cho or lstm
 * @param take gives the engine's next tensor of the shape it is asked for
 */
export async function recurrentLayer(cell, { E, H }, take) {
  return cell === 'gru' ? resetAfter(E, H, take) : await layerOf(cell, E, H, take);
}

/** tfjs's GRU layer refuses the reset-after form, so that this cell is written in core ops. Gates r, z, n. */
function resetAfter(E, H, take) {
  const direction = () => ({
    input: tf.variable(tf.transpose(take(3 * H, E))),
    recurrent: tf.variable(tf.transpose(take(3 * H, H))),
    bias: tf.variable(take(3 * H)),
    candidateBias: tf.variable(take(H)),
  });
  const [forward, reverse] = [direction(), direction()];
  return (embedded) => {
    const steps = tf.unstack(embedded, 0);
    return tf.concat([finalState(forward, H, steps), finalState(reverse, H, steps.toReversed())], 1);
  };
}

/** Final state of one direction [B, H] from its input at each step [B, E]. */
function finalState({ input, recurrent, bias, candidateBias }, H, steps) {
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

/** For each gate of tfjs, z, r, h and i, f, c, o, its place among the engine's r, z, n and i, f, g, o. */
const gateOrders = { 'gru-cho': [1, 0, 2], lstm: [0, 1, 2, 3] };

/** tfjs's own layer. Its default recurrent activation is a sigmoid of three straight lines. */
async function layerOf(cell, E, H, take) {
  const { layers } = await import('@tensorflow/tfjs-layers');
  const order = gateOrders[cell];
  const options = { units: H, recurrentActivation: 'sigmoid', ...untilWeightsAreSet };
  const one = cell === 'lstm' ? layers.lstm(options) : layers.gru({ ...options, resetAfter: false });
  const both = layers.bidirectional({ layer: one, mergeMode: 'concat' });
  both.build([null, null, E]);
  const ordered = (columns) => {
    const gates = tf.split(take(order.length * H, columns), order.length, 0);
    return tf.transpose(
      tf.concat(
        order.map((gate) => gates[gate]),
        0,
      ),
    );
  };
  const direction = () => [ordered(E), ordered(H), tf.reshape(ordered(1), [-1])];
  both.setWeights([...direction(), ...direction()]);
  return (embedded) => both.apply(tf.transpose(embedded, [1, 0, 2]));
}

/** The default initializers take seconds; all weights are the engine's, an LSTM's forget bias among them. */
const untilWeightsAreSet = {
  kernelInitializer: 'zeros',
  recurrentInitializer: 'zeros',
  unitForgetBias: false,
};
