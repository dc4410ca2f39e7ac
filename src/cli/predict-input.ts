import { systemReason } from '../data/files.js';
import { linesOf, readLines, type Line } from '../data/lines.js';
import { asTheyCome } from '../data/streaming.js';
import { AdvError } from '../errors.js';
import type { CommandContext } from './context.js';

/** Where texts come from; from the lines of standard input when it says neither. */
export interface TextSource {
  readonly texts: readonly string[];
  /** A file with a text on each line. */
  readonly input?: string | undefined;
}

/** Texts classified at once: enough for full batches. */
const most = 256;

/**
 * The texts in groups of those that are there at once: a line that came alone is given alone, without waiting for the next.
 *
 * @throws AdvError USAGE for two sources; while iterating, and after the texts before it, DATA_MISSING for input that cannot be
 *   read and DATA_MALFORMED for a line that is no text
 */
export function textsToPredict(
  { texts, input }: TextSource,
  context: CommandContext,
): Iterable<string[]> | AsyncIterable<string[]> {
  if (texts.length > 0 && input !== undefined) {
    throw new AdvError('USAGE', 'expected texts or --input, got both', 'Leave one of them out.');
  }
  return texts.length > 0 ? parts(texts) : asTheyCome(lineTexts(input, context), most);
}

function* parts(texts: readonly string[]): Generator<string[]> {
  for (let first = 0; first < texts.length; first += most) yield texts.slice(first, first + most);
}

async function* lineTexts(input: string | undefined, context: CommandContext): AsyncGenerator<string> {
  if (input === undefined && process.stdin.isTTY) {
    context.progress.message('reading a text a line from standard input; end with Ctrl-D');
  }
  const lines = input === undefined ? linesOf(standardInput(context.signal)) : readLines(input, context);
  for await (const line of lines) yield textOf(line, input ?? 'standard input');
}

/** Standard input, whose end an interruption does not wait for. */
async function* standardInput(signal: AbortSignal): AsyncGenerator<Buffer> {
  const stop = (): void => {
    process.stdin.destroy(Object.assign(new Error('interrupted'), { name: 'AbortError' }));
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const part of process.stdin) yield part as Buffer;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new AdvError(
      'DATA_MISSING',
      `cannot read standard input: ${systemReason(error)}`,
      'Give a text on each line by a pipe or by --input FILE, or give texts as arguments.',
      { cause: error },
    );
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function textOf(line: Line, source: string): string {
  if ('text' in line) return line.text;
  throw new AdvError(
    'DATA_MALFORMED',
    `${source}:${line.number}: ${line.problem}`,
    'Texts must be UTF-8 lines.',
  );
}
