import type { CellCourse, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import { linePlot } from '../charts/line-plot.js';
import type { Block, Section } from '../document/document.js';
import { pointsOf } from './curves.js';
import { cautionText, drawnRows, drawnText, rowTitle, styleOf } from './names.js';

type Measured = 'embeddingStd' | 'epsilon' | 'gradientNorm';

/** What else changes over epochs, to be opened. */
export function courseSection(analysis: StudyAnalysis): Section | undefined {
  const blocks = [
    ...multiplesOf(
      analysis,
      'embeddingStd',
      'Standard deviation of the embedding table',
      'A model can evade a perturbation of fixed size by larger embeddings.',
    ),
    ...multiplesOf(
      analysis,
      'epsilon',
      'Size ε of the perturbation, as it is added to embeddings',
      'Columns that do not perturb are left out.',
    ),
    ...multiplesOf(
      analysis,
      'gradientNorm',
      'Norm of the gradient before clipping, mean over the steps of an epoch',
      '',
    ),
  ];
  return blocks.length === 0 ? undefined : { heading: 'Embeddings, ε and gradients over epochs', blocks };
}

function multiplesOf(analysis: StudyAnalysis, name: Measured, what: string, more: string): Block[] {
  const charts = drawnRows(analysis).flatMap((row) => {
    const lines = row.cells.flatMap(({ column, course }) => {
      const points = measuredPoints(course, name);
      return points.length === 0 ? [] : [{ name: column, ...styleOf(column), points }];
    });
    if (lines.length === 0) return [];
    const told = lines.map((line) => `${line.name} ends at ${(line.points.at(-1)?.y ?? 0).toPrecision(3)}`);
    return [
      {
        title: rowTitle(row, analysis),
        alternative: `${told.join('; ')}.`,
        specification: linePlot(
          { x: 'epoch', y: '', lines, whole: true, named: true, pointless: true },
          'narrow',
          {
            width: 420,
            height: 180,
          },
        ),
      },
    ];
  });
  if (charts.length === 0) return [];
  const caution = `${drawnText(analysis)}${cautionText(drawnRows(analysis))}`;
  const multiples = { caption: `${what}, means over seeds. ${more}${caution}`.trim(), charts, width: 420 };
  return [{ kind: 'folded', summary: what, blocks: [{ kind: 'multiples', multiples }] }];
}

/** Where nothing is perturbed, ε is 0 throughout and no line. */
function measuredPoints(course: CellCourse, name: Measured): { x: number; y: number }[] {
  const points = pointsOf(course[name]);
  return name === 'epsilon' ? points.filter(({ y }) => y > 0) : points;
}
