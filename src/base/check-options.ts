import { AdvError } from './errors.js';
import { flagOf, type CommandOption } from './option.js';
import { shortened, shownValue } from './shown.js';

/**
 * Checks that options are an object and every option that is set, and refuses names that the table lacks, so that a misspelt option is no silent default.
 *
 * @throws AdvError USAGE that names the option, what was expected and what came
 */
export function checkOptions(options: unknown, table: Readonly<Record<string, CommandOption>>): void {
  if (typeof options !== 'object' || options === null) {
    throw new AdvError('USAGE', `expected options as an object, got ${shownValue(options)}`);
  }
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    const option = table[name];
    if (option === undefined) {
      const hint = `Options are: ${Object.keys(table).join(', ')}.`;
      throw new AdvError('USAGE', `unknown option '${name}'`, hint);
    }
    if (value === undefined || (value === false && option.noHelp !== undefined)) continue;
    if (option.rule.accepts(value)) continue;
    const { rule } = option;
    const shown = rule.shown?.(value);
    const got = shown === undefined ? shownValue(value) : shortened(shown);
    const problem = `expected ${rule.expected}, got ${got}`;
    throw new AdvError('USAGE', `${flagOf(option)}: ${problem}`, option.hint);
  }
}
