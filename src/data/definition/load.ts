import { fileURLToPath } from 'node:url';
import { AdvError } from '../../errors.js';
import { checkDefinition } from './check.js';
import type { DatasetDefinition } from './definition.js';
import { findModule } from './find-module.js';

/**
 * Loads the dataset that a package or a file of the user's defines: its default export, or the one that is named `dataset`.
 *
 * @param name a package, looked for from the current folder and then from this package; or a file's path
 * @returns the definition, or undefined when there is no such package
 * @throws AdvError USAGE when the module is there but cannot be loaded or defines no dataset
 */
export async function loadDefinition(name: string): Promise<DatasetDefinition | undefined> {
  let address: string | undefined;
  try {
    address = findModule(name);
    if (address === undefined) return undefined;
    return checkDefinition(exported((await import(address)) as Exports), name);
  } catch (error) {
    if (error instanceof AdvError) throw error;
    const module = address === undefined ? name : fileURLToPath(address);
    throw new AdvError(
      'USAGE',
      `the dataset '${name}' could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
      `Check that node --input-type=module -e "import '${module}'" works.`,
      { cause: error },
    );
  }
}

interface Exports {
  readonly default?: unknown;
  readonly dataset?: unknown;
}

/** The definition that a module exports. What a CommonJS module exports is the default of an ES module. */
function exported({ default: main, dataset }: Exports): unknown {
  if (typeof main !== 'object' || main === null || 'examples' in main) return main ?? dataset;
  const { default: inner, dataset: named } = main as Exports;
  return inner ?? named ?? main;
}
