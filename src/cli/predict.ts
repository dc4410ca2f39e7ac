import type { Command } from 'commander';
import { checkOptions, integer, text as textRule } from '../base/checks.js';
import type { Runner } from './context.js';
import { examples, jsonOption, numberOption } from './options.js';

interface PredictFlags {
  readonly input?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

const rules = {
  input: { flag: '--input', rule: textRule },
  threads: { flag: '--threads', rule: integer(1, 256) },
};

const outputHelp = `
Output is a line a text: label, probability and text with tabs between; a tab, a line break or a backslash inside the
text is written as \\t, \\n, \\r or \\\\. With --json a line is an object with text, label, probability, the probabilities of
all labels, and whether the text was cut to the model's limit.

A text is answered when it comes, so that predict serves as a coprocess: write a line, read its answer, write the next.
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
    .addOption(jsonOption('a line of JSON for each text'))
    .addHelpText('after', outputHelp)
    .addHelpText(
      'after',
      examples(
        'npx advnative predict runs/dsl "Gde si bio juče?"',
        'npx advnative predict model.onnx --input texts.txt > labels.tsv',
        'npx advnative predict model.onnx --json < texts.txt > predictions.jsonl',
      ),
    )
    .action(async (path: string, texts: string[], flags: PredictFlags) => {
      const { json, ...options } = flags;
      await run({ json }, async (context) => {
        checkOptions(options, rules);
        const { predictTexts } = await import('./predict-texts.js');
        await predictTexts(path, { texts, ...options }, context);
      });
    });
}
