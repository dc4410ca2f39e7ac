import type { Command } from 'commander';
import type { CompareOptions } from '../training/compare.js';
import type { Runner } from './context.js';
import { examples, jsonOption } from './options.js';

const pairingHelp = `
Examples are paired by text and label, whatever their order and the form of the file that they came from. A text that
occurs several times is paired as often as it occurs in both. Texts must be the same to the character.
`;

/** Adds `compare`. */
export function addCompare(program: Command, run: Runner): void {
  program
    .command('compare')
    .description('paired t-test on the per-example test losses of two runs')
    .argument('<run-a>', 'a finished run directory, or a file that evaluate --losses wrote')
    .argument('<run-b>', 'another one with the same test examples')
    .option('--common', 'leave out examples that only one of the two has (default: refuse them)')
    .addOption(jsonOption())
    .addHelpText('after', pairingHelp)
    .addHelpText(
      'after',
      examples(
        'npx advnative compare runs/vanilla runs/adversarial',
        'npx advnative evaluate runs/a --test new.csv --losses a.csv',
        'npx advnative evaluate b.onnx --test new.tsv --losses b.csv',
        'npx advnative compare a.csv b.csv --common',
      ),
    )
    .action(async (a: string, b: string, flags: CompareOptions & { json?: boolean }) => {
      const { json, ...options } = flags;
      await run({ json }, async (context) => {
        const { compare } = await import('../training/compare.js');
        const { comparisonReport } = await import('../report/tables.js');
        const comparison = await compare(a, b, options, context);
        await context.result(comparison, () => comparisonReport(a, b, comparison));
      });
    });
}
