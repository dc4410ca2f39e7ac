import { AdvError } from '../base/errors.js';
import { checkOptions } from '../base/check-options.js';
import { reproduceOptions, type ReproduceOptions } from './options.js';
import { studyColumns, paperRows } from './paper-rows.js';
import { makePlan, type StudyPlan } from './plan.js';

/**
 * Checks the options one by one.
 *
 * @throws AdvError USAGE that names the option, what was expected and what came
 */
export function checkReproduceOptions(options: ReproduceOptions): void {
  checkOptions(options, reproduceOptions);
  checkLauncher(options);
  const others = (['rows', 'preset', 'seeds', 'columns', 'sizes'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (options.plan === undefined || others === undefined || others === 'rows') return;
  throw new AdvError(
    'USAGE',
    `${reproduceOptions[others].flag} cannot be combined with --plan, which says it`,
    'Leave one of the two out, or edit the plan.',
  );
}

function checkLauncher({ launcher, slurm, shard }: ReproduceOptions): void {
  if (launcher === undefined && slurm !== undefined) {
    throw new AdvError(
      'USAGE',
      '--slurm expects --launcher slurm, got none',
      'Add it, or leave --slurm out.',
    );
  }
  if (launcher === undefined || shard === undefined) return;
  throw new AdvError(
    'USAGE',
    '--shard cannot be combined with --launcher',
    'Leave it out: the tasks of the job share the runs out among them.',
  );
}

/** Whether options say what a plan is, beside which rows of it are wanted. */
export function saysPlan({ preset, seeds, columns, sizes }: ReproduceOptions): boolean {
  return [preset, seeds, columns, sizes].some((said) => said !== undefined);
}

const usualSeeds = 5;

/**
 * The plan that options ask for: by default the paper's table with its big models, five seeds.
 *
 * @throws AdvError USAGE when a row, column or size is none
 */
export function planOf(options: ReproduceOptions): StudyPlan {
  const { preset = 'paper', seeds = usualSeeds } = options;
  const columns = named('--columns', options.columns, studyColumns);
  const sizes = named('--sizes', options.sizes ?? ['big'], ['big', 'small'] as const);
  const names = named(
    'ROW',
    options.rows,
    paperRows.map(({ name }) => name),
  );
  return makePlan({
    options: { preset, baseline: false },
    columns: Object.fromEntries(columns.map((column) => [column, { regime: column }])),
    rows: paperRows
      .filter(({ name }) => names.includes(name))
      .map(({ name, options: said }) => ({
        ...{ name, options: said, columns, sizes },
        seeds: Array.from({ length: seeds }, (_, place) => place + 1),
      })),
  });
}

/**
 * Those of the known names that are wanted, in their order; all where nothing is said.
 *
 * @throws AdvError USAGE when one is not known
 */
export function named<Name extends string>(
  option: string,
  wanted: readonly string[] | undefined,
  known: readonly Name[],
): Name[] {
  const wrong = wanted?.find((name) => !(known as readonly string[]).includes(name));
  if (wrong !== undefined) {
    throw new AdvError(
      'USAGE',
      `${option}: expected names among ${known.join(', ')}, got '${wrong}'`,
      'Correct the name, or leave it out for all of them.',
    );
  }
  return known.filter((name) => wanted?.includes(name) ?? true);
}
