import { expect, it } from 'vitest';
import { cellNames, cellOfTensors, cells, isCell, modelTensors } from '../../../src/engine/cells.js';
import { randomModel } from '../onnx/reference-classifier.js';

it.each(cellNames)('lists the tensors of %s with their shapes', (cell) => {
  const { config, tensors } = randomModel(1, cell);
  expect(modelTensors(config)).toEqual(tensors.map(({ name, shape }) => ({ name, shape })));
});

it('has as many rows as gates', () => {
  expect(cellNames.map((cell) => cells[cell].gates.join(''))).toEqual(['rzn', 'rzn', 'ifgo']);
});

it('tells a cell from the names of its tensors, and one GRU from the other', () => {
  for (const cell of cellNames) {
    expect(cellOfTensors(randomModel(1, cell).tensors.map(({ name }) => name))).toBe(cell);
  }
  expect(cellOfTensors(['embedding.table', 'rnn.forward.bias'])).toBeUndefined();
});

it('knows names of cells, and nothing else', () => {
  expect(cellNames.every(isCell)).toBe(true);
  expect(['LSTM', 'gruCho', '', undefined, 3].some(isCell)).toBe(false);
});
