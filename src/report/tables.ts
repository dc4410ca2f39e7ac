import type { DatasetListing } from '../datasets/catalogue.js';
import type { Comparison } from '../training/compare.js';
import type { EvaluationResult } from '../training/evaluate.js';
import type { TrainResult } from '../training/run.js';
import { count, plural, printable, pValue, score } from './format.js';

/**
 * Rows as plain text columns two spaces apart. Columns whose cells below the header are all numbers, or empty, are set
 * flush right.
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  // Labels and tokens may hold what a terminal would obey.
  const [titles = [], ...shown] = [header, ...rows].map((cells) => cells.map(printable));
  const columns = titles.map((title, place) => {
    const cells = shown.map((row) => row[place] ?? '');
    return {
      width: Math.max(...[title, ...cells].map((cell) => cell.length)),
      numeric: cells.some((cell) => cell !== '') && cells.every((cell) => /^(-?[\d.,]+%?)?$/.test(cell)),
    };
  });
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ width, numeric }, place) => {
        const cell = cells[place] ?? '';
        return numeric ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [titles, ...shown].map(line).join('\n');
}

/** What a finished run found. */
export function trainReport(result: TrainResult): string {
  const { test, onnxParity, best, ngrams, throughput, warnings } = result;
  const rows = [
    ngrams !== null && ngrams.networkScale === null
      ? ['n-grams', `${count(ngrams.features)} (validation loss ${score(best.validLoss)})`]
      : ['best epoch', `${best.epoch} (${selectionReport(result)})`],
    [
      'test',
      test === null
        ? 'none: the data has no test split'
        : `loss ${score(test.loss)}, accuracy ${score(test.accuracy)}, macro F1 ${score(test.macroF1)}, n ${count(test.n)}`,
    ],
    ...baselineRows(result),
    [
      'throughput',
      [
        ...(throughput.tokensPerSecond === 0 ? [] : [`${count(throughput.tokensPerSecond)} tokens/s`]),
        `${count(throughput.examplesPerSecond)} examples/s`,
      ].join(', '),
    ],
    [
      'model',
      onnxParity === null
        ? `${result.model} (not checked: onnxruntime-node is not installed)`
        : `${result.model} (within ${onnxParity.maxAbsDiff.toExponential(1)} of the engine on ${onnxParity.n} texts)`,
    ],
    ['run', result.run],
    ...warnings.map(({ message }) => ['warning', message]),
  ];
  return table(['', ''], rows).trimStart();
}

/** How the selected epoch did on validation texts, and which epochs other criteria would have selected. */
function selectionReport({ best, epochsBy, ngrams }: TrainResult): string {
  const { loss = best.epoch, accuracy = best.epoch, macroF1 = best.epoch } = epochsBy ?? {};
  const others = Object.entries({ loss, accuracy, 'macro F1': macroF1 })
    .filter(([, epoch]) => epoch !== best.epoch)
    .map(([criterion, epoch]) => `by ${criterion} ${epoch}`);
  const withNgrams = ngrams === null ? [] : [`with n-grams ${score(ngrams.valid.loss)}`];
  const losses = [`validation loss ${score(best.validLoss)}`, ...withNgrams].join(', ');
  return [losses, ...others].join('; ');
}

/** The line beneath the test result: what a linear n-gram classifier reaches, and whether the difference is more than chance. */
function baselineRows({ baseline, test }: TrainResult): string[][] {
  if (baseline === null) return [];
  const { comparison, examples, seconds } = baseline;
  const measured = baseline.test ?? baseline.valid;
  const verdict =
    comparison === null
      ? ''
      : { a: ', worse than the model', b: ', better than the model', neither: ', no clear difference' }[
          comparison.better
        ] + ` (paired t-test, p ${pValue(comparison.p)})`;
  return [
    [
      'linear n-grams',
      `${test === null ? 'validation ' : ''}loss ${score(measured.loss)}, accuracy ${score(measured.accuracy)}, ` +
        `macro F1 ${score(measured.macroF1)}${verdict}; ${seconds.toFixed(1)} s on ${count(examples)} texts`,
    ],
  ];
}

/** Losses and scores of an evaluation, each class, and the confusion matrix. */
export function evaluationReport(result: EvaluationResult): string {
  const classes = result.perClass.map(({ label, precision, recall, f1, support }) => [
    label,
    ...[precision, recall, f1].map(score),
    String(support),
  ]);
  const confusion = result.confusion.map((row, place) => [
    result.perClass[place]?.label ?? '',
    ...row.map(String),
  ]);
  return [
    `${result.model} on ${result.data}: n ${count(result.n)}`,
    `loss ${score(result.loss)}, accuracy ${score(result.accuracy)}, macro F1 ${score(result.macroF1)}`,
    '',
    table(['class', 'precision', 'recall', 'F1', 'support'], classes),
    '',
    'Confusion matrix: rows are true classes, columns predicted ones.',
    table(['', ...result.perClass.map(({ label }) => label)], confusion),
  ].join('\n');
}

/** A paired t-test in numbers and in one sentence, and what was left out of it. */
export function comparisonReport(a: string, b: string, test: Comparison): string {
  const [low, high] = test.ci95.map((bound) => bound.toPrecision(4));
  const { leftOut, mcnemar } = test;
  const verdict = {
    a: `${a} has the smaller test loss.`,
    b: `${b} has the smaller test loss.`,
    neither: 'The difference is not significant at 0.05.',
  }[test.better];
  return [
    `a = ${a}`,
    `b = ${b}`,
    `mean difference of the losses (a - b) ${test.meanDifference.toPrecision(4)}, 95% interval ${low ?? ''} to ${high ?? ''}`,
    `t(${test.df}) = ${decimal(test.t)}, p = ${pValue(test.p)}, Cohen's dz = ${decimal(test.cohensDz)}, n = ${count(test.n)}`,
    ...(leftOut
      ? [`left out, because they occur on one side only: ${count(leftOut.a)} of a, ${count(leftOut.b)} of b`]
      : []),
    test.ci95.every((bound) => bound === 0) ? 'Both models have the same loss on every example.' : verdict,
    `accuracy (a - b) ${mcnemar.accuracyDifference.toPrecision(4)}, McNemar's exact test p = ${pValue(mcnemar.p)}; ` +
      `only a is right on ${plural(mcnemar.onlyA, 'text')}, only b on ${plural(mcnemar.onlyB, 'text')}`,
    'This compares two models, not two methods: repeat it with several seeds before judging a method.',
  ].join('\n');
}

/** Datasets and where they lie. */
export function datasetsReport(listings: readonly DatasetListing[]): string {
  return table(
    ['name', 'classes', 'where', 'description'],
    listings.map(({ name, description, labels, found, builtIn }) => [
      name,
      String(labels),
      builtIn ? 'built in' : (found ?? 'not downloaded'),
      description,
    ]),
  );
}

/** Three decimals; the largest double stands for infinity in a test without variance. */
function decimal(value: number): string {
  if (Math.abs(value) < Number.MAX_VALUE) return value.toFixed(3);
  return value > 0 ? 'infinite' : '-infinite';
}
