import { remarks, sections } from '../report.js';
import { regimeSettings, systemNames, usualDatasets } from './options.js';
import type { QualityResult, QualityScore } from './result.js';
import type { Absence } from './run.js';

const header = [
  ...['system', 'seeds', 'accuracy', 'macro F1', 'loss', 'ECE'],
  ...['valid accuracy', 'valid macro F1', 'valid loss', 'seconds', 'CPU s', 'peak MiB', 'model MiB'],
];

/** The tables of results in Markdown: one a dataset, one of the regimes, and what is missing. */
export function qualityReport(results: readonly QualityResult[], absences: readonly Absence[] = []): string {
  const datasets = namesOf(results, 'dataset', usualDatasets);
  const tables = datasets.map((dataset) => datasetTable(dataset, results));
  const reasons = absences.map(({ name, reason }) => [reason, name] as const);
  const missing = remarks(reasons).map(([reason, names]) => `${names.join(', ')}: ${reason}`);
  return sections(...tables, regimeTable(results, datasets), missing.join('\n'));
}

function datasetTable(dataset: string, all: readonly QualityResult[]): string {
  const results = all.filter((one) => one.dataset === dataset);
  const rows = namesOf(results, 'system', systemNames).map((system) =>
    systemRow(
      system,
      results.filter((one) => one.system === system),
    ),
  );
  const notes = remarks(results.flatMap(({ notes }) => notes.map((note) => [note, dataset] as const)));
  return sections(
    `### ${dataset}`,
    examplesLine(results),
    markdownTable(header, rows),
    notes.map(([note]) => `${note}.`).join('\n'),
  );
}

function examplesLine(results: readonly QualityResult[]): string {
  const said = results.map(
    ({ examples, classes }) =>
      `${examples.train} training, ${examples.valid} validation and ${examples.test} test texts of ${classes} classes.`,
  );
  return [...new Set(said)].join('\n');
}

function systemRow(system: string, results: readonly QualityResult[]): string[] {
  const over = (valueOf: (result: QualityResult) => number, digits: number): string =>
    meanAndDeviation(results.map(valueOf), digits);
  const score = (split: 'valid' | 'test', name: keyof QualityScore): string =>
    over((result) => result[split][name], 3);
  return [
    system,
    `${results.length}`,
    ...(['accuracy', 'macroF1', 'loss', 'calibrationError'] as const).map((name) => score('test', name)),
    ...(['accuracy', 'macroF1', 'loss'] as const).map((name) => score('valid', name)),
    over(({ seconds }) => seconds, 1),
    over(({ cpuSeconds }) => cpuSeconds, 1),
    over(({ peakBytes }) => peakBytes / 2 ** 20, 0),
    over(({ modelBytes }) => modelBytes / 2 ** 20, 1),
  ];
}

/** Accuracy, macro F1 and loss of the four regimes on each dataset; nothing where no regime was measured. */
function regimeTable(results: readonly QualityResult[], datasets: readonly string[]): string {
  const measured = results.filter(({ system }) => (regimeSettings as readonly string[]).includes(system));
  if (measured.length === 0) return '';
  const measures = { accuracy: 'accuracy', macroF1: 'macro F1', loss: 'loss' } as const;
  const rows = datasets
    .filter((dataset) => measured.some((one) => one.dataset === dataset))
    .flatMap((dataset) =>
      (['accuracy', 'macroF1', 'loss'] as const).map((measure) => [
        ...[dataset, measures[measure]],
        ...regimeSettings.map((regime) =>
          meanAndDeviation(
            measured
              .filter((one) => one.dataset === dataset && one.system === regime)
              .map(({ test }) => test[measure]),
            3,
          ),
        ),
      ]),
    );
  return sections('### Regimes', markdownTable(['dataset', 'measure', ...regimeSettings], rows));
}

/**
 * The mean of some numbers and their standard deviation (of a sample: by n − 1), which one number has none of.
 *
 * @returns `–` for none
 */
export function meanAndDeviation(values: readonly number[], digits: number): string {
  if (values.length === 0) return '–';
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return mean.toFixed(digits);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(squares / (values.length - 1)).toFixed(digits)}`;
}

/** A table of Markdown with columns as wide as their widest cell. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, ...rows].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = titles.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[], filler: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, filler)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  return [line(head, ' '), line([], '-'), ...body.map((cells) => line(cells, ' '))].join('\n');
}

/** The names that occur: those of `order` in its order, then the others as they come. */
function namesOf(
  results: readonly QualityResult[],
  key: 'dataset' | 'system',
  order: readonly string[],
): string[] {
  const found = new Set(results.map((result) => result[key]));
  return [...order.filter((name) => found.has(name)), ...[...found].filter((name) => !order.includes(name))];
}
