import type { AnalysedCell, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import type { Block } from '../document/document.js';
import { plural } from '../format.js';
import { cautionInFull, measuredRows, rowTitle } from './names.js';

/** A p-value, once corrected, below which a difference is called clear. */
export const clearAt = 0.05;

/** Which way a difference from vanilla clearly points; undefined where it does not. */
export function clearDirection({ fromVanilla }: AnalysedCell): 'smaller' | 'larger' | undefined {
  if (fromVanilla === null) return undefined;
  const { difference, overSeeds } = fromVanilla;
  if (overSeeds === null || overSeeds.pHolm >= clearAt) return undefined;
  return difference < 0 ? 'smaller' : 'larger';
}

/** The answer in a few sentences, how far the study is, and what makes it doubtful. */
export function openingOf(analysis: StudyAnalysis): Block[] {
  const { runs, command } = analysis;
  const warnings = warningsOf(analysis);
  const open = [
    ...(runs.open > 0 ? [`${runs.open} still to do`] : []),
    ...(runs.failed > 0 ? [`${runs.failed} failed`] : []),
    ...(runs.missing > 0 ? [`${runs.missing} without data here`] : []),
  ];
  const progress = `${runs.done} of ${plural(runs.total, 'run')} done${open.length === 0 ? '' : `, ${open.join(', ')}`}.`;
  return [
    { kind: 'text', text: answerOf(analysis) },
    { kind: 'text', text: `${progress} The study is carried out, and gone on with, by:` },
    { kind: 'command', command },
    ...(warnings.length === 0 ? [] : [{ kind: 'warnings', warnings } as const]),
  ];
}

function answerOf(analysis: StudyAnalysis): string {
  const cells = measuredRows(analysis).flatMap(({ cells: ofRow }) =>
    ofRow.filter(({ column, fromVanilla }) => column === 'adversarial' && fromVanilla !== null),
  );
  if (cells.length === 0) return 'No row has both vanilla and adversarial runs yet: nothing can be said.';
  const lower = cells.filter(({ fromVanilla }) => (fromVanilla?.difference ?? 0) < 0).length;
  const clear = (direction: 'smaller' | 'larger'): number =>
    cells.filter((cell) => clearDirection(cell) === direction).length;
  return (
    `Adversarial training has a smaller test loss than vanilla in ${lower} of ${plural(cells.length, 'row')}; over seeds, and corrected over the whole table, the difference ` +
    `is clear in ${clear('smaller')} of them, and clear in the other direction in ${clear('larger')}.`
  );
}

function warningsOf(analysis: StudyAnalysis): string[] {
  const missing = analysis.rows.flatMap((row) => {
    const [reason] = row.failures;
    if (reason === undefined) return [];
    const what = row.cells.length === 0 ? 'has no result' : 'lacks some runs';
    return [`${rowTitle(row, analysis)} ${what}: ${reason}`];
  });
  const caution = cautionInFull(analysis.rows);
  const few = measuredRows(analysis).some(({ cells }) => cells.some(({ seeds }) => seeds.length < 2));
  return [
    ...(caution === undefined ? [] : [`Some data is not what the paper had. ${caution}`]),
    ...missing,
    ...(few ? ['Some cells rest on a single seed: they compare two models, not two methods.'] : []),
  ];
}
