import { at } from '../../base/at.js';
import { count } from '../../report/format.js';
import { table } from '../../report/tables.js';
import { describeMachine, ratioText } from '../report.js';
import type { Cost } from '../cost.js';
import type { BenchMachine } from '../result.js';

/** What is done with a corpus: `datasets describe`, `datasets audit`, and one epoch of training without its native steps. */
export type CorpusWork = 'describe' | 'audit' | 'stream';

/** One work on one corpus, in a process of its own. */
export interface WorkResult extends Cost {
  readonly work: CorpusWork;
  /** Of all splits; of the training data alone for the stream. */
  readonly examples: number;
  /** Characters of these examples; for the stream those that a model reads, with begin and end of each text. */
  readonly tokens: number;
}

/** Tokens that went through a part of the work. */
export interface Passage {
  readonly tokens: number;
  readonly seconds: number;
}

/** The parts of an epoch's stream, and what training takes of it. Tokens are those of the training data. */
export interface StreamParts {
  /** Once a run: opening, vocabulary, encoding; validation data is read and encoded in this time as well. */
  readonly firstPass: Passage;
  /** Once an epoch: shuffling, and packing every batch. */
  readonly batches: Passage;
  /** Steps of the first batches, native part alone. */
  readonly training: Passage & { readonly steps: number };
}

/** Lines that copy earlier ones, as they were written and as an audit found them. */
export interface PlantedCopies {
  /** Copies, copies but for a word, copies with another label. */
  readonly planted: { readonly copies: number; readonly edits: number; readonly relabelled: number };
  /** Examples; a near duplicate and a contradiction count with what they copy. */
  readonly found: {
    readonly duplicates: number;
    readonly nearDuplicates: number;
    readonly contradicting: number;
  };
}

/** Everything measured on one corpus. */
export interface CorpusResult {
  /** Of the training file. */
  readonly lines: number;
  /** Of the training file. */
  readonly bytes: number;
  readonly works: readonly WorkResult[];
  readonly stream: StreamParts;
  readonly copies: PlantedCopies;
}

/** What `npm run bench:stream -- --json` prints. */
export interface CorpusBench {
  readonly machine: BenchMachine;
  /** The smaller one first. */
  readonly corpora: readonly CorpusResult[];
}

/** Tables of a bench of corpora: what each work took, how memory grows, the stream beside training, planted copies. */
export function corpusReport({ machine, corpora }: CorpusBench): string {
  return [
    describeMachine(machine),
    workTable(corpora),
    `One epoch's stream beside the training steps that take it.\n${streamTable(corpora)}`,
    `Planted copies, and examples that the audit found; near and contradicting ones count with what they copy.\n${copiesTable(corpora)}`,
  ].join('\n\n');
}

const workHeader = [
  ...['training lines', 'MB', 'work', 'examples', 'seconds', 'examples/s', 'tokens/s'],
  ...['peak MiB', 'over idle', 'bytes a line more'],
];

function workTable(corpora: readonly CorpusResult[]): string {
  const rows = corpora.flatMap((corpus) =>
    corpus.works.map((result, place) => [
      ...(place === 0 ? [count(corpus.lines), (corpus.bytes / 1e6).toFixed(1)] : ['', '']),
      ...workCells(result),
      growthText(corpus, result, at(corpora, 0)),
    ]),
  );
  return table(workHeader, rows);
}

function workCells({ work, examples, tokens, seconds, idleBytes, peakBytes }: WorkResult): string[] {
  return [
    work,
    count(examples),
    seconds.toFixed(1),
    count(examples / seconds),
    count(tokens / seconds),
    mebibytes(peakBytes),
    mebibytes(peakBytes - idleBytes),
  ];
}

/** Nothing for the first corpus, which the others are compared with. */
function growthText(corpus: CorpusResult, result: WorkResult, first: CorpusResult): string {
  const before = first.works.find(({ work }) => work === result.work);
  if (corpus === first || before === undefined) return '';
  return count(memoryPerLine({ ...before, lines: first.lines }, { ...result, lines: corpus.lines }));
}

/** Bytes by which the peak grew for each line that the larger of two corpora has more. */
export function memoryPerLine(
  smaller: { readonly lines: number; readonly peakBytes: number },
  larger: { readonly lines: number; readonly peakBytes: number },
): number {
  return (larger.peakBytes - smaller.peakBytes) / (larger.lines - smaller.lines);
}

const streamHeader = ['training lines', 'part', 'seconds', 'tokens/s', 'times training'];

function streamTable(corpora: readonly CorpusResult[]): string {
  const rows = corpora.flatMap(({ lines, stream }) => {
    const { firstPass, batches, training } = stream;
    return [
      [count(lines), ...passageCells('first pass over the text', firstPass, training)],
      ['', ...passageCells('batches of the epoch', batches, training)],
      ['', ...passageCells('both', wholeStream(stream), training)],
      ['', ...passageCells(`training, ${training.steps} steps`, training, training)],
    ];
  });
  return table(streamHeader, rows);
}

function passageCells(part: string, passage: Passage, training: Passage): string[] {
  return [
    part,
    passage.seconds.toFixed(1),
    count(rate(passage)),
    passage === training ? '' : ratioText(rate(passage) / rate(training)),
  ];
}

/** All of an epoch's stream, in a run of one epoch. */
export function wholeStream({ firstPass, batches }: Omit<StreamParts, 'training'>): Passage {
  return { tokens: batches.tokens, seconds: firstPass.seconds + batches.seconds };
}

function rate({ tokens, seconds }: Passage): number {
  return tokens / seconds;
}

const copiesHeader = ['training lines', 'copies', 'found', 'edited', 'found', 'relabelled', 'found'];

function copiesTable(corpora: readonly CorpusResult[]): string {
  const rows = corpora.map(({ lines, copies: { planted, found } }) => [
    lines,
    ...[planted.copies + planted.relabelled, found.duplicates],
    ...[planted.edits, found.nearDuplicates],
    ...[planted.relabelled, found.contradicting],
  ]);
  return table(
    copiesHeader,
    rows.map((row) => row.map(count)),
  );
}

function mebibytes(bytes: number): string {
  return count(bytes / 2 ** 20);
}
