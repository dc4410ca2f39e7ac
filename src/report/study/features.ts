import type { RowData, AnalysedRow, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import { featurePlot, type FeatureAxis } from '../charts/feature-plot.js';
import type { SmallChart } from '../charts/small-multiples.js';
import { cell, numberCell, type Cell, type ReportTable, type Section } from '../document/document.js';
import { count, figure, share } from '../format.js';
import { cautionText, cellOf, measuredRows, rowTitle } from './names.js';

interface Feature {
  readonly name: string;
  /** Null where the run is of a version that did not record it. */
  readonly of: (data: RowData) => number | null;
  readonly format: (value: number) => string;
  readonly axis: FeatureAxis;
}

/** What may matter for the effect, each drawn. */
const features: readonly Feature[] = [
  { name: 'training texts', of: ({ examples }) => examples.train, format: count, axis: 'log' },
  { name: 'vocabulary', of: ({ vocabularySize }) => vocabularySize, format: count, axis: 'log' },
  { name: 'classes', of: ({ labels }) => labels.length, format: count, axis: 'linear' },
  {
    name: 'class balance',
    of: ({ classBalance }) => classBalance,
    format: (value) => value.toFixed(3),
    axis: 'linear',
  },
  {
    name: 'tokens per text',
    of: ({ trainingTexts }) => trainingTexts?.tokens.mean ?? null,
    format: figure,
    axis: 'log',
  },
  {
    name: 'sentences per text',
    of: ({ trainingTexts }) => trainingTexts?.sentences ?? null,
    format: figure,
    axis: 'log',
  },
  {
    name: 'unknown tokens',
    of: ({ unknownShare }) => unknownShare,
    format: share,
    axis: 'share',
  },
];

/** A row with what adversarial training does on its data. */
interface Measured {
  readonly row: AnalysedRow;
  readonly data: RowData;
  readonly effect: { readonly y: number; readonly low: number; readonly high: number };
}

/** What data is like beside what adversarial training does on it; undefined where no row has both columns. */
export function featureSection(analysis: StudyAnalysis): Section | undefined {
  const measured = measuredRows(analysis).flatMap((row) => {
    const effect = effectOf(row);
    return effect === undefined || row.data === null ? [] : [{ row, data: row.data, effect }];
  });
  if (measured.length === 0) return undefined;
  const charts = features.flatMap((feature) => chartOf(feature, measured));
  const caution = cautionText(measured.map(({ row }) => row));
  const caption =
    'A point a row, by its number in the table below: across, a feature of its data; up, the difference of adversarial training’s mean test loss from vanilla’s as a share of vanilla’s. Below 0: smaller loss than vanilla. Lines are 95% ' +
    `intervals. Features in which all rows are alike are left out. Few rows, which differ in many ways at once, prove nothing of a single feature.${caution}`;
  return {
    heading: 'Features of the data and the effect',
    blocks: [
      ...(charts.length === 0
        ? []
        : [{ kind: 'multiples', multiples: { caption, width: 400, charts } } as const]),
      { kind: 'table', table: effectTable(measured, analysis) },
      { kind: 'table', table: textTable(measured, analysis) },
      {
        kind: 'text',
        text: 'Features are those of the training texts as the runs recorded them. How well a dataset is annotated, and how much its texts repeat each other, takes more readings of it:',
      },
      { kind: 'command', command: 'npx advnative datasets describe NAME' },
    ],
  };
}

/** None where fewer than two rows differ in the feature. */
function chartOf({ name, of, axis }: Feature, measured: readonly Measured[]): SmallChart[] {
  const points = measured.flatMap(({ data, effect }, place) => {
    const x = of(data);
    return x === null ? [] : [{ title: String(place + 1), x, ...effect }];
  });
  if (new Set(points.map(({ x }) => x)).size < 2) return [];
  return [
    {
      title: name,
      alternative: 'the table below has the numbers.',
      specification: featurePlot(points, { x: name, y: 'difference from vanilla', axis }),
    },
  ];
}

const notRecorded = '–: not recorded by the version that trained the row.';

function effectTable(measured: readonly Measured[], analysis: StudyAnalysis): ReportTable {
  return {
    name: 'Features of the data and the effect of adversarial training',
    caption:
      'Difference: adversarial minus vanilla, as a share of vanilla’s mean test loss; below 0 adversarial training is better. Class balance: normalised entropy, 1 where all classes are as frequent. Tokens and sentences per text are ' +
      `means. Unknown tokens: share of validation tokens that the training data lacks. ${notRecorded}${cautionText(measured.map(({ row }) => row))}`,
    header: ['', 'difference', '95% from', '95% to', ...features.map(({ name }) => name)],
    rows: measured.map(({ row, data, effect }, place) => ({
      name: `${place + 1}  ${rowTitle(row, analysis)}`,
      cells: [
        ...[effect.y, effect.low, effect.high].map((value) => numberCell(value, signedShare)),
        ...features.map(({ of, format }) => featureCell(of(data), format)),
      ],
    })),
    kind: 'numbers',
  };
}

function textTable(measured: readonly Measured[], analysis: StudyAnalysis): ReportTable {
  return {
    name: 'Texts of the data',
    caption: `Training texts in tokens, as the network reads them: truncated. ${notRecorded}${cautionText(measured.map(({ row }) => row))}`,
    header: ['', 'language', 'tokens', 'mean length', 'median length', '95% quantile', 'truncated texts'],
    rows: measured.map(({ row, data }, place) => {
      const { mean = null, median = null, p95 = null } = data.trainingTexts?.tokens ?? {};
      return {
        name: `${place + 1}  ${rowTitle(row, analysis)}`,
        cells: [
          cell(data.language ?? unknown),
          cell(data.level === 'char' ? 'characters' : 'words'),
          ...[mean, median, p95].map((value) => featureCell(value, figure)),
          numberCell(data.truncatedShare, share),
        ],
      };
    }),
    kind: 'numbers',
  };
}

const unknown = '–';

const featureCell = (value: number | null, format: Feature['format']): Cell =>
  value === null ? cell(unknown) : numberCell(value, format);

const signedShare = (value: number): string =>
  `${value < 0 ? '−' : '+'}${(100 * Math.abs(value)).toFixed(1)}%`;

function effectOf(row: AnalysedRow): Measured['effect'] | undefined {
  const vanilla = cellOf(row, 'vanilla')?.loss.mean;
  const difference = cellOf(row, 'adversarial')?.fromVanilla;
  if (vanilla === undefined || vanilla === 0 || difference == null) return undefined;
  const [low, high] = difference.ci95;
  return { y: difference.difference / vanilla, low: low / vanilla, high: high / vanilla };
}
