import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AdvError } from '../errors.js';
import { packageRoot } from '../package.js';
import type { DatasetDefinition } from './definition.js';

/** Whether a name means a file: a path, or something that ends like a module. */
export function namesFile(name: string): boolean {
  return /^\.{0,2}[\\/]/u.test(name) || isAbsolute(name) || /\.[cm]?js$/u.test(name);
}

/**
 * Loads the dataset that a package or a file of the user's defines: its default export, or the one that is named `dataset`.
 *
 * @param name a package, looked for from the current folder and then from this package; or a file's path
 * @returns the definition, or undefined when there is no such package
 * @throws AdvError USAGE when the module is there but cannot be loaded or defines no dataset
 */
export async function loadDefinition(name: string): Promise<DatasetDefinition | undefined> {
  const path = namesFile(name) ? resolve(name) : findPackage(name);
  if (path === undefined) return undefined;
  let module: { readonly default?: unknown; readonly dataset?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (error) {
    throw new AdvError(
      'USAGE',
      `the dataset '${name}' could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
      `Check that node -e "import('${path}')" works.`,
      { cause: error },
    );
  }
  return checkDefinition(module.default ?? module.dataset, name);
}

function findPackage(name: string): string | undefined {
  for (const from of [join(process.cwd(), 'package.json'), join(packageRoot, 'package.json')]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Not there: the next place, or nowhere.
    }
  }
  return undefined;
}

type Check = readonly [key: string, expected: string, holds: (value: unknown) => boolean];

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const isOptionalFunction = (value: unknown): boolean => value === undefined || typeof value === 'function';

const checks: readonly Check[] = [
  ['name', 'a name', isText],
  ['description', 'a description', isText],
  ['labels', 'at least two different labels', areLabels],
  ['level', "'word' or 'char'", (value) => value === undefined || value === 'word' || value === 'char'],
  ['licence', 'a licence', isText],
  ['citation', 'a citation', isText],
  ['files', 'a function that names files', isOptionalFunction],
  ['examples', 'a function, or functions train, valid and test', areReaders],
];

function areLabels(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length >= 2 && value.every(isText) && new Set(value).size === value.length
  );
}

function areReaders(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { train, valid, test } = value as Record<string, unknown>;
  return typeof train === 'function' && isOptionalFunction(valid) && isOptionalFunction(test);
}

function checkDefinition(value: unknown, name: string): DatasetDefinition {
  if (typeof value !== 'object' || value === null) {
    throw new AdvError(
      'USAGE',
      `expected '${name}' to export a dataset (default, or named 'dataset'), got ${value === null ? 'null' : typeof value}`,
      'See "Your own dataset" in datasets/README.md.',
    );
  }
  for (const [key, expected, holds] of checks) {
    const given = (value as Record<string, unknown>)[key];
    if (holds(given)) continue;
    const shown = JSON.stringify(given) as string | undefined;
    throw new AdvError(
      'USAGE',
      `the dataset '${name}': expected ${key} to be ${expected}, got ${shown?.slice(0, 100) ?? 'nothing'}`,
      'See "Your own dataset" in datasets/README.md.',
    );
  }
  return value as DatasetDefinition;
}
