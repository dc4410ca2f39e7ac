import { Option } from 'commander';
import { reproduceFlags, type ReproduceOptions } from '../study/options.js';
import { paperRows } from '../study/paper-rows.js';
import { command } from './command.js';
import { jsonOption, optionsOf, quietOption } from './options.js';

const rowHelp = `
Rows: ${paperRows.map(({ name }) => name).join(', ')}.
The plan goes to plan.json in the folder of the study, a file to read and edit; who calls again with the same folder goes on with it. Many
processes, also of several machines that share the folder, may work on it at once.

--dry-run tells of each row how much it reads and how long its runs take on one core, by finished runs of the folder or by a few timed
steps, and the hours of all that is left. A corpus that is not here has the size of its description; with --data-dir and an empty folder all
have.

With --launcher slurm the folder must be one that all nodes see. --jobs is the number of tasks of the job, --threads the processors of
each (default: 1). Ctrl-C ends the waiting, not the job; the same command waits again. docs/clusters.md tells more.`;

/** Adds `reproduce`. */
export const addReproduce = command({
  name: 'reproduce',
  description:
    "repeat the paper's experiment: train rows × columns × seeds, resumable, and write tables and a page",
  arguments: { '[rows...]': 'rows of the table (default: all)' },
  options: [
    ...optionsOf(reproduceFlags, { threads: 'compute threads of all runs together' }),
    new Option('--dry-run', 'train and write nothing: tell what the study would cost'),
    jsonOption(),
    quietOption(),
  ],
  help: [rowHelp],
  examples: [
    'npx advnative reproduce babi-6 --seeds 3 --out study      one row of the table',
    'npx advnative reproduce --out study                       the whole table, or what is left of it',
    'npx advnative reproduce --sizes big,small --dry-run       what that would cost, in hours on 2, 16 and 128 cores',
    'npx advnative reproduce --preset best --out best --jobs 2',
    'npx advnative reproduce --plan mine.json --out mine',
    'npx advnative reproduce --out /shared/study --shard 3/8   in a job of an array',
    'npx advnative reproduce --out /shared/study --launcher slurm --jobs 32 --slurm --time=12:00:00 --slurm --mem=4G',
  ],
  end: '\nThe exit code is 1 when a run failed, has no data here or was left by a job that has ended.\n',
  action: async (
    context,
    { dryRun, ...flags }: ReproduceOptions & { readonly dryRun?: true },
    rows: readonly string[],
  ) => {
    const options = rows.length === 0 ? flags : { ...flags, rows };
    if (dryRun) {
      const { forecastStudy } = await import('../study/forecast/forecast.js');
      const { forecastReport } = await import('../report/forecast.js');
      const forecast = await forecastStudy(options, context);
      await context.result(forecast, () => forecastReport(forecast));
      return;
    }
    const { reproduce } = await import('../report/reproduce.js');
    const { studyReport } = await import('../report/study.js');
    const result = await reproduce(options, context);
    // What another process has is its business, but of a job that has ended nobody else takes care.
    const isLeft = flags.launcher !== undefined && result.runs.open > 0;
    const complete = result.failures.length === 0 && !isLeft;
    await context.result(result, () => studyReport(result), { complete });
  },
});
