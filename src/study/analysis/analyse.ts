import { at } from '../../base/at.js';
import type { EpochRecord } from '../../base/epoch-record.js';
import type { Watch } from '../../base/events.js';
import { shellQuoted } from '../../base/storage/shell-path.js';
import { catalogue } from '../../datasets/catalogue.js';
import { normalisedEntropy } from '../../statistics/class-balance.js';
import { trainCommand } from '../../recipe/command-line.js';
import { meanInterval } from '../../statistics/mean-interval.js';
import { readHistory } from '../../training/history.js';
import { runPaths } from '../../training/run-paths.js';
import type { RunRecord } from '../../training/run-record.js';
import { paperFigureOf, rowOfPaper } from '../paper-rows.js';
import { plannedRuns, runName, type PlannedRun, type StudyPlan } from '../plan.js';
import type { StudyFolder } from '../study-folder.js';
import { cellCourse, cellLossAlong, gapAfter } from './cell-course.js';
import { cellsOf, lookAtRuns, type LookedAtRun } from './cells.js';
import { judgeClaims } from './claims.js';

import { learntOf, paperLearnt } from './learnt.js';
import { measureCells, type MeasuredCell } from './measured-cells.js';
import type { AnalysedCell, AnalysedRow, AnalysedRun, RowData, StudyAnalysis } from './study-analysis.js';

/** A finished run with what its folder holds. */
interface ReadRun {
  readonly run: PlannedRun;
  readonly record: RunRecord;
  readonly history: readonly EpochRecord[];
}

/**
 * Reads all runs of a study and works out what a report tells of them.
 *
 * @throws AdvError RUN_DIRECTORY and DATA_MALFORMED when a run is damaged or not that of the plan, INTERRUPTED
 */
export async function analyseStudy(
  folder: StudyFolder,
  plan: StudyPlan,
  watch: Watch = {},
): Promise<StudyAnalysis> {
  const looked = await lookAtRuns(folder, plannedRuns(plan));
  const cells = await measureCells(folder, cellsOf(looked), watch);
  const read = new Map<PlannedRun, ReadRun>();
  for (const { run, state } of looked) {
    if (state.status !== 'done') continue;
    const history = await readHistory(runPaths(folder.runPath(run)).history);
    read.set(run, { run, record: state.record, history });
  }
  const classes = new Map((await catalogue.list()).map(({ name, labels }) => [name, labels]));
  const rows = rowsOf(looked).map((group) => {
    const ofRow = cells.filter(({ row, size }) => row === group.row && size === group.size);
    return analysedRow({ ...group, cells: ofRow }, { read, classes });
  });
  const records = [...read.values()].map(({ record }) => record);
  return {
    study: folder.path,
    command: `npx advnative reproduce --out ${shellQuoted(folder.path)}`,
    runs: countsOf(looked),
    versions: different(records.map(versionOf)),
    machines: different(records.map(machineOf)),
    rows,
    claims: judgeClaims(rows),
    everyRun: looked.map((one) => analysedRun(one, read.get(one.run))),
  };
}

function countsOf(looked: readonly LookedAtRun[]): StudyAnalysis['runs'] {
  const count = (...wanted: string[]): number =>
    looked.filter(({ state }) => wanted.includes(state.status)).length;
  const counts = { done: count('done'), failed: count('failed'), missing: count('missing') };
  return { total: looked.length, ...counts, open: count('waiting', 'begun') };
}

/** The runs of each row in each size. */
interface RowRuns {
  readonly row: string;
  readonly size: string;
  readonly runs: readonly LookedAtRun[];
}

function rowsOf(looked: readonly LookedAtRun[]): RowRuns[] {
  const rows = new Map<string, RowRuns & { runs: LookedAtRun[] }>();
  for (const one of looked) {
    const { row, size } = one.run;
    const key = `${row}/${size}`;
    const group = rows.get(key) ?? { row, size, runs: [] };
    group.runs.push(one);
    rows.set(key, group);
  }
  return [...rows.values()];
}

interface Found {
  readonly read: ReadonlyMap<PlannedRun, ReadRun>;
  /** Of the datasets by name. */
  readonly classes: ReadonlyMap<string, number>;
}

function analysedRow(
  { row, size, runs, cells }: RowRuns & { readonly cells: readonly MeasuredCell[] },
  found: Found,
): AnalysedRow {
  const { options } = at(runs, 0).run;
  const first = runs.flatMap(({ run }) => found.read.get(run) ?? [])[0];
  const data = first === undefined ? null : dataOf(first.record);
  const classes = data?.labels.length ?? found.classes.get(options.dataset ?? '');
  const told = rowOfPaper(row);
  return {
    ...{ row, size, title: told?.title ?? row, measure: told?.measure ?? 'accuracy' },
    ...{ loss: options.loss ?? 'cross-entropy', cell: options.cell ?? 'gru', data },
    failures: different(runs.flatMap(({ state }) => ('failure' in state ? state.failure.message : []))),
    cells: cells.map((cell) => analysedCell(cell, { ...found, data, classCount: classes })),
  };
}

function dataOf({ dataset, recipe, vocabularySize, result }: RunRecord): RowData {
  const { name, language = null, labels, classCounts, examples, unknownShare, notes } = dataset;
  const { priorLoss = null, majorityAccuracy = null } = result?.withoutLearning ?? {};
  return {
    ...{ dataset: name, language, level: recipe.level, labels, examples, vocabularySize, notes },
    classBalance: classCounts === undefined ? null : normalisedEntropy(classCounts),
    trainingTexts: dataset.trainingTexts ?? null,
    truncatedShare: dataset.truncated.train / examples.train,
    unknownShare,
    ...{ priorLoss, majorityAccuracy },
  };
}

function analysedCell(
  cell: MeasuredCell,
  found: Found & { readonly data: RowData | null; readonly classCount: number | undefined },
): AnalysedCell {
  const { data, classCount } = found;
  const { column, fromVanilla, confusion, perClass } = cell;
  const runs = cell.done.flatMap(({ run }) => found.read.get(run) ?? []);
  const over = (name: 'loss' | 'accuracy' | 'macroF1') =>
    meanInterval(cell.done.map(({ test }) => test[name]));
  const courses = runs.map(({ history, record }) => ({ history, selected: record.result?.best.epoch ?? 0 }));
  const figure = paperFigureOf(cell);
  return {
    column,
    seeds: cell.done.map(({ run }) => run.seed),
    results: cell.done.map(({ run, test }, place) => ({
      ...test,
      seed: run.seed,
      gapAtLast: gapAfter(at(courses, place).history, at(courses, place).history.length - 1),
    })),
    ...{ loss: over('loss'), accuracy: over('accuracy'), macroF1: over('macroF1') },
    fromVanilla,
    learnt: learntOf(runs.map(({ record }) => record)),
    paper:
      figure === undefined
        ? null
        : { ...figure, learnt: paperLearnt(figure, classCount, data?.priorLoss ?? null) },
    course: cellCourse(courses),
    lossAlong: cellLossAlong(runs.map(({ record }) => record.result?.lossAlong)),
    ...{ confusion, perClass },
  };
}

function analysedRun({ run, state }: LookedAtRun, read: ReadRun | undefined): AnalysedRun {
  const { record, history = [] } = read ?? {};
  return {
    ...{ name: runName(run), status: state.status, command: trainCommand(run.options), seed: run.seed },
    test: record?.result?.test ?? null,
    selectedEpoch: record?.result?.best.epoch ?? null,
    seconds: record === undefined ? null : history.reduce((sum, { seconds }) => sum + seconds, 0),
    version: record === undefined ? null : versionOf(record),
    dataSha256: record?.dataset.tokensSha256 ?? null,
    warnings: record?.warnings ?? [],
    failure: 'failure' in state ? state.failure : null,
  };
}

/** With the first digits of the commit, where it is known. */
function versionOf({ versions: { advnative = 'unknown', commit } }: RunRecord): string {
  if (commit === undefined) return advnative;
  const [digits = '', ...changes] = commit.split(' ');
  return [`${advnative}+${digits.slice(0, 10)}`, ...changes].join(' ');
}

function machineOf({ machine }: RunRecord): string {
  const { processor = 'unknown processor', instructionSet = '', hardwareThreads = '' } = machine;
  return `${processor}, ${instructionSet}, ${hardwareThreads} hardware threads`;
}

function different(values: readonly string[]): string[] {
  return [...new Set(values)];
}
