import type { EpochRecord } from '../../base/epoch-record.js';
import type { DescribedChart } from '../charts/described-chart.js';
import { linePlot, type Line, type LinePlot } from '../charts/line-plot.js';
import type { Block, Section } from '../document/document.js';
import { score } from '../format.js';
import { lossAlongSections } from './loss-along.js';
import type { RunFacts } from './run-facts.js';
import { lossWords } from './result.js';

/** How the network learnt, epoch by epoch; nothing where there was none or it has only begun. */
export function learningSections(facts: RunFacts): Section[] {
  const { history, record } = facts;
  if (!record.recipe.recurrent || history.length < 2) return [];
  return [
    {
      heading: 'Loss over epochs',
      blocks: [chart(lossChart(facts)), ...(history.length > 2 ? [chart(gapChart(facts))] : [])],
    },
    { heading: 'Accuracy over epochs', blocks: [chart(accuracyChart(facts))] },
    { heading: 'Embeddings and ε over epochs', blocks: [chart(scaleChart(facts)), ...epsilonBlocks(facts)] },
    ...gradientSections(facts),
    ...lossAlongSections(record),
  ];
}

const chart = (drawn: DescribedChart): Block => ({ kind: 'chart', chart: drawn });

/** A plot over epochs, with the selected one marked. */
function overEpochs(
  { record }: RunFacts,
  said: Pick<DescribedChart, 'caption' | 'alternative'>,
  plot: Omit<LinePlot, 'x' | 'marked' | 'whole'>,
  height = 280,
): DescribedChart {
  const epoch = record.result?.best.epoch;
  const marked = epoch === undefined ? undefined : { x: epoch, label: `selected: epoch ${epoch}` };
  return {
    ...said,
    specification: (form) => linePlot({ ...plot, x: 'epoch', marked, whole: true }, form, { height }),
  };
}

function line(
  history: readonly EpochRecord[],
  name: string,
  ink: Line['ink'],
  of: (epoch: EpochRecord) => number | null | undefined,
): Line {
  const points = history.flatMap((epoch) => {
    const y = of(epoch);
    return y == null ? [] : [{ x: epoch.epoch, y }];
  });
  return { name, ink, points };
}

function lossChart(facts: RunFacts): DescribedChart {
  const { history, record } = facts;
  const { loss, dropoutKeep, unknownRate } = record.recipe;
  const prior = record.result?.withoutLearning?.priorLoss;
  const changed = [
    ...(dropoutKeep < 1 ? ['dropout'] : []),
    ...(unknownRate > 0 ? ['words made unknown'] : []),
  ];
  const perturbed = history.some(({ adversarialLoss }) => adversarialLoss != null);
  const least = history.slice(1).reduce((one, other) => (other.validLoss < one.validLoss ? other : one));
  return overEpochs(
    facts,
    {
      caption:
        `Mean loss (${lossWords[loss]}) of the training texts as the steps of an epoch saw them` +
        (changed.length === 0 ? '' : `, with ${changed.join(' and ')}`) +
        ', and of the validation texts after it.' +
        (perturbed ? ' Perturbed: the same training texts with the perturbation.' : '') +
        ' Epoch 0 is the untrained model. Where validation loss rises while training loss falls, the model learns its training texts by heart.' +
        (prior === undefined ? '' : ' Dotted: the loss of answering with the shares of the classes alone.'),
      alternative:
        `Lines over ${history.length - 1} epochs: validation loss begins at ${score(history[0]?.validLoss ?? 0)}, is least at ` +
        `epoch ${least.epoch} with ${score(least.validLoss)} and ends at ${score(history.at(-1)?.validLoss ?? 0)}; ` +
        `training loss ends at ${score(history.at(-1)?.trainLoss ?? 0)}.`,
    },
    {
      y: 'mean loss',
      lines: [
        line(history, 'validation', 0, ({ validLoss }) => validLoss),
        line(history, 'training', 1, ({ trainLoss }) => trainLoss),
        line(history, 'perturbed', 2, ({ adversarialLoss }) => adversarialLoss),
      ],
      level: prior === undefined ? undefined : { y: prior, label: 'class shares' },
    },
  );
}

function gapChart(facts: RunFacts): DescribedChart {
  const { history } = facts;
  const gap = line(history, 'gap', 0, ({ validLoss, trainLoss }) =>
    trainLoss === null ? null : validLoss - trainLoss,
  );
  return overEpochs(
    facts,
    {
      caption:
        'The gap: validation loss minus training loss. The larger, the more of what was learnt holds for training texts only.',
      alternative: `A line that ends at ${score(gap.points.at(-1)?.y ?? 0)}.`,
    },
    { y: 'validation − training loss', lines: [gap], level: { y: 0, label: 'no gap' } },
    200,
  );
}

function accuracyChart(facts: RunFacts): DescribedChart {
  const { history, record } = facts;
  const majority = record.result?.withoutLearning?.majorityAccuracy;
  const last = history.at(-1);
  return overEpochs(
    facts,
    {
      caption:
        'Share of texts whose class is found: training texts as the steps saw them, validation texts after the epoch; and macro F1 of the ' +
        'validation texts.' +
        (majority === undefined ? '' : ' Dotted: accuracy of always answering the most frequent class.'),
      alternative:
        `Three lines that end at a training accuracy of ${score(last?.trainAccuracy ?? 0)}, a validation accuracy of ` +
        `${score(last?.validAccuracy ?? 0)} and a macro F1 of ${score(last?.validMacroF1 ?? 0)}.`,
    },
    {
      y: 'accuracy, macro F1',
      format: '.0%',
      lines: [
        line(history, 'validation', 0, ({ validAccuracy }) => validAccuracy),
        line(history, 'training', 1, ({ trainAccuracy }) => trainAccuracy),
        line(history, 'macro F1', 2, ({ validMacroF1 }) => validMacroF1),
      ],
      level: majority === undefined ? undefined : { y: majority, label: 'most frequent class' },
    },
  );
}

function scaleChart(facts: RunFacts): DescribedChart {
  const { history } = facts;
  const [first, last] = [history[0], history.at(-1)];
  return overEpochs(
    facts,
    {
      caption:
        'Standard deviation of all entries of the embedding table after each epoch. A model can evade a perturbation of fixed size by larger embeddings; ' +
        'ε in standard deviations grows with them.',
      alternative: `A line from ${(first?.embeddingStd ?? 0).toPrecision(3)} to ${(last?.embeddingStd ?? 0).toPrecision(3)}.`,
    },
    { y: 'standard deviation', lines: [line(history, 'embeddings', 0, ({ embeddingStd }) => embeddingStd)] },
    200,
  );
}

function epsilonBlocks(facts: RunFacts): Block[] {
  const { history, record } = facts;
  const { epsilon, epsilonUnit } = record.recipe;
  if (!history.some((epoch) => epoch.epsilon > 0)) return [];
  const of =
    epsilonUnit === 'std' ? `${epsilon} standard deviations of the embedding table` : `${epsilon}, absolute`;
  const last = history.at(-1)?.epsilon ?? 0;
  return [
    chart(
      overEpochs(
        facts,
        {
          caption: `Size ε of the perturbation in the last step of each epoch, as it is added to embeddings. The option says ${of}.`,
          alternative: `A line that ends at ${last.toPrecision(3)}.`,
        },
        { y: 'ε', lines: [line(history.slice(1), 'ε', 0, (epoch) => epoch.epsilon)] },
        200,
      ),
    ),
  ];
}

/** Runs of earlier versions tell no norms. */
function gradientSections(facts: RunFacts): Section[] {
  const norms = line(facts.history, 'norm', 0, ({ gradientNorm }) => gradientNorm);
  if (norms.points.length === 0) return [];
  const { clipNorm } = facts.record.recipe;
  const clipped = clipNorm === 0 ? '' : ` Gradients of a larger norm than ${clipNorm} are scaled down to it.`;
  const drawn = overEpochs(
    facts,
    {
      caption: `Norm of the gradient of all parameters together, before clipping, mean over the steps of an epoch.${clipped}`,
      alternative: `A line from ${(norms.points[0]?.y ?? 0).toPrecision(3)} to ${(norms.points.at(-1)?.y ?? 0).toPrecision(3)}.`,
    },
    { y: 'gradient norm', lines: [norms] },
    200,
  );
  return [{ heading: 'Gradient norms over epochs', blocks: [chart(drawn)] }];
}
