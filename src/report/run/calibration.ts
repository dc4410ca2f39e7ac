import { calibrationBins, calibrationError } from '../../statistics/calibration-error.js';
import type { LossRow } from '../../training/loss-file.js';
import { reliabilityChart, type ReliabilityBin } from '../charts/reliability.js';
import type { Section } from '../document/document.js';
import { share } from '../format.js';
import type { RunFacts } from './run-facts.js';

/**
 * Whether what is predicted with 80 % is right in 80 % of the cases. The probability of the prediction follows from the cross-entropy of the
 * label where there are two classes; of more, the files of a run do not tell it.
 */
export function calibrationSection({ losses, record }: RunFacts): Section | undefined {
  const { recipe, dataset } = record;
  if (losses === undefined || dataset.labels.length !== 2 || recipe.loss !== 'cross-entropy')
    return undefined;
  const confidences = losses.map(confidenceOf);
  const right = losses.map(({ label, prediction }) => label === prediction);
  const bins = binsOf(confidences, right);
  return {
    heading: 'Calibration',
    blocks: [
      {
        kind: 'chart',
        chart: reliabilityChart(
          bins,
          `Expected calibration error: ${share(calibrationError(confidences, right))}.`,
        ),
      },
    ],
  };
}

/** Of two classes the predicted one has at least half of the probability. */
function confidenceOf({ label, prediction, loss }: LossRow): number {
  const ofLabel = Math.min(1, Math.exp(-loss));
  return label === prediction ? ofLabel : 1 - ofLabel;
}

function binsOf(confidences: readonly number[], right: readonly boolean[]): ReliabilityBin[] {
  const bins = Array.from({ length: calibrationBins }, () => ({ confidence: 0, accuracy: 0, texts: 0 }));
  confidences.forEach((confidence, place) => {
    const bin = bins[Math.max(Math.ceil(confidence * calibrationBins) - 1, 0)];
    if (bin === undefined) return;
    bin.confidence += confidence;
    bin.accuracy += Number(right[place]);
    bin.texts += 1;
  });
  return bins
    .filter(({ texts }) => texts > 0)
    .map(({ confidence, accuracy, texts }) => ({
      confidence: confidence / texts,
      accuracy: accuracy / texts,
      texts,
    }));
}
