import { at } from '../../base/at.js';
import type { Watch } from '../../base/events.js';
import type { StudyFolder } from '../study-folder.js';
import { reference, type CellRuns } from './cells.js';
import { compareCells, corrected, type FromVanilla, type Uncorrected } from './comparison.js';
import { readPredictions, type PooledPredictions } from './predictions.js';

/** The runs of a cell, and what their test losses and predictions tell. */
export interface MeasuredCell extends CellRuns, PooledPredictions {
  /** Null for vanilla itself, and where it has no finished run. */
  readonly fromVanilla: FromVanilla | null;
}

/**
 * Measures each cell by its test losses, and compares it with the one of vanilla in its row and size. Losses of no more than two cells are in memory at a time.
 *
 * @returns the cells of one row after those of another
 * @throws AdvError RUN_DIRECTORY and DATA_MALFORMED when test losses are damaged, INTERRUPTED
 */
export async function measureCells(
  folder: StudyFolder,
  cells: readonly CellRuns[],
  watch: Watch = {},
): Promise<MeasuredCell[]> {
  const measured: (CellRuns & PooledPredictions)[] = [];
  const compared: (Uncorrected | null)[] = [];
  for (const row of inRows(cells)) {
    const vanilla = row.find(({ column }) => column === reference);
    const ofVanilla = vanilla && (await readPredictions(folder, vanilla, watch));
    for (const cell of row) {
      const isOther = ofVanilla === undefined || cell !== vanilla;
      const ofCell = isOther ? await readPredictions(folder, cell, watch) : ofVanilla;
      measured.push({ ...cell, ...ofCell.pooled });
      compared.push(isOther && ofVanilla ? await compareCells(ofVanilla, ofCell, watch) : null);
    }
  }
  const fromVanilla = corrected(compared);
  return measured.map((cell, place) => ({ ...cell, fromVanilla: at(fromVanilla, place) }));
}

/** The cells of each row and size. */
function inRows(cells: readonly CellRuns[]): CellRuns[][] {
  const rows = new Map<string, CellRuns[]>();
  for (const cell of cells) {
    const key = `${cell.row}/${cell.size}`;
    rows.set(key, [...(rows.get(key) ?? []), cell]);
  }
  return [...rows.values()];
}
