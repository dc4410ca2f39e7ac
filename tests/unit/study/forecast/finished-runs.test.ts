import { expect, it } from 'vitest';
import { meansOf } from '../../../../src/study/forecast/finished-runs.js';
import { epochRecord } from '../../training/support.js';

it('tells training and validation apart, the untrained epoch being validation alone', () => {
  const history = [
    { ...epochRecord, epoch: 0, seconds: 1, trainSeconds: 0 },
    { ...epochRecord, epoch: 1, seconds: 6, trainSeconds: 4 },
    { ...epochRecord, epoch: 2, seconds: 11, trainSeconds: 8 },
  ];
  expect(meansOf(history)).toEqual({ epochs: 2, train: 6, valid: 2 });
});
