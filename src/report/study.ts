import type { StudyResult } from '../study/reproduce.js';
import { plural } from './format.js';
import { table } from './tables.js';

/** What a study has come to. */
export function studyReport({ runs, failures, table: path, summary, study }: StudyResult): string {
  const { total, done, failed, missing, held, open } = runs;
  const counts = { done, failed, 'without data': missing, 'worked on elsewhere': held, open };
  const parts = Object.entries(counts)
    .filter(([name, number]) => number > 0 || name === 'done')
    .map(([name, number]) => `${number} ${name}`);
  const rows = [
    ['study', study],
    ['runs', `${plural(total, 'run')}: ${parts.join(', ')}`],
    ...failures.map(({ run, message }) => [run, message.replaceAll(/\s*\n\s*/gu, '; ')]),
    ['table', path],
    ['summary', summary],
  ];
  return table(['', ''], rows).trimStart();
}
