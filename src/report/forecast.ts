import type { ColumnForecast, RowForecast, StudyForecast } from '../study/forecast/forecast.js';
import { count, figure, plural } from './format.js';
import { table } from './tables.js';

const secondsOfHour = 3600;

/** What a study is expected to cost: its rows, what must be known of their figures, and the hours on machines of several sizes. */
export function forecastReport(forecast: StudyForecast): string {
  const { study, runs, done, left, unknown, coreHours, wall, rows } = forecast;
  const machines = wall.map(({ cores, hours }) => `${figure(hours)} hours on ${cores} cores`);
  const whole = [
    ['study', study],
    ['runs', `${plural(runs, 'run')}: ${count(done)} done, ${count(left)} left`],
    ...(unknown === 0 ? [] : [['unknown', `${plural(unknown, 'run')} of unknown length, not in the hours`]]),
    ['core hours', figure(coreHours)],
    ['until all is done', `${machines.join(', ')}, one run a core`],
  ];
  const remarks = remarksOf(rows);
  return [
    table(rowHeader, rows.map(rowCells)),
    ...(remarks.length === 0 ? [] : ['', ...remarks]),
    '',
    'Seconds are those of epochs with their validation on one core; reading, n-grams, test and export come on top.',
    '',
    table(['', ''], whole).trimStart(),
  ].join('\n');
}

const rowHeader = [
  ...['row', 'size', 'runs', 'done', 'left', 'data', 'texts', 'tokens an epoch', 'epochs'],
  ...['seconds a run', 'told by', 'core hours'],
];

function rowCells({ row, size, runs, done, left, columns }: RowForecast): string[] {
  const of = <Value>(told: (column: ColumnForecast) => Value | null | undefined): Value[] =>
    columns.flatMap((column) => told(column) ?? []);
  const seconds = of((column) => (column.seconds === null ? null : column.left * column.seconds));
  return [
    ...[row, size, ...[runs, done, left].map(count)],
    [...new Set(columns.map(whereData))].join(', '),
    range(of(({ data }) => data?.texts)),
    range(of(({ data }) => data?.tokens)),
    epochsOf(columns),
    range(of((column) => column.seconds)),
    [...new Set(of(({ secondsBy }) => secondsBy))].join(', '),
    seconds.length === 0 ? 'unknown' : figure(seconds.reduce((sum, one) => sum + one, 0) / secondsOfHour),
  ];
}

const whereData = ({ data, missing }: ColumnForecast): string =>
  missing === null ? 'here' : data === null ? 'unknown' : 'by description';

/** Maximum epochs, or how many finished runs had. */
function epochsOf(columns: readonly ColumnForecast[]): string {
  const told = (by: ColumnForecast['epochsBy']): string =>
    range(columns.flatMap(({ epochs, epochsBy }) => (epochs === null || epochsBy !== by ? [] : [epochs])));
  const [most, measured] = [told('recipe'), told('finished runs')];
  const parts = [
    ...(measured === '' ? [] : [`${measured} measured`]),
    ...(most === '' ? [] : [`at most ${most}`]),
  ];
  return parts.join(', ');
}

/** The least and the largest of some numbers, or the one that there is. */
function range(values: readonly number[]): string {
  if (values.length === 0) return '';
  const [least, most] = [Math.min(...values), Math.max(...values)].map(figure);
  return least === most ? (least ?? '') : `${least ?? ''} to ${most ?? ''}`;
}

/** What must be known of the figures, each thing once with the rows that it is about. */
function remarksOf(rows: readonly RowForecast[]): string[] {
  const about = new Map<string, Set<string>>();
  for (const { row, columns } of rows) {
    for (const text of columns.flatMap(remarksOfColumn))
      about.set(text, (about.get(text) ?? new Set()).add(row));
  }
  return [...about].map(([text, names]) => `${[...names].join(', ')}: ${text}`);
}

function remarksOfColumn({ data, missing, described, unknown }: ColumnForecast): string[] {
  const remarks: string[] = [];
  if (missing !== null && data !== null && described !== null) {
    remarks.push(
      `size by the corpus' description, not here (a dry run downloads nothing): texts by ${described.source}, tokens a text as in ${described.counted}; ${onOneLine(missing)}`,
    );
  }
  if (missing === null && data !== null && described !== null && differs(data, described)) {
    remarks.push(`here are ${textsOf(data)}; by ${described.source} there would be ${textsOf(described)}`);
  }
  if (unknown !== null) remarks.push(`length unknown: ${onOneLine(unknown)}`);
  return remarks;
}

type Texts = Readonly<Record<'texts' | 'validTexts', number>>;

const differs = (one: Texts, other: Texts): boolean =>
  one.texts !== other.texts || one.validTexts !== other.validTexts;

const textsOf = ({ texts, validTexts }: Texts): string =>
  `${count(texts)} training and ${count(validTexts)} validation texts`;

const onOneLine = (text: string): string => text.replaceAll(/[:;]?\s*\n\s*/gu, '; ');
