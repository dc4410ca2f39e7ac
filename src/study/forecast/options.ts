import { AdvError } from '../../base/errors.js';
import { flagOf, omit, type CommandOption } from '../../base/option.js';
import { checkReproduceOptions } from '../make-plan.js';
import { reproduceOptions, type ReproduceOptions } from '../options.js';

/** Options that say which runs there are, which of them are to be carried out, and where their data lies. */
const names = [
  ...(['rows', 'preset', 'seeds', 'columns', 'sizes', 'plan', 'out', 'retry'] as const),
  ...(['dataDir', 'offline'] as const),
] as const;

const others: Readonly<Record<string, CommandOption>> = omit(reproduceOptions, ...names);

/** What forecastStudy() takes; everything may be left out. */
export interface ForecastOptions extends Pick<ReproduceOptions, (typeof names)[number]> {}

/**
 * Checks the options one by one.
 *
 * @throws AdvError USAGE that names the option, what was expected and what came
 */
export function checkForecastOptions(options: ForecastOptions): void {
  checkReproduceOptions(options);
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  const [other] = said.flatMap(([name]) => others[name] ?? []);
  if (other === undefined) return;
  throw new AdvError(
    'USAGE',
    `${flagOf(other)} cannot be combined with --dry-run, which trains nothing`,
    'Leave it out: what is told is for one run a core, on 2, 16 and 128 cores.',
  );
}
