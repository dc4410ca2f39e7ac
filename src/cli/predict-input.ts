import { addAbortSignal } from 'node:stream';
import { encodingHint } from '../files/encoding-hint.js';
import { systemReason } from '../base/system-error.js';
import { linesOf, lineTooLong, readLines, type Line } from '../files/lines.js';
import { errorOfStream } from '../files/signatures.js';
import { asTheyCome } from '../base/streaming.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import { AdvError } from '../base/errors.js';
import type { CommandContext } from './context.js';

/** Where texts come from; from the lines of standard input when it says neither. */
export interface TextSource {
  readonly texts: readonly string[];
  /** A file with a text on each line. */
  readonly input?: string | undefined;
}

/** How files end whose lines hold more than a text; what Parquet is shows by its first bytes. */
const tableEnding = /\.(?:csv|tsv|json|jsonl|ndjson)(?:\.(?:gz|zst))?$/iu;

/** Texts classified at once: enough for full batches. */
const most = 256;

/**
 * The texts in groups of those that are there at once: a line that came alone is given alone, without waiting for the next.
 *
 * @throws AdvError USAGE for two sources, or a file whose lines are no texts by its name; while iterating, and after the texts before it, DATA_MISSING for input that cannot be
 *   read and DATA_MALFORMED for a line that is no text
 */
export function textsToPredict(
  { texts, input }: TextSource,
  context: CommandContext,
): Iterable<string[]> | AsyncIterable<string[]> {
  if (texts.length > 0 && input !== undefined) {
    throw new AdvError('USAGE', 'expected texts or --input, got both', 'Leave one of them out.');
  }
  if (input !== undefined) refuseTable(input);
  return texts.length > 0 ? parts(texts) : asTheyCome(lineTexts(input, context), most);
}

/** Its header would be answered like a text, and so would columns, quotes and all. */
function refuseTable(input: string): void {
  if (!tableEnding.test(input)) return;
  throw new AdvError(
    'USAGE',
    `--input: expected a file with a text on each line, got ${input}, a table by its name`,
    `Put its texts into a .txt file, one on each line. With labels it is for: npx advnative evaluate RUN --test ${shellQuoted(input)}`,
  );
}

function* parts(texts: readonly string[]): Generator<string[]> {
  for (let first = 0; first < texts.length; first += most) yield texts.slice(first, first + most);
}

async function* lineTexts(input: string | undefined, context: CommandContext): AsyncGenerator<string> {
  if (input === undefined && process.stdin.isTTY) {
    context.progress.message('reading texts from standard input, one per line; end with Ctrl-D');
  }
  const start: Buffer[] = [];
  const lines =
    input === undefined
      ? linesOf(rememberingFirst(standardInput(context.signal), start))
      : readLines(input, context);
  for await (const line of lines) yield textOf(line, input, start[0]);
}

/** What a stream is cannot be asked before its first line is answered: to look at enough of it would wait for more. */
async function* rememberingFirst(parts: AsyncIterable<Buffer>, start: Buffer[]): AsyncGenerator<Buffer> {
  for await (const part of parts) {
    if (start.length === 0) start.push(part);
    yield part;
  }
}

/** Standard input, whose end an interruption does not wait for. */
async function* standardInput(signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* addAbortSignal(signal, process.stdin) as AsyncIterable<Buffer>;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new AdvError(
      'DATA_MISSING',
      `cannot read standard input: ${systemReason(error)}`,
      'Pipe in one text per line, use --input FILE, or give texts as arguments.',
      { cause: error },
    );
  }
}

/** @param start the first bytes of a source that has not been looked at yet */
function textOf(line: Line, file: string | undefined, start: Buffer | undefined): string {
  if ('text' in line) return line.text;
  const source = file ?? 'standard input';
  const known = start && errorOfStream(start, source);
  if (known !== undefined) throw known;
  throw new AdvError(
    'DATA_MALFORMED',
    `${source}:${line.number}: ${line.problem}`,
    line.problem === lineTooLong
      ? 'Each line is one text: put line breaks between texts, or shorten this one. From a program texts of any length can be classified.'
      : `Texts must be UTF-8 lines.${encodingHint(line.problem, file)}`,
  );
}
