import type { Classification } from '../inference/classification.js';
import type { OptionsOf } from '../base/option.js';
import { text } from '../base/rules.js';
import { trainOptions } from '../recipe/table.js';
import { command } from './command.js';
import { jsonOption, optionsOf } from './options.js';

const predictOptions = {
  input: {
    flag: '--input <file>',
    help: 'a file with a text on each line, also .gz or .zst; no table such as .csv',
    rule: text,
  },
  threads: trainOptions.threads,
};

const outputHelp = `
Output is one line per text: label, probability and text with tabs between; a tab, a line break or a backslash inside the
text is written as \\t, \\n, \\r or \\\\. With --json, each line is an object with text, label, probability, the probabilities of
all labels, and whether the text was truncated to the model's limit.

Each text is answered as soon as it arrives, so that predict can serve as a coprocess: write a line, read its answer, write the next.
`;

/** Adds `predict`. */
export const addPredict = command({
  name: 'predict',
  description: 'label and probability of texts: from arguments, a file or standard input',
  arguments: {
    '<run-or-model>': 'a finished run directory, or a .onnx file',
    '[text...]': 'texts; without any, lines of --input or of standard input',
  },
  options: [...optionsOf(predictOptions), jsonOption('a line of JSON for each text')],
  help: [outputHelp],
  examples: [
    'npx advnative predict runs/dsl "Gde si bio juče?"',
    'npx advnative predict model.onnx --input texts.txt > labels.tsv',
    'npx advnative predict model.onnx --json < texts.txt > predictions.jsonl',
  ],
  action: async (context, options: OptionsOf<typeof predictOptions>, path: string, texts: string[]) => {
    const { checkOptions } = await import('../base/check-options.js');
    checkOptions(options, predictOptions);
    const { asInterruption } = await import('../base/interruption.js');
    const { openModel } = await import('../training/open-model.js');
    const { textsToPredict } = await import('./predict-input.js');
    const groups = textsToPredict({ texts, input: options.input }, context);
    const lineOf = context.json ? jsonLine : tsvLine;
    const model = await openModel(path, options.threads);
    try {
      // A line leaves before a later text is waited for: another program may write a text, read its answer and only then go on.
      for await (const group of groups) {
        const results = await model.classify(group, context.signal);
        const lines = results.map((result, place) => lineOf(group[place] ?? '', result));
        if (!(await context.write(lines.join('')))) return;
      }
    } catch (error) {
      throw asInterruption(error, context.signal);
    } finally {
      await model.dispose();
    }
  },
});

function jsonLine(text: string, result: Classification): string {
  return `${JSON.stringify({ text, ...result })}\n`;
}

function tsvLine(text: string, { label, probability }: Classification): string {
  return `${label}\t${probability.toFixed(6)}\t${escaped(text)}\n`;
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  return text.replaceAll(/[\\\t\n\r]/g, (character) => names[character] ?? character);
}
