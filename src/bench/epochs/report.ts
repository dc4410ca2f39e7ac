import { count, duration, score } from '../../report/format.js';
import { table } from '../../report/tables.js';
import { describeMachine } from '../report.js';
import type { EpochBench, EpochResult } from './result.js';

const header = [
  ...['dataset', 'examples', 'tokens', 'whole run', 'tokens/s', 'peak MiB'],
  ...['valid loss', 'ln C', 'remark'],
];

/** A row a dataset, and below it what must be known of the data and why numbers are missing. */
export function epochReport({ machine, epochs }: EpochBench): string {
  const sections = [describeMachine(machine), table(header, epochs.map(epochRow)), notes(epochs)];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** One dataset in a line, as soon as it is over. */
export function epochLine(result: EpochResult): string {
  if (result.status !== 'measured') return `${result.name}: ${remarks[result.status]}`;
  const { name, seconds, tokensPerSecond, validLoss } = result;
  const parts = [
    duration(seconds),
    `${count(tokensPerSecond)} tokens/s`,
    `validation loss ${score(validLoss)}`,
  ];
  return `${name}: ${parts.join(', ')}`;
}

const remarks = { missing: 'files missing', failed: 'FAILED' } as const;

function epochRow(result: EpochResult): string[] {
  if (result.status !== 'measured')
    return [result.name, ...Array<string>(7).fill(''), remarks[result.status]];
  const { name, examples, tokens, classes, seconds, tokensPerSecond, peakBytes, validLoss } = result;
  return [
    name,
    count(examples),
    count(tokens),
    duration(seconds),
    count(tokensPerSecond),
    count(peakBytes / 2 ** 20),
    score(validLoss),
    score(Math.log(classes)),
    '',
  ];
}

/** Each remark once, with the datasets that it holds for. */
function notes(epochs: readonly EpochResult[]): string {
  const where = new Map<string, string[]>();
  for (const epoch of epochs) {
    const texts = epoch.status === 'measured' ? epoch.notes : [epoch.reason];
    for (const text of texts) where.set(text, [...(where.get(text) ?? []), epoch.name]);
  }
  return [...where].map(([text, names]) => `${names.join(', ')}: ${text}`).join('\n');
}
