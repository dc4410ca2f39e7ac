import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkOptions } from '../../base/check-options.js';
import { AdvError } from '../../base/errors.js';
import type { Watch } from '../../base/events.js';
import { omit } from '../../base/option.js';
import { namesFile } from '../../files/file-name.js';
import { checkTrainOptions } from '../../recipe/check.js';
import type { TrainOption } from '../../recipe/option.js';
import { trainOptions, type TrainOptions } from '../../recipe/table.js';
import { begun } from '../../training/beginning.js';
import { reportData } from '../../training/prepare.js';
import { makeAsked, type Asked } from './asked.js';
import { divisorsOf, eta } from './halving.js';
import { tuneOptions, type TuneOptions } from './options.js';
import type { OptionName } from './range.js';
import { defaultRanges, parseRanges, sweepValues, valueIn } from './space.js';
import type { TuneFolder } from './tune-folder.js';

const usualSeeds = 3;

/**
 * Checks the options one by one and against each other.
 *
 * @throws AdvError USAGE
 */
export function checkTuneOptions(options: TuneOptions): void {
  checkOptions(options, tuneOptions);
  const { budget, range, seeds, sweep: swept } = options;
  const together = (one: string, other: string): AdvError =>
    new AdvError('USAGE', `${one} cannot be combined with ${other}`, 'Leave one of the two out.');
  if (swept !== undefined && range !== undefined) throw together('--range', '--sweep');
  if (swept !== undefined && budget !== undefined)
    throw together('--budget', '--sweep, which trains all of its values');
  if (swept === undefined && seeds !== undefined) {
    throw new AdvError(
      'USAGE',
      'expected --sweep beside --seeds, got none',
      'A search has one seed, which --seed says.',
    );
  }
  if (range !== undefined) parseRanges(range);
  if (swept === undefined) return;
  sweepValues(swept);
  const count = Object.keys(swept).length;
  if (count > 2)
    throw new AdvError(
      'USAGE',
      `--sweep: expected one option or two, got ${count}`,
      'Search them with --range.',
    );
}

/** Options that say where and how trials are carried out, not what they are. */
const ofExecution = (name: string): boolean =>
  (trainOptions as Readonly<Record<string, TrainOption>>)[name]?.resumable === true;

/**
 * What options ask for. Opens the data, so that what is wrong with it shows before a folder is made; its test part stays closed.
 *
 * @returns undefined where the folder has been asked before and they say nothing else
 * @throws AdvError USAGE and what opening the data throws
 */
export async function wantedOf(
  folder: TuneFolder,
  options: TuneOptions,
  watch: Watch,
): Promise<Asked | undefined> {
  const there = await folder.readAsked();
  const says = Object.entries(options).some(
    ([name, value]) => value !== undefined && !['budget', 'jobs', 'out'].includes(name) && !ofExecution(name),
  );
  if (there !== undefined && !says) return undefined;
  if (there === undefined) await requireEmpty(folder.path);
  const { budget = there?.budget ?? undefined, range, sweep: swept, seeds = usualSeeds } = options;
  if (budget === undefined && swept === undefined) {
    throw new AdvError(
      'USAGE',
      'expected --budget or --sweep, got neither',
      'Say how long to search, such as --budget 30m, or how many sets of options to try, such as --budget 20.',
    );
  }
  const said = located(omit(options, 'budget', 'range', 'sweep', 'seeds', 'out', 'jobs', 'threads'));
  // With the test file, which is not there below.
  checkTrainOptions(said);
  const { name, recipe } = await begun(
    { options: { ...said, test: undefined }, withoutTest: true },
    watch,
    ({ dataset, recipe: resolved }) => {
      reportData({ dataset, warnings: dataset.facts.warnings ?? [] }, watch);
      return Promise.resolve({ name: dataset.name, recipe: resolved });
    },
  );
  if (!recipe.recurrent) {
    throw new AdvError(
      'USAGE',
      'expected a network whose options are to be chosen, got a classifier of n-grams alone',
      'Leave --no-recurrent or --preset fast out.',
    );
  }
  const space = swept ?? range ?? defaultRanges(recipe, said);
  if (Object.keys(space).length === 0) {
    throw new AdvError(
      'USAGE',
      'expected an option to choose, but all that vary else are set',
      'Say one with --range.',
    );
  }
  const names = Object.keys(space) as OptionName[];
  return makeAsked({
    options: JSON.parse(JSON.stringify(said)) as TrainOptions,
    space,
    ...(swept === undefined
      ? {
          method: 'successive halving',
          seeds: null,
          budget: budget ?? null,
          divisors: divisorsOf(recipe.epochs),
        }
      : { method: 'sweep', seeds, budget: null, divisors: [1] }),
    dataset: name,
    defaults: Object.fromEntries(names.map((option) => [option, valueIn(recipe, option)])),
    epochs: recipe.epochs,
    select: recipe.select,
    eta,
    rounds: [],
  });
}

/** With paths that are right from any folder. */
function located(options: TrainOptions): TrainOptions {
  const { train, valid, test, dataDir, dataset } = options;
  return {
    ...options,
    ...(train === undefined ? {} : { train: resolve(train) }),
    ...(valid === undefined ? {} : { valid: resolve(valid) }),
    ...(test === undefined ? {} : { test: resolve(test) }),
    ...(dataDir === undefined ? {} : { dataDir: resolve(dataDir) }),
    ...(dataset !== undefined && namesFile(dataset) ? { dataset: resolve(dataset) } : {}),
  };
}

/** @throws AdvError USAGE when a folder holds what is not of a search */
async function requireEmpty(path: string): Promise<void> {
  const names = await readdir(path).catch(() => []);
  const other = names.find((name) => !['lock', 'trials'].includes(name));
  if (other === undefined) return;
  throw new AdvError(
    'USAGE',
    `expected --out to name a new or empty folder or that of a search, got ${path}, which holds ${other}`,
    'Choose another --out.',
  );
}
