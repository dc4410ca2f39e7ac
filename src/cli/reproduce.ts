import { Option } from 'commander';
import { list } from '../base/rules.js';
import { forwardedOptions, type ReproduceOptions } from '../study/options.js';
import { studyColumns, paperRows } from '../study/paper-rows.js';
import { command } from './command.js';
import { jsonOption, numberOption, optionsOf, quietOption } from './options.js';

const rowHelp = `
Rows: ${paperRows.map(({ name }) => name).join(', ')}.
The plan goes to plan.json in the folder of the study, a file to read and edit; who calls again with the same folder goes on with it. Many
processes, also of several machines that share the folder, may work on it at once.`;

const listed = list('names').typed;

/** Adds `reproduce`. */
export const addReproduce = command({
  name: 'reproduce',
  description: "repeat the paper's experiment: train rows × columns × seeds, resumable, and write a table",
  arguments: { '[rows...]': 'rows of the table (default: all)' },
  options: [
    new Option('--preset <preset>', 'paper or best (default: paper)'),
    numberOption('--seeds <n>', 'runs of each row and column, of seeds 1 to n (default: 5)'),
    new Option('--columns <list>', `of ${studyColumns.join(', ')} (default: all)`).argParser(
      listed ?? String,
    ),
    new Option('--sizes <list>', 'of big, small (default: big)').argParser(listed ?? String),
    new Option('--plan <file>', 'a plan of your own in place of these options and rows'),
    new Option('--out <dir>', 'folder of the study (default: study)'),
    numberOption('--jobs <k>', 'runs at a time; they share the threads (default: 1)'),
    new Option('--keep <parts>', 'of finished runs: results, models or all (default: results)'),
    new Option('--retry', 'try runs that failed once more'),
    new Option('--shard <i/n>', 'carry out every n-th run, from the i-th on'),
    ...optionsOf(forwardedOptions, { threads: 'compute threads of all runs together' }),
    jsonOption(),
    quietOption(),
  ],
  help: [rowHelp],
  examples: [
    'npx advnative reproduce babi-6 --seeds 3 --out study      one row of the table',
    'npx advnative reproduce --out study                       the whole table, or what is left of it',
    'npx advnative reproduce --preset best --out best --jobs 2',
    'npx advnative reproduce --plan mine.json --out mine',
    'npx advnative reproduce --out /shared/study --shard 3/8   in a job of an array',
  ],
  end: '\nThe exit code is 1 when a run failed or has no data here.\n',
  action: async (context, flags: ReproduceOptions, rows: readonly string[]) => {
    const { reproduce } = await import('../study/reproduce.js');
    const { studyReport } = await import('../report/study.js');
    const result = await reproduce(rows.length === 0 ? flags : { ...flags, rows }, context);
    await context.result(result, () => studyReport(result), { complete: result.failures.length === 0 });
  },
});
