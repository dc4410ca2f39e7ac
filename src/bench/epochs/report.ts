import { count, duration, score } from '../../report/format.js';
import { table } from '../../report/tables.js';
import { describeMachine, remarks, sections } from '../report.js';
import type { BenchMachine } from '../result.js';

/** A whole epoch that was trained, validated and tested. */
export interface MeasuredEpoch {
  /** As parseChoice() reads it. */
  readonly name: string;
  readonly status: 'measured';
  /** Of the training data. */
  readonly examples: number;
  /** Of the training data, with begin and end of each text. */
  readonly tokens: number;
  /** C, the number of classes: a model that learnt nothing has a loss of about ln C. */
  readonly classes: number;
  /** Wall time of the whole command: reading, training, validating before and after the epoch, test and export. */
  readonly seconds: number;
  /** Training tokens a second of the steps alone. */
  readonly tokensPerSecond: number;
  readonly peakBytes: number;
  /** Mean cross-entropy after the epoch, in nats. */
  readonly validLoss: number;
  /** What a reader of these numbers must know of the data. */
  readonly notes: readonly string[];
}

/** A dataset without numbers, and why. */
export interface AbsentEpoch {
  readonly name: string;
  /** Not here, or not all of it; or here, and training on it failed. */
  readonly status: 'missing' | 'failed';
  readonly reason: string;
}

export type EpochResult = MeasuredEpoch | AbsentEpoch;

/** What `npm run bench:datasets -- --json` prints. */
export interface EpochBench {
  readonly machine: BenchMachine;
  readonly epochs: readonly EpochResult[];
}

const header = [
  ...['dataset', 'examples', 'tokens', 'whole run', 'tokens/s', 'peak MiB'],
  ...['valid loss', 'ln C', 'remark'],
];

/** A row a dataset, and below it what must be known of the data and why numbers are missing. */
export function epochReport({ machine, epochs }: EpochBench): string {
  const said = epochs.flatMap((epoch) =>
    (epoch.status === 'measured' ? epoch.notes : [epoch.reason]).map((text) => [text, epoch.name] as const),
  );
  const notes = remarks(said).map(([text, names]) => `${names.join(', ')}: ${text}`);
  return sections(describeMachine(machine), table(header, epochs.map(epochRow)), notes.join('\n'));
}

/** One dataset in a line, as soon as it is over. */
export function epochLine(result: EpochResult): string {
  if (result.status !== 'measured') return `${result.name}: ${absences[result.status]}`;
  const { name, seconds, tokensPerSecond, validLoss } = result;
  const parts = [
    duration(seconds),
    `${count(tokensPerSecond)} tokens/s`,
    `validation loss ${score(validLoss)}`,
  ];
  return `${name}: ${parts.join(', ')}`;
}

const absences = { missing: 'files missing', failed: 'FAILED' } as const;

function epochRow(result: EpochResult): string[] {
  if (result.status !== 'measured')
    return [result.name, ...Array<string>(7).fill(''), absences[result.status]];
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
