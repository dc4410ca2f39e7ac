import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { AdvError } from '../errors.js';
import { writeAtomically } from '../storage/atomic-file.js';

/** One line of test-losses.csv. */
export interface LossRow {
  /** The example's id: stable over runs and unique in the file. */
  readonly id: string;
  readonly label: string;
  readonly prediction: string;
  /** Cross-entropy, finite. */
  readonly loss: number;
}

const columns = ['id', 'label', 'prediction', 'loss'] as const;

/**
 * Writes per-example losses as CSV (RFC 4180 with LF, UTF-8, header `id,label,prediction,loss`). A loss has the fewest
 * digits that give the same double back, so equal rows make equal bytes. The file appears as a whole or not at all.
 *
 * @param parts the rows, some at a time: each part is written before the next is asked for
 * @throws AdvError NOT_FINITE when a loss is NaN or infinite, STORAGE when the file cannot be written, and whatever
 *   `parts` throws
 */
export async function writeLosses(path: string, parts: AsyncIterable<readonly LossRow[]>): Promise<void> {
  await writeAtomically(path, csvOf(parts));
}

async function* csvOf(parts: AsyncIterable<readonly LossRow[]>): AsyncGenerator<string> {
  yield stringify([columns]);
  for await (const rows of parts) {
    const wrong = rows.find((row) => !Number.isFinite(row.loss));
    if (wrong !== undefined)
      throw new AdvError('NOT_FINITE', `the loss of example '${wrong.id}' is ${wrong.loss}`);
    yield stringify(rows.map((row) => [row.id, row.label, row.prediction, String(row.loss)]));
  }
}

/**
 * Reads what writeLosses wrote, in the order of the file.
 *
 * @throws AdvError DATA_MISSING when the file cannot be read, DATA_MALFORMED with file:line when it is another kind of
 *   file, an id occurs twice or a loss is not a finite number
 */
export async function readLosses(path: string): Promise<LossRow[]> {
  const [header, ...records] = parseCsv(path, await readText(path));
  if (header?.fields.join() !== columns.join()) {
    throw malformed(
      path,
      1,
      `expected the header ${columns.join()}, got ${header?.fields.join() ?? 'an empty file'}`,
    );
  }
  const seen = new Set<string>();
  return records.map(({ fields, line }) => {
    const row = toRow(path, line, fields);
    if (seen.has(row.id)) throw malformed(path, line, `the id '${row.id}' occurs a second time`);
    seen.add(row.id);
    return row;
  });
}

/**
 * Brings the losses of two models on the same examples into one order: that of `a`.
 *
 * @returns a[i] and b[i] are losses of the same example
 * @throws AdvError USAGE when the ids of the two differ or an example has another label in the other
 */
export function pairLosses(
  a: readonly LossRow[],
  b: readonly LossRow[],
): { a: Float64Array; b: Float64Array } {
  const byId = new Map(b.map((row) => [row.id, row]));
  const idsOfA = new Set(a.map((row) => row.id));
  if (idsOfA.size !== a.length || byId.size !== b.length) {
    throw new AdvError('USAGE', 'pairing expects every id once in each model’s losses, got an id twice');
  }
  const onlyA = a.filter((row) => !byId.has(row.id));
  const onlyB = b.filter((row) => !idsOfA.has(row.id));
  if (onlyA.length > 0 || onlyB.length > 0) {
    throw unpaired(
      `expected the same test examples in both, got ${onlyIn('a', onlyA)} and ${onlyIn('b', onlyB)}`,
    );
  }
  const relabelled = a.filter((row) => byId.get(row.id)?.label !== row.label);
  if (relabelled.length > 0) {
    const examples = firstFew(
      relabelled,
      (row) => `${row.id} (${row.label}, ${byId.get(row.id)?.label ?? ''})`,
    );
    throw unpaired(
      `expected the same labels in both, got other ones for ${relabelled.length} examples: ${examples}`,
    );
  }
  return {
    a: Float64Array.from(a, (row) => row.loss),
    b: Float64Array.from(a, (row) => byId.get(row.id)?.loss ?? Number.NaN),
  };
}

interface CsvRecord {
  readonly fields: string[];
  /** Line on which the record ends, from 1. */
  readonly line: number;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new AdvError(
      'DATA_MISSING',
      `cannot read the losses ${path}: ${error instanceof Error ? error.message : String(error)}`,
      'A finished run with a test part has a test-losses.csv; `npx advnative evaluate RUN --losses FILE` makes one too.',
      { cause: error },
    );
  }
}

function parseCsv(path: string, content: string): CsvRecord[] {
  try {
    const records = parse(content, {
      bom: true,
      info: true,
      recordDelimiter: ['\n', '\r\n'],
      relaxColumnCount: true,
    });
    return (records as unknown as { record: string[]; info: { lines: number } }[]).map(
      ({ record, info }) => ({
        fields: record,
        line: info.lines,
      }),
    );
  } catch (error) {
    if (error instanceof CsvError) throw malformed(path, Number(error['lines'] ?? 1), error.message, error);
    throw error;
  }
}

function toRow(path: string, line: number, fields: readonly string[]): LossRow {
  const [id, label, prediction, loss] = fields;
  if (
    fields.length !== columns.length ||
    id === undefined ||
    label === undefined ||
    prediction === undefined
  ) {
    throw malformed(path, line, `expected ${columns.length} fields, got ${fields.length}`);
  }
  const value = loss === undefined || loss.trim() === '' ? Number.NaN : Number(loss);
  if (!Number.isFinite(value)) throw malformed(path, line, `expected a finite loss, got '${loss ?? ''}'`);
  return { id, label, prediction, loss: value };
}

function malformed(path: string, line: number, what: string, cause?: unknown): AdvError {
  return new AdvError(
    'DATA_MALFORMED',
    `${path}:${line}: ${what}`,
    'Evaluate the model again to make the file anew.',
    {
      cause,
    },
  );
}

function unpaired(message: string): AdvError {
  return new AdvError('USAGE', message, 'Test both models on the same test split of the same dataset.');
}

function onlyIn(name: string, rows: readonly LossRow[]): string {
  const examples = rows.length === 0 ? '' : ` (${firstFew(rows, (row) => row.id)})`;
  return `${rows.length} only in ${name}${examples}`;
}

function firstFew(rows: readonly LossRow[], describe: (row: LossRow) => string): string {
  return rows.slice(0, 3).map(describe).join(', ') + (rows.length > 3 ? ', …' : '');
}
