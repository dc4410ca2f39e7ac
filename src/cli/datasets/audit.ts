import { Option } from 'commander';
import type { AuditOptions, AuditResult } from '../../inspect/audit/audit.js';
import { choice } from '../../base/rules.js';
import { numberOption } from '../options.js';
import { inspection } from './source.js';

type FailOn = 'error' | 'warning';

type AuditFlags = AuditOptions & { readonly failOn?: FailOn };

const help = `
Errors: one file as several splits, texts of one split that occur in another (leakage), equal texts with different
labels, training data of one class. Warnings: labels that look alike or stand for a missing value, quotes in TSV, a
script without spaces that is read by words, duplicates within a split, near duplicates within and across splits, texts
that are empty, extremely short or long or damaged, classes that are rare or missing, malformed lines. Texts are equal
when they are after NFC, lower-casing and squeezing white space; near duplicates have the same words, whatever
punctuation stands between them, or share at least --threshold of their substrings of five characters (Jaccard
similarity).

Exit codes, for use in continuous integration: 0 no error was found, 1 an error was found (with --fail-on warning: or
a warning) or the data could not be read, 2 wrong usage, 130 interrupted, 143 by SIGTERM, 129 by SIGHUP.
`;

/** Adds `datasets audit`. */
export const addAudit = inspection({
  name: 'audit',
  description: 'what makes results of a dataset wrong or doubtful: leakage, duplicates, damage',
  options: [
    numberOption('--threshold <x>', 'least similarity of near duplicates, 0.7 to 1 (default: 0.8)'),
    numberOption('--examples <n>', 'examples shown of each finding (default: 3)'),
    new Option('--fail-on <severity>', 'exit with 1 for an error or already for a warning (default: error)'),
  ],
  help,
  examples: [
    'npx advnative datasets audit dsl',
    'npx advnative datasets audit --train train.tsv --valid valid.tsv --test test.tsv --fail-on warning',
    'npx advnative datasets audit --train reviews.tsv --examples 20 --json > audit.json',
  ],
  action: async (context, source, { failOn, ...options }: AuditFlags) => {
    const { checkOptions } = await import('../../base/check-options.js');
    checkOptions({ failOn }, { failOn: { flag: '--fail-on', rule: choice('error', 'warning') } });
    const { auditDataset } = await import('../../inspect/audit/audit.js');
    const { auditReport } = await import('../../report/audit.js');
    const result = await auditDataset(source, options, context);
    await context.result(result, () => auditReport(result), {
      complete: passes(result, failOn ?? 'error'),
    });
  },
});

function passes({ errors, warnings }: AuditResult, failOn: FailOn): boolean {
  return errors === 0 && (failOn === 'error' || warnings === 0);
}
