import type { Command } from 'commander';
import type { Runner } from '../context.js';
import { examples } from '../options.js';
import { addAudit } from './audit.js';
import { addDescribe } from './describe.js';
import { addFetch } from './fetch.js';
import { addList } from './list.js';

/** Adds `datasets` and its subcommands. */
export function addDatasets(program: Command, run: Runner): void {
  const command = program
    .command('datasets')
    .description('list, download, describe and audit datasets')
    .addHelpText(
      'after',
      examples(
        'npx advnative datasets list                  what there is and where it was found',
        'npx advnative datasets fetch babi            downloads a corpus into the cache',
        'npx advnative datasets fetch dsl subjectivity --data-dir data',
      ),
    );
  for (const add of [addList, addFetch, addDescribe, addAudit]) add(command, run);
}
