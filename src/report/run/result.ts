import type { EpochRecord } from '../../base/epoch-record.js';
import { meanInterval } from '../../statistics/mean-interval.js';
import type { RunResult, TestSummary } from '../../training/run-record.js';
import { numberCell, type Block, type Cell, type Section, type TableRow } from '../document/document.js';
import { count, plural, pValue, score, share } from '../format.js';
import type { RunFacts } from './run-facts.js';

/** What a loss is, in words. */
export const lossWords = {
  'cross-entropy': 'cross-entropy in nats',
  squared: 'squared error of a sigmoid for each class',
} as const;

/** What came out, in sentences, and what makes it doubtful. */
export function openingOf(facts: RunFacts): Block[] {
  const { record, path } = facts;
  const sentences =
    record.result === undefined
      ? [unfinished(facts)]
      : [tested(facts), selected(facts), besideBaseline(facts)];
  const said = sentences.filter((sentence) => sentence !== '');
  const warnings = (record.warnings ?? []).map(({ message }) => message);
  return [
    { kind: 'text', text: said.join(' ') },
    ...(warnings.length === 0 ? [] : [{ kind: 'warnings', warnings } as const]),
    { kind: 'text', text: `Run directory: ${path}` },
  ];
}

function unfinished({ record: { status, error }, history }: RunFacts): string {
  const epochs = plural(Math.max(0, history.length - 1), 'epoch');
  const why = error === undefined ? '' : ` (${error.code}: ${error.message})`;
  return `This run has no result: its status is '${status}'${why} after ${epochs}.`;
}

function tested({ record: { result, recipe }, losses }: RunFacts): string {
  const test = result?.test;
  if (test == null) return 'The data has no test part: what follows is of validation texts.';
  const interval = losses && meanInterval(losses.map(({ loss }) => loss)).ci95;
  const range = interval == null ? '' : `, 95% interval over texts ${interval.map(score).join(' to ')}`;
  return (
    `On ${count(test.n)} test texts: loss ${score(test.loss)} (${lossWords[recipe.loss]}${range}), ` +
    `accuracy ${share(test.accuracy)}, macro F1 ${score(test.macroF1)}.`
  );
}

function selected({ record: { result, recipe }, history }: RunFacts): string {
  if (result === undefined || !recipe.recurrent) return '';
  const criterion = {
    loss: 'validation loss',
    accuracy: 'validation accuracy',
    'macro-f1': 'validation macro F1',
  };
  return `Epoch ${result.best.epoch} of ${history.length - 1} was selected by ${criterion[recipe.select]}, before the test texts were read.`;
}

function besideBaseline({ record: { result } }: RunFacts): string {
  const comparison = result?.baseline?.comparison;
  if (comparison == null) return '';
  const { meanDifference, p, better } = comparison;
  const verdict = { a: 'smaller than', b: 'larger than', neither: 'not clearly different from' }[better];
  return (
    `The loss is ${verdict} that of the linear n-gram classifier: mean difference ${signed(meanDifference)}, ` +
    `below 0 where this run is better (paired t-test, p ${pValue(p)}).`
  );
}

/** A difference with its sign. */
const signed = (value: number): string => (value < 0 ? '−' : '+') + score(Math.abs(value));

const header = [
  '',
  'test loss',
  'test accuracy',
  'test macro F1',
  'validation loss',
  'validation accuracy',
  'validation macro F1',
];

/** The result beside what is reached with less. */
export function resultSection(facts: RunFacts): Section | undefined {
  const { result } = facts.record;
  if (result === undefined) return undefined;
  const caption =
    'Class shares: the loss of always answering with the shares of the classes in the training data; most frequent class: the accuracy of ' +
    'always answering it. A model that has learnt something is better than both.';
  return {
    heading: 'Result beside simpler models',
    blocks: [
      {
        kind: 'table',
        table: { name: 'Result', caption, header, rows: resultRows(facts, result), kind: 'numbers' },
      },
    ],
  };
}

/** What is known of a model on a part of the data. */
type Measured = Partial<Pick<TestSummary, 'loss' | 'accuracy' | 'macroF1'>>;

function resultRows({ history }: RunFacts, result: RunResult): TableRow[] {
  const { best, ngrams, baseline, test, withoutLearning: without } = result;
  const network = validated(history.find(({ epoch }) => epoch === best.epoch));
  const untrained = history.length > 1 ? validated(history[0]) : undefined;
  const rows: (readonly [name: string, test: Measured | null | undefined, valid: Measured | undefined])[] = [
    ['this run', test, ngrams?.valid ?? network],
    ...(ngrams === undefined || network === undefined
      ? []
      : [['its network alone', undefined, network] as const]),
    ...(baseline == null ? [] : [['linear n-grams', baseline.test, baseline.valid] as const]),
    ...(untrained === undefined ? [] : [['untrained network', undefined, untrained] as const]),
    ...(without === undefined
      ? []
      : [
          ['class shares', undefined, { loss: without.priorLoss }] as const,
          [
            `most frequent class (${without.majorityLabel})`,
            undefined,
            { accuracy: without.majorityAccuracy },
          ] as const,
        ]),
  ];
  return rows.map(([name, ofTest, valid]) => ({
    name,
    cells: [...cells(ofTest ?? {}), ...cells(valid ?? {})],
  }));
}

const validated = (epoch: EpochRecord | undefined): Measured | undefined =>
  epoch && { loss: epoch.validLoss, accuracy: epoch.validAccuracy, macroF1: epoch.validMacroF1 };

const cells = ({ loss, accuracy, macroF1 }: Measured): Cell[] => [
  numberCell(loss, score),
  numberCell(accuracy, share),
  numberCell(macroF1, score),
];
