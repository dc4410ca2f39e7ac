import { expect, it } from 'vitest';
import { cellNames, modelTensors } from '../../src/engine/cells.js';
import { createClassifier } from './fixtures.js';

it.each(cellNames)('the tensors of %s are those that TypeScript lists, without gaps', (cell) => {
  const classifier = createClassifier({ cell });
  let offset = 0;
  const expected = modelTensors(classifier.config).map(({ name, shape }) => {
    const tensor = { name, shape, offset };
    offset += shape.reduce((product, size) => product * size, 1);
    return tensor;
  });
  expect(classifier.tensors).toEqual(expected);
  expect(classifier.readParameters()).toHaveLength(offset);
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
