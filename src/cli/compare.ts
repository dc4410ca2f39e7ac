import type { Command } from 'commander';
import type { Runner } from './context.js';
import { examples, jsonOption } from './options.js';

/** Adds `compare`. */
export function addCompare(program: Command, run: Runner): void {
  program
    .command('compare')
    .description('paired t-test on the per-example test losses of two runs')
    .argument('<run-a>', 'a finished run directory, or a file of losses')
    .argument('<run-b>', 'another one with the same test examples')
    .addOption(jsonOption())
    .addHelpText('after', examples('npx advnative compare runs/vanilla runs/adversarial'))
    .action(async (a: string, b: string, { json }: { json?: boolean }) => {
      await run({ json }, async (context) => {
        const { compare } = await import('../training/compare.js');
        const { comparisonReport } = await import('../report/tables.js');
        const test = await compare(a, b);
        await context.result(test, () => comparisonReport(a, b, test));
      });
    });
}
