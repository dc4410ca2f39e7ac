import type { Command } from 'commander';
import type { Line } from '../data/lines.js';
import { AdvError } from '../errors.js';
import type { Classification } from '../onnx/inference.js';
import { checkOptions, integer, text as textRule } from '../training/checks.js';
import type { LoadedModel } from '../training/model.js';
import type { CommandContext, Runner } from './context.js';
import { examples, jsonOption, numberOption } from './options.js';

interface PredictFlags {
  readonly input?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Texts classified at once: enough for full batches, few enough that output keeps up with slow input. */
const chunk = 256;

const rules = {
  input: { flag: '--input', rule: textRule },
  threads: { flag: '--threads', rule: integer(1, 256) },
};

const outputHelp = `
Output is a line a text: label, probability and text with tabs between; a tab, a line break or a backslash inside the
text is written as \\t, \\n, \\r or \\\\. With --json it is one object whose "predictions" hold text, label, probability,
the probabilities of all labels, and whether the text was cut to the model's limit.
`;

/** Adds `predict`. */
export function addPredict(program: Command, run: Runner): void {
  program
    .command('predict')
    .description('label and probability of texts: from arguments, a file or standard input')
    .argument('<run-or-model>', 'a finished run directory, or a .onnx file')
    .argument('[text...]', 'texts; without any, lines of --input or of standard input')
    .option('--input <file>', 'a file with a text on each line, also .gz or .zst')
    .addOption(numberOption('--threads <n>', 'compute threads'))
    .addOption(jsonOption())
    .addHelpText('after', outputHelp)
    .addHelpText(
      'after',
      examples(
        'npx advnative predict runs/dsl "Gde si bio juče?"',
        'npx advnative predict model.onnx --input texts.txt > labels.tsv',
        'cat texts.txt | npx advnative predict model.onnx --json',
      ),
    )
    .action(async (path: string, texts: string[], flags: PredictFlags) => {
      const { json, ...options } = flags;
      await run({ json }, async (context) => {
        checkOptions(options, rules);
        const chunks = chunksOf(texts, flags.input, context);
        const { asInterruption } = await import('../training/interruption.js');
        const { openModel } = await import('../training/model.js');
        const model = await openModel(path, flags.threads);
        try {
          await predict(model, chunks, context);
        } catch (error) {
          throw asInterruption(error, context.signal);
        } finally {
          await model.dispose();
        }
      });
    });
}

async function predict(
  model: LoadedModel,
  chunks: AsyncIterable<string[]>,
  context: CommandContext,
): Promise<void> {
  const predictions: ({ text: string } & Classification)[] = [];
  for await (const texts of chunks) {
    const results = await model.classify(texts, context.signal);
    const named = results.map((result, place) => ({ text: texts[place] ?? '', ...result }));
    if (context.json) predictions.push(...named);
    else if (!(await context.write(named.map(tsvLine).join('')))) return;
  }
  if (context.json) await context.result({ predictions }, () => '');
}

function tsvLine({ label, probability, text }: { label: string; probability: number; text: string }): string {
  return `${label}\t${probability.toFixed(6)}\t${escaped(text)}\n`;
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  return text.replaceAll(/[\\\t\n\r]/g, (character) => names[character] ?? character);
}

/** The texts, in chunks as large as the input gives at once. */
async function* chunksOf(
  texts: readonly string[],
  input: string | undefined,
  context: CommandContext,
): AsyncGenerator<string[]> {
  if (texts.length > 0) {
    if (input !== undefined) {
      throw new AdvError('USAGE', 'expected texts or --input, got both', 'Leave one of them out.');
    }
    for (let first = 0; first < texts.length; first += chunk) yield texts.slice(first, first + chunk);
    return;
  }
  if (input === undefined && process.stdin.isTTY) {
    context.progress.message('reading a text a line from standard input; end with Ctrl-D');
  }
  const interactive = input === undefined && process.stdin.isTTY;
  const { linesOf, readLines } = await import('../data/lines.js');
  const lines = input === undefined ? linesOf(standardInput(context.signal)) : readLines(input, context);
  let part: string[] = [];
  for await (const line of lines) {
    part.push(textOf(line, input ?? 'standard input'));
    if (part.length < chunk && !interactive) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** Standard input, whose end an interruption does not wait for. */
async function* standardInput(signal: AbortSignal): AsyncGenerator<Buffer> {
  const stop = (): void => {
    process.stdin.destroy(Object.assign(new Error('interrupted'), { name: 'AbortError' }));
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const part of process.stdin) yield part as Buffer;
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
