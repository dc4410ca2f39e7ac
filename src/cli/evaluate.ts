import { Option } from 'commander';
import type { EvaluateOptions } from '../training/evaluate.js';
import { command } from './command.js';
import { pick } from '../base/option.js';
import { formOptions } from '../recipe/data-options.js';
import { trainOptions } from '../recipe/table.js';
import { formHelp, jsonOption, optionsOf, quietOption } from './options.js';

const shared = {
  ...pick(trainOptions, 'dataset', 'test'),
  ...formOptions,
  ...pick(trainOptions, 'dataDir', 'onMalformed', 'offline', 'threads'),
};
const told = {
  dataset: 'dataset whose test part is read (default for a run: its own)',
  test: 'labelled file: TSV, CSV, JSONL, JSON or Parquet, see below',
};

/** Adds `evaluate`. */
export const addEvaluate = command({
  name: 'evaluate',
  description: 'losses, accuracy, macro F1 and confusion of a trained model on labelled data',
  arguments: { '<run-or-model>': 'a finished run directory, or a .onnx file' },
  options: [
    new Option('--losses <file>', 'also write the loss of each example, as test-losses.csv does'),
    ...optionsOf(shared, told),
    jsonOption(),
    quietOption(),
  ],
  help: [formHelp],
  examples: [
    'npx advnative evaluate runs/babi-sim-1-adversarial-seed1',
    'npx advnative evaluate model.onnx --test held-out.tsv --json',
    'npx advnative evaluate runs/reviews --test new.parquet --text-column review',
  ],
  action: async (context, options: EvaluateOptions, path: string) => {
    const { evaluate } = await import('../training/evaluate.js');
    const { evaluationReport } = await import('../report/tables.js');
    const result = await evaluate(path, options, context);
    await context.result(result, () => evaluationReport(result));
  },
});
