import { expect, it } from 'vitest';
import type { AuditResult } from '../../../src/inspect/audit/audit.js';
import type { SplitName } from '../../../src/datasets/split-names.js';
import type { Finding, FindingExample, FindingKind, Severity } from '../../../src/inspect/audit/finding.js';
import { auditReport } from '../../../src/report/audit.js';

const nothing: AuditResult = {
  name: 'small',
  splits: [
    { split: 'train', examples: 1200 },
    { split: 'valid', examples: 30 },
  ],
  differentTexts: 1229,
  findings: [],
  errors: 0,
  warnings: 0,
  notes: 0,
  nearDuplicates: { threshold: 0.8, compared: 5, limited: 0 },
  facts: { name: 'small', files: [], licence: 'MIT', citation: 'none', notes: ['a pool'] },
};

it('says so when nothing is found', () => {
  expect(auditReport(nothing)).toBe(
    [
      'small: 1,200 train, 30 valid examples, 1,229 different texts',
      'note: a pool',
      'no problems found',
    ].join('\n'),
  );
});

/** A finding in some splits of so many texts, which are such a share of theirs. */
const finding = (
  [kind, severity, ...splits]: readonly [FindingKind, Severity, ...SplitName[]],
  message: string,
  [count, share]: readonly [count: number, share: number],
  ...examples: readonly FindingExample[]
): Finding => ({ kind, severity, splits, message, count, share, examples });

/** An example of a finding: texts, each told by its id, label and text. */
const example = (...texts: readonly (readonly [id: string, label: string, text: string])[]) => ({
  texts: texts.map(([id, label, text]) => ({ id, label, text })),
});

it('shows findings in a table and examples below, with nothing that a terminal obeys', () => {
  const report = auditReport({
    ...nothing,
    errors: 1,
    warnings: 2,
    nearDuplicates: { threshold: 0.8, compared: 5, limited: 1200 },
    findings: [
      finding(
        ['leakage', 'error', 'train', 'valid'],
        '1 valid example also occur in train',
        [1, 1 / 30],
        example(['train:3', 'x', 'one\u001b[2J'], ['valid:4', 'y', 'ONE\n']),
      ),
      finding(
        ['near-duplicates', 'warning', 'train'],
        'nearly',
        [2400, 0.5],
        { similarity: 0.851, ...example(['train:1', 'x', 'a'], ['train:2', 'x', 'b']) },
        { similarity: 0.43, ...example(['train:5', 'x', 'c d'], ['train:6', 'x', 'c-d']) },
      ),
      finding(
        ['malformed-line', 'warning'],
        '1 line is malformed',
        [1, 0.001],
        example(['f.tsv:3', '', 'no tab']),
      ),
    ],
  });
  expect(report).toMatch(/^1 error, 2 warnings$/m);
  expect(report).toMatch(/texts are alike that 1,200 comparisons of near duplicates had to be skipped/);
  expect(report).toMatch(/^error +leakage +train → valid +1 +3\.33% +1 valid example also occur in train$/m);
  expect(report).toMatch(/^warning +near-duplicates +train +2,400 +50\.0% +nearly$/m);
  expect(report).toMatch(
    /^leakage, train → valid:\n {2}train:3 \[x\]: one\\u\{1b\}\[2J\n {4}valid:4 \[y\]: ONE\\u\{a\}$/m,
  );
  expect(report).toMatch(/^ {4}train:2 \[x\] \(similarity 0\.85\): b$/m);
  expect(report).toMatch(/^ {4}train:6 \[x\] \(same words\): c-d$/m);
  expect(report).toMatch(/^malformed-line:\n {2}f\.tsv:3: no tab$/m);
});

it('shows names, labels, messages and notes without anything that a terminal obeys', () => {
  const clears = '\u001b[2Jx\u202e';
  const said = `train has no example of ${clears}`;
  const report = auditReport({
    ...nothing,
    name: clears,
    facts: { ...nothing.facts, notes: [clears] },
    findings: [
      finding(['missing-class', 'warning', 'train'], said, [1, 1], example([clears, clears, clears])),
    ],
  });
  expect(report).not.toMatch(/(?!\n)\p{C}/u);
  expect(report.match(/\\u\{1b\}\[2Jx\\u\{202e\}/g)).toHaveLength(6);
});
