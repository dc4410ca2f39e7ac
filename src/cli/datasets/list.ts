import type { Command } from 'commander';
import type { Runner } from '../context.js';
import { examples, jsonOption } from '../options.js';

/** Adds `datasets list`. */
export function addList(parent: Command, run: Runner): void {
  parent
    .command('list')
    .description('name, classes and place of each dataset; downloads nothing')
    .option('--data-dir <dir>', 'folder to look in (else ADVNATIVE_DATA and the cache)')
    .addOption(jsonOption())
    .addHelpText('after', examples('npx advnative datasets list', 'npx advnative datasets list --json'))
    .action(async ({ json, dataDir }: { json?: boolean; dataDir?: string }) => {
      await run({ json }, async (context) => {
        const { datasets } = await import('../../datasets/catalogue.js');
        const { datasetsReport } = await import('../../report/tables.js');
        const listings = await datasets.list({ dataDir });
        await context.result({ datasets: listings }, () => datasetsReport(listings));
      });
    });
}
