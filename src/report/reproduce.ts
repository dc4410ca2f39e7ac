import type { Watch } from '../base/events.js';
import { writeAtomically } from '../base/storage/atomic-file.js';
import { carryOut, type StudyTables } from '../study/carry-out.js';
import type { ReproduceOptions } from '../study/options.js';
import { htmlOf } from './document/html.js';
import { pageIn } from './report-options.js';
import { studyDocument } from './study/study-document.js';

/** What a study has come to. */
export interface StudyResult extends StudyTables {
  /** Path of report.html, the page that tells of it; null where runs that were asked for are left to others, of whom the last writes it. */
  readonly report: string | null;
}

/**
 * Repeats the experiment of Bělohlávek et al. 2018, or of another plan: trains each row with each column and seed, skips what is done, and
 * writes table.csv, summary.csv and, once all runs that were asked for have ended, report.html. It may be stopped at any point and called again with the same folder, also by
 * many processes at once: each run is claimed by one of them. A run that fails is noted and does not stop the others.
 *
 * @param watch a signal that stops the study with the state of its runs saved, and a receiver of progress
 * @throws AdvError USAGE when options are wrong or the folder has another plan, INTERRUPTED, STORAGE, RUN_DIRECTORY, LAUNCHER when a
 *   batch system is not there or refuses
 */
export async function reproduce(options: ReproduceOptions = {}, watch: Watch = {}): Promise<StudyResult> {
  const { tables, analysis } = await carryOut(options, watch);
  const { held, open } = tables.runs;
  if (held + open > 0) return { ...tables, report: null };
  watch.onProgress?.({ kind: 'stage', text: 'drawing the page' });
  const report = pageIn(tables.study);
  await writeAtomically(report, [await htmlOf(studyDocument(analysis))]);
  return { ...tables, report };
}
