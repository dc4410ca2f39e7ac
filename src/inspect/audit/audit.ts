import { checkOptions } from '../../base/check-options.js';
import type { OptionsOf } from '../../base/option.js';
import { integer, number } from '../../base/rules.js';
import type { Watch } from '../../base/events.js';
import { asInterruption } from '../../base/interruption.js';
import { inspectionOptions, openInspected, watched, type InspectionSource } from '../source.js';
import { inspectedSplits, type InspectedSplit } from '../../datasets/inspection.js';
import type { SplitName } from '../../datasets/split-names.js';
import type { Dataset, DatasetFacts } from '../../datasets/types.js';
import type { SkippedLines } from '../../files/types.js';
import { classFindings, heldOutFindings } from './class-findings.js';
import { doubtFindings } from './doubt-findings.js';
import { findingOf, type Draft } from './draft.js';
import { compareEqualTexts } from './duplicate-findings.js';
import { findingKinds, severityOf, type Finding } from './finding.js';
import { compareNearTexts, type NearSearch } from './near-findings.js';
import { Records } from './records.js';
import { extremeLengths, TextChecks } from './text-findings.js';

const auditOptions = {
  ...inspectionOptions,
  /** Least Jaccard similarity of near duplicates, from 0.7 to 1. Default 0.8. */
  threshold: {
    flag: '--threshold',
    rule: number('a number from 0.7 to 1', (value) => value >= 0.7 && value <= 1),
    hint: 'Pairs that are less alike are not found reliably.',
  },
  /** Examples shown of each finding, 0 to 1,000; of malformed lines 100 at most. Default 3. */
  examples: { flag: '--examples', rule: integer(0, 1000) },
};

/** What audit() takes; everything may be left out. */
export interface AuditOptions extends OptionsOf<typeof auditOptions> {}

/** What audit() returns and `datasets audit --json` prints. */
export interface AuditResult {
  readonly name: string;
  readonly splits: readonly { readonly split: SplitName; readonly examples: number }[];
  /** Texts that differ when normalised. */
  readonly differentTexts: number;
  /** Errors first, by kind. */
  readonly findings: readonly Finding[];
  /** Findings of each severity. */
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  /** How near duplicates were looked for. */
  readonly nearDuplicates: NearSearch & { readonly threshold: number };
  readonly facts: DatasetFacts;
}

const defaultThreshold = 0.8;
const defaultExamples = 3;

/** Malformed lines that are looked at as examples have a place and what is wrong with it. */
const skippedLine = /^(?<place>.*?:\d+): (?<problem>.*)$/su;

/**
 * Looks for what makes results of a dataset wrong or doubtful: texts that occur twice, in two splits or with two labels,
 * near duplicates, damaged and extreme texts, classes that are rare or missing, malformed lines. One pass over every split;
 * texts beyond 16 MiB go to a scratch file in the system's temporary folder, and about a hundred bytes an example stay in
 * memory.
 *
 * @param source a name among those of datasets.list(), or own files
 * @throws AdvError USAGE for a wrong option, DATA_MISSING, DATA_MALFORMED when no line is well-formed, DOWNLOAD, STORAGE,
 * INTERRUPTED
 */
export async function auditDataset(
  source: InspectionSource,
  options: AuditOptions = {},
  watch: Watch = {},
): Promise<AuditResult> {
  checkOptions(options, auditOptions);
  const { threshold = defaultThreshold, examples = defaultExamples, ...opening } = options;
  try {
    const dataset = await openInspected(source, opening, 'skip', watch);
    return await auditOpened(dataset, { threshold, examples }, watch);
  } catch (error) {
    throw asInterruption(error, watch.signal);
  }
}

async function auditOpened(
  dataset: Dataset,
  how: { readonly threshold: number; readonly examples: number },
  watch: Watch,
): Promise<AuditResult> {
  const records = new Records(dataset.labels);
  try {
    const splits = inspectedSplits(dataset);
    const checks = new TextChecks(how.examples);
    for (const split of splits) await readSplit(split, records, checks, watch);
    await records.finish();
    const names = splits.map(({ name }) => name);
    const equal = compareEqualTexts(records, how.examples);
    const near = await compareNearTexts(records, equal.splits, how, watch);
    const drafts = [
      ...equal.drafts,
      ...near.drafts,
      ...checks.drafts(records),
      ...extremeLengths(records, how.examples),
      ...classFindings(records, dataset.labels, names),
      ...heldOutFindings(dataset, records),
    ];
    const findings = await findingsOf(drafts, dataset, records, how.examples);
    const count = (severity: string): number => findings.filter((one) => one.severity === severity).length;
    return {
      name: dataset.name,
      splits: names.map((split) => ({ split, examples: records.sizeOf(split) })),
      differentTexts: records.textCount,
      findings,
      errors: count('error'),
      warnings: count('warning'),
      notes: count('note'),
      nearDuplicates: { ...near.search, threshold: how.threshold },
      facts: { ...dataset.facts, warnings: undefined },
    };
  } finally {
    await records.close();
  }
}

async function readSplit(
  split: InspectedSplit,
  records: Records,
  checks: TextChecks,
  watch: Watch,
): Promise<void> {
  for await (const example of watched(split, `reading ${split.name}`, watch)) {
    checks.add(split.name, records.count, example.text);
    const storing = records.add(split.name, example);
    if (storing !== undefined) await storing;
  }
}

/** Findings with their examples, errors first and by kind. */
async function findingsOf(
  drafts: readonly Draft[],
  dataset: Dataset,
  records: Records,
  examples: number,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const draft of drafts) findings.push(await findingOf(draft, records));
  findings.push(
    ...doubtFindings(dataset, examples),
    ...malformedLines(dataset.skipped, records.count, examples),
  );
  return findings.sort((a, b) => findingKinds.indexOf(a.kind) - findingKinds.indexOf(b.kind));
}

function malformedLines({ count, first }: SkippedLines, read: number, examples: number): Finding[] {
  if (count === 0) return [];
  const records = count === 1 ? '1 record is' : `${count} records are`;
  return [
    {
      kind: 'malformed-line',
      severity: severityOf('malformed-line'),
      splits: [],
      message: `${records} malformed: left out here, and the end of a training run without --on-malformed skip`,
      count,
      share: count / (count + read),
      examples: first.slice(0, examples).map((line) => {
        const { place = line, problem = '' } = skippedLine.exec(line)?.groups ?? {};
        return { texts: [{ id: place, label: '', text: problem }] };
      }),
    },
  ];
}
