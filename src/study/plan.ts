import { AdvError } from '../base/errors.js';
import { parseJson } from '../base/json.js';
import { choice, integer, type Rule } from '../base/rules.js';
import { checked, closed, kept, listOf, recordOf, type Kept } from '../base/schema.js';
import { checkTrainOptions } from '../recipe/check.js';
import type { Size } from '../recipe/option.js';
import type { TrainOptions } from '../recipe/table.js';

/** Version of plan.json's layout. */
const planFormat = 1;

/** Options of train() that a study decides itself: where a run happens, and what tells the runs of a row and column apart. */
const decidedByStudy = [
  ...['out', 'resume', 'threads', 'device', 'dataDir', 'offline'],
  ...['seed', 'size'],
] as const;

const nameRule: Rule<string> = {
  expected: 'a name of letters, digits, dots, dashes, underscores and plus signs',
  accepts: (value): value is string => typeof value === 'string' && /^(?!\.+$)[\w.+-]+$/u.test(value),
};

const optionsRule: Rule<TrainOptions> = {
  expected: `options of train() by their names in programs, without ${decidedByStudy.join(', ')}`,
  accepts: (value): value is TrainOptions =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !decidedByStudy.some((name) => name in value),
};

/** Several values, each once. */
function different<Value>(one: Rule<Value>, what: string): Rule<readonly Value[]> {
  return {
    expected: `a list of different ${what}, at least one`,
    accepts: (value): value is Value[] =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((item) => one.accepts(item)),
  };
}

const rowSchema = closed({
  /** A folder's name, too. */
  name: kept(nameRule),
  /** Of every run of the row: its data, and what sets the row apart, such as a cell or a loss. */
  options: kept(optionsRule),
  /** Names of columns. */
  columns: kept(different(nameRule, 'names of columns')),
  sizes: kept(different(choice('big', 'small'), 'sizes, big or small')),
  seeds: kept(different(integer(0), 'seeds')),
});

const planSchema = closed({
  format: kept(integer(planFormat, planFormat)),
  /** Of every run, below what columns and rows say. */
  options: kept(optionsRule),
  /** What sets each column apart, by its name. */
  columns: recordOf(kept(optionsRule)),
  rows: listOf(rowSchema),
});

/** One line of the table of a study: what is trained on, and how often. */
export interface PlannedRow extends Kept<typeof rowSchema> {}

/** A study: rows × columns × sizes × seeds of training runs, in a file that people read and edit. */
export interface StudyPlan extends Kept<typeof planSchema> {}

/** One run of a study. */
export interface PlannedRun {
  readonly row: string;
  readonly column: string;
  readonly size: Size;
  readonly seed: number;
  /** All that train() is told but where it happens. */
  readonly options: TrainOptions;
}

/** ROW/COLUMN/SIZE/SEED: what a run is called, and where it lies below the runs of a study. */
export const runName = ({ row, column, size, seed }: PlannedRun): string =>
  [row, column, size, seed].join('/');

/** A plan with the version of this layout. */
export const makePlan = (plan: Omit<StudyPlan, 'format'>): StudyPlan => ({ format: planFormat, ...plan });

/**
 * Parses a plan.
 *
 * @param path for messages
 * @throws AdvError USAGE that says what is wrong where, also when an option of train() does not fit
 */
export function parsePlan(path: string, text: string): StudyPlan {
  const wrong = (problem: string): AdvError =>
    new AdvError('USAGE', `${path} is no plan: ${problem}`, 'Correct it, or begin in another folder.');
  const plan = checked(planSchema, parseJson(text, wrong), wrong);
  const names = plan.rows.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw wrong(`two rows are called '${twice}'`);
  for (const { name, columns } of plan.rows) {
    const unknown = columns.find((column) => !Object.hasOwn(plan.columns, column));
    if (unknown === undefined) continue;
    const known = Object.keys(plan.columns).join(', ');
    throw wrong(`row '${name}' has a column '${unknown}', which is not among ${known}`);
  }
  for (const run of plannedRuns(plan)) {
    try {
      checkTrainOptions(run.options);
    } catch (error) {
      if (!(error instanceof AdvError)) throw error;
      throw wrong(`the options of ${runName(run)}: ${error.message}`);
    }
  }
  return plan;
}

/** All runs, in the order in which they begin: every row and column with the first seed before any has its second. */
export function plannedRuns({ options, columns, rows }: StudyPlan): PlannedRun[] {
  const most = Math.max(0, ...rows.map(({ seeds }) => seeds.length));
  return Array.from({ length: most }, (_, place) => place).flatMap((place) =>
    rows.flatMap((row) => {
      const seed = row.seeds[place];
      if (seed === undefined) return [];
      return row.sizes.flatMap((size) =>
        row.columns.map((column) => ({
          ...{ row: row.name, column, size, seed },
          options: { ...options, ...row.options, ...columns[column], size, seed },
        })),
      );
    }),
  );
}

/** A plan as a file: a line for each row and column, so that people see the table. */
export function planText({ format, options, columns, rows }: StudyPlan): string {
  const lines = (parts: readonly string[]): string => parts.map((part) => `\n    ${part}`).join(',');
  const columnLines = Object.entries(columns).map(
    ([name, said]) => `${JSON.stringify(name)}: ${spaced(said)}`,
  );
  return `{
  "format": ${format},
  "options": ${spaced(options)},
  "columns": {${lines(columnLines)}
  },
  "rows": [${lines(rows.map(spaced))}
  ]
}
`;
}

/** JSON on one line with spaces after commas and colons. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  if (members.length === 0) return '{}';
  return `{ ${members.map(([name, one]) => `${JSON.stringify(name)}: ${spaced(one)}`).join(', ')} }`;
}
