import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AdvError } from '../../base/errors.js';
import { shellQuoted } from '../../base/storage/shell-path.js';
import { checkDefinition } from './check.js';
import type { DatasetDefinition } from './definition.js';
import { refuseDataFile, refuseFile } from '../../files/data-file.js';
import { namesFile } from '../../files/file-name.js';
import { findModule } from './find-module.js';

/**
 * Loads the dataset that a package or a file of the user's defines: its default export, or the one that is named `dataset`.
 *
 * @param name a package, looked for from the current folder and then from this package; or a file's path
 * @returns the definition, or undefined when there is no such package
 * @throws AdvError USAGE when the module is there but cannot be loaded or defines no dataset, and for a file of data
 */
export async function loadDefinition(name: string): Promise<DatasetDefinition | undefined> {
  refuseDataFile(name);
  if (namesFile(name)) await requireFile(name);
  let address: string | undefined;
  try {
    address = findModule(name);
    if (address === undefined) {
      refuseFile(name);
      return undefined;
    }
    return checkDefinition(exported((await import(address)) as Exports), name);
  } catch (error) {
    if (error instanceof AdvError) throw error;
    const module = address === undefined ? name : fileURLToPath(address);
    throw new AdvError(
      'USAGE',
      `the dataset '${name}' could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
      hintFor(error, module),
      { cause: error },
    );
  }
}

/** Node's own words for a file that is not there name a file of this package, from which it was looked for. */
async function requireFile(name: string): Promise<void> {
  const path = resolve(name);
  const facts = await stat(path).catch(() => undefined);
  if (facts !== undefined && !facts.isDirectory()) return;
  const problem = facts === undefined ? `there is no file ${path}` : `${path} is a folder`;
  throw new AdvError(
    'USAGE',
    `the dataset '${name}' could not be loaded: ${problem}`,
    "Name the file of a module that defines a dataset, see 'Your own dataset' in datasets/README.md.",
  );
}

/** What to do about a module that does not load. A file of the user's often lies where advnative is not installed. */
function hintFor(error: unknown, module: string): string {
  const lacksThisPackage =
    error instanceof Error && /^Cannot find (?:package|module) 'advnative['/]/u.test(error.message);
  if (!lacksThisPackage) return `Check that node --input-type=module -e "import '${module}'" works.`;
  return (
    `Run npm install advnative, or npm install with the path of a checkout of it, in ${shellQuoted(dirname(module))}; ` +
    'or export a plain object and import nothing: defineDataset() only returns what it is given.'
  );
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
