import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOptions } from '../base/check-options.js';
import { AdvError } from '../base/errors.js';
import type { Watch } from '../base/events.js';
import { asInterruption } from '../base/interruption.js';
import { flagOf } from '../base/option.js';
import { writeAtomically } from '../base/storage/atomic-file.js';
import { makeOutputFolder } from '../base/storage/output-folder.js';
import { filesOfRun, requireOutput, type InputFile } from '../training/output-file.js';
import { runPaths } from '../training/run-paths.js';
import { analyseStudy } from '../study/analysis/analyse.js';
import { StudyFolder } from '../study/study-folder.js';
import { csvOf } from './document/csv.js';
import type { ReportDocument } from './document/document.js';
import { htmlOf } from './document/html.js';
import { latexOf } from './document/latex.js';
import { markdownOf } from './document/markdown.js';
import { picturesOf } from './document/pictures.js';
import { pageIn, reportOptions, type ReportOptions } from './report-options.js';
import { runDocument } from './run/run-document.js';
import { readRunFacts } from './run/run-facts.js';
import { readTune } from '../study/tune/read-tune.js';
import { TuneFolder } from '../study/tune/tune-folder.js';
import { studyDocument } from './study/study-document.js';
import { tuneDocument } from './tune/tune-document.js';

/** What report() returns and `report --json` prints. */
export interface ReportResult {
  /** What it tells of. */
  readonly kind: 'run' | 'study' | 'tune';
  readonly title: string;
  /** The files it wrote. */
  readonly html: string;
  readonly markdown?: string;
  readonly csv?: string;
  readonly latex?: string;
  /** The folder of the plots. */
  readonly plots?: string;
}

const forms = {
  html: htmlOf,
  markdown: markdownOf,
  csv: csvOf,
  latex: latexOf,
} as const satisfies Record<
  Exclude<keyof ReportOptions, 'plots'>,
  (document: ReportDocument) => string | Promise<string>
>;

/**
 * Tells of a run, a study or a search for options in one self-contained page and, where asked for, in other forms.
 *
 * @param path a run directory, or the folder of a study or of `tune`, finished or not
 * @throws AdvError RUN_DIRECTORY when it is none or damaged, DATA_MALFORMED when its losses are damaged, USAGE, STORAGE, INTERRUPTED
 */
export async function report(
  path: string,
  options: ReportOptions = {},
  watch: Watch = {},
): Promise<ReportResult> {
  checkOptions(options, reportOptions);
  const { plots } = options;
  try {
    const { kind, read, document } = await openReport(path, watch);
    const html = options.html ?? pageIn(path);
    const files = filesOf({ ...options, html });
    await requireOutputs(files, read);
    if (plots !== undefined) await writePlots(document, plots);
    for (const [form, file] of files) await writeAtomically(file, [await forms[form](document)]);
    return {
      ...{ kind, title: document.title, ...Object.fromEntries(files), html },
      ...(plots === undefined ? {} : { plots }),
    };
  } catch (error) {
    throw asInterruption(error, watch.signal);
  }
}

async function writePlots(document: ReportDocument, folder: string): Promise<void> {
  await makeOutputFolder(folder);
  for await (const { name, svg } of picturesOf(document)) await writeAtomically(join(folder, name), [svg]);
}

interface OpenedReport {
  readonly kind: ReportResult['kind'];
  /** Files that must not be replaced, beside parts of runs. */
  readonly read: readonly InputFile[];
  readonly document: ReportDocument;
}

/** Reads what lies in a folder. */
async function openReport(path: string, watch: Watch): Promise<OpenedReport> {
  const folder = new StudyFolder(path);
  const plan = await folder.readPlan();
  if (plan !== undefined) {
    const inputs = [folder.planPath, folder.tablePath, folder.summaryPath];
    return {
      kind: 'study',
      read: inputs.map((input) => ({ what: 'a part of the study', path: input })),
      document: studyDocument(await analyseStudy(folder, plan, watch)),
    };
  }
  const search = new TuneFolder(path);
  if ((await search.readAsked()) !== undefined) {
    const inputs = [search.askedPath, search.trialsPath, search.sweepPath, search.bestPath];
    return {
      kind: 'tune',
      read: inputs.map((input) => ({ what: 'a part of the search', path: input })),
      document: tuneDocument(await readTune(path)),
    };
  }
  await requireRun(path);
  const facts = await readRunFacts(path, watch);
  return { kind: 'run', read: filesOfRun(facts.record.recipe.data), document: runDocument(facts) };
}

type Files = readonly (readonly [form: keyof typeof forms, file: string])[];

function filesOf(options: ReportOptions): Files {
  return (Object.keys(forms) as (keyof typeof forms)[]).flatMap((form) => {
    const { [form]: file } = options;
    return file === undefined ? [] : [[form, file] as const];
  });
}

/** Checks before the work that files can be written and take nothing away, nor each other's place. */
async function requireOutputs(files: Files, read: readonly InputFile[]): Promise<void> {
  const taken = [...read];
  for (const [form, path] of files) {
    const what = flagOf(reportOptions[form]);
    await requireOutput({ flag: what, path }, taken);
    taken.push({ what, path });
  }
}

/** Names both that a folder may be, where it is neither. */
async function requireRun(path: string): Promise<void> {
  const there = await stat(runPaths(path).record).catch(() => undefined);
  if (there !== undefined) return;
  throw new AdvError(
    'RUN_DIRECTORY',
    `expected the directory of a run, a study or a search, got ${path}, which holds none of run.json, plan.json and tune.json`,
    'The first is what `npx advnative train` made, the second `npx advnative reproduce`, the third `npx advnative tune`.',
  );
}
