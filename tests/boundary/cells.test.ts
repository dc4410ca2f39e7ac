import { expect, it } from 'vitest';
import { cellNames, modelTensors } from '../../src/engine/cells.js';
import { createClassifier } from './fixtures.js';

it.each(cellNames.flatMap((cell) => [[cell, ['last']] as const, [cell, ['max', 'attention']] as const]))(
  'the tensors of %s with poolings %j are those that TypeScript lists, without gaps',
  (cell, pooling) => {
    const classifier = createClassifier({ cell, pooling, layers: 2 });
    let offset = 0;
    const expected = modelTensors(classifier.config).map(({ name, shape }) => {
      const tensor = { name, shape, offset };
      offset += shape.reduce((product, size) => product * size, 1);
      return tensor;
    });
    expect(classifier.tensors).toEqual(expected);
    expect(classifier.readParameters()).toHaveLength(offset);
  },
);

it('begins with the same weights whether attention is one of its poolings or not', () => {
  const weightsOf = (pooling: 'max' | 'attention'): Float32Array =>
    createClassifier({ pooling: ['last', pooling] }).readParameters();
  const without = weightsOf('max');
  expect(weightsOf('attention').subarray(0, without.length)).toEqual(without);
});

it("starts an LSTM's forget gate open and all other biases at 0", () => {
  for (const cell of cellNames) {
    const classifier = createClassifier({ cell });
    const H = classifier.config.hiddenSize;
    const parameters = classifier.readParameters();
    for (const { name, shape, offset } of classifier.tensors.filter((tensor) =>
      /[bB]ias$/.test(tensor.name),
    )) {
      const bias = [...parameters.subarray(offset, offset + (shape[0] ?? 0))];
      const isGates = name.startsWith('lstm.');
      expect(bias, name).toEqual(bias.map((_, row) => (isGates && row >= H && row < 2 * H ? 1 : 0)));
    }
  }
});
