import { score } from '../format.js';
import type { DescribedChart } from './described-chart.js';
import { linePlot, type Line } from './line-plot.js';

/** Mean losses at texts that are perturbed in two ways, by the size of the perturbation. */
export interface PerturbedLosses {
  /** In standard deviations of the embedding table, from 0 on. */
  readonly epsilons: readonly number[];
  /** Along the sign of the gradient. */
  readonly fastGradientSign: readonly number[];
  /** Along random signs. */
  readonly random: readonly number[];
}

const marks = [0, 0.01, 0.05, 0.1, 0.2, 0.5, 1];

/** How fast the loss grows around the texts of a model; the flatter, the less a perturbation does. */
export function lossAlongChart(losses: PerturbedLosses, texts: string, trainedWith?: number): DescribedChart {
  const { epsilons, fastGradientSign, random } = losses;
  const [first, worst, chance] = [fastGradientSign[0] ?? 0, fastGradientSign.at(-1) ?? 0, random.at(-1) ?? 0];
  const most = (epsilons.at(-1) ?? 0).toString();
  return {
    caption:
      `Mean loss of ${texts} whose embedded tokens are moved by ε along the sign of the loss's gradient, and by ε along random signs. ε is in standard ` +
      'deviations of the embedding table; small values have more room. The further apart the lines, the more the worst direction matters.',
    alternative: `Both lines begin at ${score(first)}; at ε = ${most} the loss is ${score(worst)} along the gradient and ${score(chance)} along random signs.`,
    specification: (form) =>
      linePlot(
        {
          x: 'ε in standard deviations of the embeddings',
          y: 'mean loss',
          lines: linesAlong(losses),
          roots: marks,
          marked:
            trainedWith === undefined ? undefined : { x: trainedWith, label: `trained with ${trainedWith}` },
        },
        form,
        { height: 280 },
      ),
  };
}

/** The two lines. */
export const linesAlong = ({ epsilons, fastGradientSign, random }: PerturbedLosses): Line[] =>
  [
    { name: 'gradient', ink: 1, losses: fastGradientSign } as const,
    { name: 'random', ink: 0, losses: random } as const,
  ].map(({ losses, ...line }) => ({
    ...line,
    points: losses.flatMap((y, place) => {
      const x = epsilons[place];
      return x === undefined ? [] : [{ x, y }];
    }),
  }));
