import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationBins, calibrationError } from '../../../src/statistics/calibration-error.js';
import { forAll } from '../support.js';

describe('the calibration error', () => {
  it('is the distance between confidence and accuracy of a bin, weighed by its share', () => {
    // Bin 9 of 15 holds 0.61, 0.62, 0.63 and 0.64: mean 0.625, half of them right. Bin 14 holds 0.95 and 0.99, both right.
    const confidences = [0.61, 0.95, 0.62, 0.63, 0.99, 0.64];
    const right = [true, true, false, true, true, false];
    expect(calibrationError(confidences, right)).toBeCloseTo((4 / 6) * 0.125 + (2 / 6) * 0.03, 12);
  });

  it('does not let one bin make up for another', () => {
    expect(calibrationError([0.5, 1], [true, false])).toBeCloseTo((0.5 + 1) / 2, 12);
    expect(calibrationError([0.75, 0.75], [true, false])).toBeCloseTo(0.25, 12);
  });

  it('puts the ends of bins, 0 and 1 among them, into the bin below', () => {
    expect(calibrationBins).toBe(15);
    // 3/15 belongs to the bin from 2/15, 0.201 to the next: apart, both errors count.
    expect(calibrationError([0.2, 0.201], [true, false])).toBeCloseTo((0.8 + 0.201) / 2, 12);
    expect(calibrationError([0.19, 0.2], [true, false])).toBeCloseTo((1 - 0.39) / 2, 12);
    expect(calibrationError([0, 1], [false, true])).toBe(0);
    expect(() => calibrationError([1.1], [true])).toThrow(RangeError);
  });

  it('is not below the distance between all confidences and all accuracy, nor above 1', async () => {
    const predictions = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), {
      minLength: 1,
    });
    await forAll([predictions]).check((pairs) => {
      const confidences = pairs.map(([confidence]) => confidence);
      const right = pairs.map(([, correct]) => correct);
      const surplus = pairs.reduce((sum, [confidence, correct]) => sum + confidence - Number(correct), 0);
      const error = calibrationError(confidences, right);
      expect(error).toBeGreaterThanOrEqual(Math.abs(surplus) / pairs.length - 1e-12);
      expect(error).toBeLessThanOrEqual(1 + 1e-12);
    });
  });
});
