import type { Command } from 'commander';
import type { EvaluateOptions } from '../training/evaluate.js';
import { watchOf, type Runner } from './context.js';
import {
  dataOptions,
  examples,
  formHelp,
  formOptions,
  jsonOption,
  numberOption,
  quietOption,
} from './options.js';

/** Adds `evaluate`. */
export function addEvaluate(program: Command, run: Runner): void {
  const command = program
    .command('evaluate')
    .description('losses, accuracy, macro F1 and confusion of a trained model on labelled data')
    .argument('<run-or-model>', 'a finished run directory, or a .onnx file')
    .option('--dataset <name>', 'dataset whose test part is read (default for a run: its own)')
    .option('--test <file>', 'labelled file: TSV, CSV, JSONL, JSON or Parquet, see below')
    .option('--losses <file>', 'also write the loss of each example, as test-losses.csv does');
  for (const option of [...formOptions(), ...dataOptions()]) command.addOption(option);
  command
    .addOption(numberOption('--threads <n>', 'compute threads; they never change a result'))
    .addOption(jsonOption())
    .addOption(quietOption())
    .addHelpText('after', formHelp)
    .addHelpText(
      'after',
      examples(
        'npx advnative evaluate runs/babi-sim-1-adversarial-seed1',
        'npx advnative evaluate model.onnx --test held-out.tsv --json',
        'npx advnative evaluate runs/reviews --test new.parquet --text-column review',
      ),
    )
    .action(async (path: string, flags: EvaluateOptions & { json?: boolean; quiet?: boolean }) => {
      const { json, quiet, ...options } = flags;
      await run({ json, quiet }, async (context) => {
        const { evaluate } = await import('../training/evaluate.js');
        const { evaluationReport } = await import('../report/tables.js');
        const result = await evaluate(path, options, watchOf(context));
        await context.result(result, () => evaluationReport(result));
      });
    });
}
