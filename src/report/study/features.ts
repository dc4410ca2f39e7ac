import type { AnalysedRow, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import { featurePlot } from '../charts/feature-plot.js';
import { cell, numberCell, type Section } from '../document/document.js';
import { count, share } from '../format.js';
import { cautionText, cellOf, measuredRows, rowTitle } from './names.js';

interface Feature {
  readonly name: string;
  readonly of: (data: NonNullable<AnalysedRow['data']>) => number;
  readonly format: (value: number) => string;
  /** Whether multiples of it are as far apart as they are. */
  readonly log?: true;
}

const features: readonly Feature[] = [
  { name: 'training texts', of: ({ examples }) => examples.train, format: count, log: true },
  { name: 'vocabulary', of: ({ vocabularySize }) => vocabularySize, format: count, log: true },
  { name: 'classes', of: ({ labels }) => labels.length, format: count },
  {
    name: 'validation tokens not in the training data',
    of: ({ unknownShare }) => unknownShare,
    format: share,
  },
];

/** What data is like beside what adversarial training does on it; undefined where no row has both columns. */
export function featureSection(analysis: StudyAnalysis): Section | undefined {
  const measured = measuredRows(analysis).flatMap((row) => {
    const effect = effectOf(row);
    return effect === undefined || row.data === null ? [] : [{ row, data: row.data, effect }];
  });
  if (measured.length === 0) return undefined;
  const caution = cautionText(measured.map(({ row }) => row));
  return {
    heading: 'Features of the data and the effect',
    blocks: [
      {
        kind: 'multiples',
        multiples: {
          caption:
            'A point a row, by its number in the table below: across, a feature of its data; up, the difference of adversarial training’s mean test loss from vanilla’s as a share of vanilla’s. Below 0: smaller loss than vanilla. Lines are 95% ' +
            `intervals. Few rows, which differ in many ways at once, prove nothing of a single feature.${caution}`,
          width: 400,
          charts: features.map(({ name, of, log }) => ({
            title: name,
            alternative: 'the table below has the numbers.',
            specification: featurePlot(
              measured.map(({ data, effect }, place) => ({
                title: String(place + 1),
                x: of(data),
                ...effect,
              })),
              { x: name, y: 'difference from vanilla', log: log === true },
            ),
          })),
        },
      },
      {
        kind: 'table',
        table: {
          name: 'Features of the data and the effect of adversarial training',
          caption: `Difference: adversarial minus vanilla, as a share of vanilla’s mean test loss; below 0 adversarial training is better.${caution}`,
          header: ['', ...features.map(({ name }) => name), 'tokens', 'difference', '95% from', '95% to'],
          rows: measured.map(({ row, data, effect }, place) => ({
            name: `${place + 1}  ${rowTitle(row, analysis)}`,
            cells: [
              ...features.map(({ of, format }) => numberCell(of(data), format)),
              cell(data.level === 'char' ? 'characters' : 'words'),
              ...[effect.y, effect.low, effect.high].map((value) => numberCell(value, signedShare)),
            ],
          })),
          kind: 'numbers',
        },
      },
    ],
  };
}

const signedShare = (value: number): string =>
  `${value < 0 ? '−' : '+'}${(100 * Math.abs(value)).toFixed(1)}%`;

function effectOf(row: AnalysedRow): { y: number; low: number; high: number } | undefined {
  const vanilla = cellOf(row, 'vanilla')?.loss.mean;
  const difference = cellOf(row, 'adversarial')?.fromVanilla;
  if (vanilla === undefined || vanilla === 0 || difference == null) return undefined;
  const [low, high] = difference.ci95;
  return { y: difference.difference / vanilla, low: low / vanilla, high: high / vanilla };
}
