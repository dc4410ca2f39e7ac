import type { AuditResult } from '../inspect/audit/audit.js';
import type { Finding, FindingExample } from '../inspect/audit/finding.js';
import { count, plural, printable, share } from './format.js';
import { table } from './tables.js';

/** What an audit found: a table of findings, then the examples of each. */
export function auditReport(result: AuditResult): string {
  const sizes = result.splits.map(({ split, examples }) => `${count(examples)} ${split}`).join(', ');
  const verdict =
    result.findings.length === 0
      ? 'no problems found'
      : [
          plural(result.errors, 'error'),
          plural(result.warnings, 'warning'),
          ...(result.notes === 0 ? [] : [plural(result.notes, 'note')]),
        ].join(', ');
  const { limited } = result.nearDuplicates;
  const leftOut = `So many texts are alike that ${plural(limited, 'comparison')} of near duplicates had to be skipped.`;
  return [
    `${printable(result.name)}: ${sizes} examples, ${count(result.differentTexts)} different texts`,
    ...result.facts.notes.map((note) => `note: ${printable(note)}`),
    verdict,
    ...(limited === 0 ? [] : [leftOut]),
    ...(result.findings.length === 0 ? [] : ['', findingsTable(result.findings)]),
    ...result.findings
      .filter(({ examples }) => examples.length > 0)
      .flatMap((finding) => exampleLines(finding, result.nearDuplicates.threshold)),
  ].join('\n');
}

function findingsTable(findings: readonly Finding[]): string {
  return table(
    ['severity', 'kind', 'where', 'count', 'share', 'what'],
    findings.map((finding) => [
      finding.severity,
      finding.kind,
      whereOf(finding),
      count(finding.count),
      share(finding.share),
      printable(finding.message),
    ]),
  );
}

function whereOf({ splits }: Finding): string {
  return splits.join(' → ');
}

function exampleLines(finding: Finding, threshold: number): string[] {
  const where = whereOf(finding);
  return [
    '',
    `${finding.kind}${where === '' ? '' : `, ${where}`}:`,
    ...finding.examples.flatMap((example) => textLines(example, threshold)),
  ];
}

/** A line a text; the second of two is set in. */
function textLines({ texts, similarity }: FindingExample, threshold: number): string[] {
  const alike = describeSimilarity(similarity, threshold);
  return texts.map(({ id, label, text }, place) => {
    const name = label === '' ? id : `${id} [${label}]`;
    return `  ${place === 0 ? '' : '  '}${printable(name)}${place === 1 ? alike : ''}: ${printable(text)}`;
  });
}

function describeSimilarity(similarity: number | undefined, threshold: number): string {
  if (similarity === undefined) return '';
  return similarity < threshold ? ' (same words)' : ` (similarity ${similarity.toFixed(2)})`;
}
