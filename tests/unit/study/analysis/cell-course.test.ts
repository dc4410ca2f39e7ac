import { expect, it } from 'vitest';
import { cellCourse, cellLossAlong, gapAfter } from '../../../../src/study/analysis/cell-course.js';
import { epochRecord } from '../../training/support.js';

const history = (...losses: (readonly [train: number | null, valid: number])[]) =>
  losses.map(([trainLoss, validLoss], epoch) => ({ ...epochRecord, epoch, trainLoss, validLoss }));

const long = { history: history([null, 1], [0.8, 0.9], [0.4, 0.7]), selected: 2 };
const short = { history: history([null, 2], [0.6, 0.7]), selected: 1 };

it('means each epoch over the runs that trained it', () => {
  const course = cellCourse([long, short]);
  expect(course.trainLoss).toEqual([null, expect.closeTo(0.7, 12), 0.4]);
  expect(course.validLoss).toEqual([1.5, expect.closeTo(0.8, 12), 0.7]);
  expect(course.selectedEpoch.mean).toBe(1.5);
  expect(course.epochs.mean).toBe(1.5);
  expect(course.gapAtSelected.mean).toBeCloseTo((0.3 + 0.1) / 2, 12);
  expect(cellCourse([long]).gapAtLast).toMatchObject({ mean: expect.closeTo(0.3, 12) as number, ci95: null });
});

it('has nothing where histories of earlier versions lack it', () => {
  const measured = { ...epochRecord, epoch: 1, gradientNorm: 3 };
  const course = cellCourse([{ history: [{ ...epochRecord, epoch: 0 }, measured], selected: 1 }]);
  expect(course.gradientNorm).toEqual([null, 3]);
});

it('has a gap of 0 before the first training', () => {
  expect(gapAfter(long.history, 0)).toBe(0);
  expect(gapAfter(long.history, 1)).toBeCloseTo(0.1, 12);
});

it('means losses along perturbations over the runs that measured them at the same sizes', () => {
  const along = (loss: number, epsilons = [0, 1]) => ({
    ...{ texts: 3, embeddingStd: 0.5, epsilons },
    fastGradientSign: [loss, 2 * loss],
    random: [loss, loss],
  });
  expect(cellLossAlong([along(1), null, undefined, along(2), along(9, [0, 2])])).toEqual({
    ...{ seeds: 2, epsilons: [0, 1] },
    fastGradientSign: [1.5, 3],
    random: [1.5, 1.5],
  });
  expect(cellLossAlong([null, undefined])).toBeNull();
});
