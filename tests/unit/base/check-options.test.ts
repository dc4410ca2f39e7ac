import { expect, it } from 'vitest';
import { checkOptions } from '../../../src/base/check-options.js';
import { integer } from '../../../src/base/rules.js';
import { trainOptions } from '../../../src/recipe/table.js';
import { advError } from '../support.js';

const table = {
  epochs: { flag: '--epochs <n>', rule: integer(1) },
  pooling: trainOptions.pooling,
  subwords: trainOptions.subwords,
};

it.each([
  [undefined, /^expected options as an object, got nothing$/],
  [null, /^expected options as an object, got null$/],
  ['epochs', /^expected options as an object, got 'epochs'$/],
  [5, /^expected options as an object, got 5$/],
  [{ epoch: 1 }, /^unknown option 'epoch'$/],
  [{ pooling: ['foo'] }, /^--pooling: expected a list of different poolings .*, got foo$/],
  [{ pooling: ['last', 'foo'] }, /, got last, foo$/],
  [{ pooling: ['last,foo', ''] }, /, got \[ 'last,foo', '' \]$/],
  [{ subwords: [5, 2] }, /, got 5-2$/],
  [{ epochs: 0 }, /^--epochs: expected an integer from 1 to 9007199254740991, got 0$/],
])('refuses the options %j', (options, said) => {
  expect(() => {
    checkOptions(options, table);
  }).toThrow(advError('USAGE', said, /^/));
});

it('takes options that are right, and those that are undefined', () => {
  expect(() => {
    checkOptions({}, table);
    checkOptions({ epochs: undefined }, table);
    checkOptions({ epochs: 3 }, table);
  }).not.toThrow();
});
