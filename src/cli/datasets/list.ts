import { Option } from 'commander';
import { command } from '../command.js';
import { jsonOption } from '../options.js';

/** Adds `datasets list`. */
export const addList = command({
  name: 'list',
  description: 'list the datasets: name, classes and where each lies; downloads nothing',
  options: [
    new Option('--data-dir <dir>', 'folder to look in (else ADVNATIVE_DATA and the cache)'),
    jsonOption(),
  ],
  examples: ['npx advnative datasets list', 'npx advnative datasets list --json'],
  action: async (context, { dataDir }: { dataDir?: string }) => {
    const { catalogue } = await import('../../datasets/catalogue.js');
    const { datasetsReport } = await import('../../report/tables.js');
    const listings = await catalogue.list({ dataDir });
    await context.result({ datasets: listings }, () => datasetsReport(listings));
  },
});
