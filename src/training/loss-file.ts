import { CsvError, parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { pipeline } from 'node:stream/promises';
import { readBytes } from '../files/bytes.js';
import { shortened } from '../files/columns.js';
import { lossNames, type LossName } from '../statistics/loss-names.js';
import { sum } from '../statistics/sum.js';
import { textHashForm } from '../text/text-hash.js';
import { AdvError } from '../base/errors.js';
import { writeAtomically } from '../base/storage/atomic-file.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import type { TestSummary } from './run-record.js';

/** One line of test-losses.csv. */
export interface LossRow {
  /** The example's id: stable over runs and unique in the file. */
  readonly id: string;
  /** Hash of the example's text (see text-hash.ts): by it and the label the losses of two models are paired. */
  readonly textHash: string;
  readonly label: string;
  readonly prediction: string;
  /** Finite, of the file's kind. */
  readonly loss: number;
}

/** Of cross-entropy. */
const columns = ['id', 'textHash', 'label', 'prediction', 'loss'] as const;
/** The last column's name says of which loss a file is. */
const headers: Readonly<Record<LossName, readonly string[]>> = {
  'cross-entropy': columns,
  squared: columns.map((name) => (name === 'loss' ? 'squaredLoss' : name)),
};

/** What a file of losses holds. */
export interface LossTable {
  readonly loss: LossName;
  /** In the order of the file. */
  readonly rows: readonly LossRow[];
}

/** What is known of the losses that a file should hold. */
type ExpectedLosses = Pick<TestSummary, 'n' | 'loss' | 'accuracy'>;

/** Of a mean: losses that another machine made anew differ from the run's by rounding. */
const meanTolerance = 1e-6;

/** Those of earlier versions. */
const columnsWithoutHash = columns.filter((name) => name !== 'textHash').join();

/** A record of losses takes less. */
const longestRecordBytes = 1 << 20;

/**
 * Writes per-example losses as CSV (RFC 4180 with LF, UTF-8, header `id,textHash,label,prediction,loss`, of squared losses with `squaredLoss` in its place). A loss has the
 * fewest digits that give the same double back, so equal rows make equal bytes. The file appears as a whole or not at
 * all.
 *
 * @param parts the rows, some at a time: each part is written before the next is asked for
 * @param loss which one they are of
 * @throws AdvError NOT_FINITE when a loss is NaN or infinite, STORAGE when the file cannot be written, and whatever
 *   `parts` throws
 */
export async function writeLosses(
  path: string,
  parts: AsyncIterable<readonly LossRow[]>,
  loss: LossName = 'cross-entropy',
): Promise<void> {
  await writeAtomically(path, csvOf(parts, loss));
}

async function* csvOf(parts: AsyncIterable<readonly LossRow[]>, loss: LossName): AsyncGenerator<string> {
  yield stringify([headers[loss]]);
  for await (const rows of parts) {
    const wrong = rows.find((row) => !Number.isFinite(row.loss));
    if (wrong !== undefined)
      throw new AdvError('NOT_FINITE', `the loss of example '${wrong.id}' is ${wrong.loss}`);
    yield stringify(rows.map((row) => [row.id, row.textHash, row.label, row.prediction, String(row.loss)]));
  }
}

/**
 * Reads what writeLosses wrote.
 *
 * @param options.run the run directory that the file belongs to, for hints
 * @param options.expected what run.json tells of its losses, where that is known
 * @throws AdvError DATA_MISSING when the file cannot be read, DATA_MALFORMED with file:line when it is another kind of
 *   file or of a version without hashes, an id occurs twice, a loss is not a finite number, it is cut off, or its losses are not those of
 *   which run.json tells; INTERRUPTED
 */
export async function readLosses(
  path: string,
  options: {
    readonly run?: string | undefined;
    readonly expected?: ExpectedLosses | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<LossTable> {
  const reader = new LossReader(path, options.run);
  try {
    await eachRecord(path, options.signal, reader);
    return reader.finish(options.expected);
  } catch (error) {
    const gone = options.run !== undefined && error instanceof AdvError && error.code === 'DATA_MISSING';
    throw gone ? new AdvError(error.code, error.message, reader.wayOn, { cause: error }) : error;
  }
}

/** Checks the records of a file one after the other. */
class LossReader {
  /** What to do about a file that is damaged or gone. */
  readonly wayOn: string;
  readonly #path: string;
  readonly #rows: LossRow[] = [];
  readonly #ids = new Set<string>();
  /** Once the header is read. */
  #loss: LossName | undefined;

  constructor(path: string, run: string | undefined) {
    this.#path = path;
    this.wayOn =
      run === undefined
        ? `Make the file anew, with the same --test or --dataset: npx advnative evaluate RUN --losses ${shellQuoted(path)}`
        : `Make the file anew: npx advnative evaluate ${shellQuoted(run)} --losses ${shellQuoted(path)}`;
  }

  /** @param line on which the record ends, from 1 */
  take(fields: readonly string[], line: number): void {
    if (this.#loss === undefined) {
      this.#loss = this.#lossOfHeader(fields);
      return;
    }
    const row = toRow(fields);
    if (typeof row === 'string') throw this.problem(line, row);
    if (this.#ids.has(row.id)) throw this.problem(line, `the id '${row.id}' occurs a second time`);
    this.#ids.add(row.id);
    this.#rows.push(row);
  }

  finish(expected: ExpectedLosses | undefined): LossTable {
    const loss = this.#loss;
    if (loss === undefined) throw this.#ofAnotherKind('an empty file');
    const differs = expected && whatDiffers(this.#rows, expected);
    if (differs !== undefined) {
      throw this.problem(
        this.#rows.length + 1,
        `expected ${differs.expected}, as run.json tells, got ${differs.got}`,
      );
    }
    return { loss, rows: this.#rows };
  }

  /** The error for a line. A file that does not begin as losses do is of another kind, which nothing must replace. */
  problem(line: number, what: string, cause?: unknown): AdvError {
    return this.#loss !== undefined
      ? this.#malformed(line, what, this.wayOn, cause)
      : this.#ofAnotherKind(`data that is no CSV (${what})`, cause);
  }

  #lossOfHeader(fields: readonly string[]): LossName {
    const found = fields.join();
    if (found === columnsWithoutHash) {
      throw this.#malformed(
        1,
        'expected hashes of the texts, by which losses are paired, got a file of an earlier version, without them',
        this.wayOn,
      );
    }
    const loss = lossNames.find((name) => headers[name].join() === found);
    if (loss === undefined) throw this.#ofAnotherKind(JSON.stringify(shortened(found)));
    return loss;
  }

  #ofAnotherKind(found: string, cause?: unknown): AdvError {
    return this.#malformed(
      1,
      `expected losses with the header ${columns.join()}, got ${found}`,
      'Name a finished run directory, or a file that `npx advnative evaluate RUN --losses FILE` wrote.',
      cause,
    );
  }

  #malformed(line: number, what: string, hint: string, cause?: unknown): AdvError {
    return new AdvError('DATA_MALFORMED', `${this.#path}:${line}: ${what}`, hint, { cause });
  }
}

async function eachRecord(path: string, signal: AbortSignal | undefined, reader: LossReader): Promise<void> {
  const parser = parse({
    bom: true,
    maxRecordSize: longestRecordBytes,
    recordDelimiter: ['\n', '\r\n'],
    relaxColumnCount: true,
    // Sees the header before the parser stumbles over what follows it in a file of another kind.
    onRecord: (fields: string[], { lines }) => {
      reader.take(fields, lines);
      return null;
    },
  });
  const end = { byte: lineFeed };
  try {
    await pipeline(lastSeen(readBytes(path, signal), end), parser.resume());
    // Without it the last loss may be cut off in the middle of its digits.
    if (end.byte !== lineFeed)
      throw reader.problem(parser.info.lines, 'expected a line end, got the end of the file');
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw reader.problem(Number(error['lines'] ?? 1), error.message, error);
  }
}

const lineFeed = 0x0a;

/** The same bytes; `end` receives the last one. */
async function* lastSeen(chunks: AsyncIterable<Buffer>, end: { byte: number }): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    end.byte = chunk.at(-1) ?? end.byte;
    yield chunk;
  }
}

/** What tells losses of others in the summary of some. */
function whatDiffers(
  rows: readonly LossRow[],
  { n, loss, accuracy }: ExpectedLosses,
): { readonly expected: string; readonly got: string } | undefined {
  if (rows.length !== n) return { expected: `${n} losses`, got: String(rows.length) };
  const mean = sum(rows.map((row) => row.loss)) / n;
  if (!(Math.abs(mean - loss) <= meanTolerance * Math.max(1, Math.abs(loss)))) {
    return { expected: `a mean loss of ${loss}`, got: String(mean) };
  }
  const right = rows.filter(({ label, prediction }) => label === prediction).length;
  return right === Math.round(accuracy * n)
    ? undefined
    : { expected: `${Math.round(accuracy * n)} right predictions`, got: String(right) };
}

/** The row of a record, or what is wrong with it. */
function toRow(fields: readonly string[]): LossRow | string {
  const [id, hash, label, prediction, loss] = fields;
  if (
    fields.length !== columns.length ||
    id === undefined ||
    hash === undefined ||
    label === undefined ||
    prediction === undefined
  ) {
    return `expected ${columns.length} fields, got ${fields.length}`;
  }
  if (!textHashForm.test(hash)) return `expected a hash of 32 hexadecimal digits, got '${shortened(hash)}'`;
  const value = loss === undefined || loss.trim() === '' ? Number.NaN : Number(loss);
  if (!Number.isFinite(value)) return `expected a finite loss, got '${loss ?? ''}'`;
  return { id, textHash: hash, label, prediction, loss: value };
}
