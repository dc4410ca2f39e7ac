import type { OptionsOf } from '../base/option.js';
import { choice, flag, integer, text } from '../base/rules.js';
import { dataOptions } from './data-options.js';
import { learningOptions } from './learning-options.js';
import {
  byDataset,
  type ModelSize,
  type Recorded,
  type RecipePart,
  type Size,
  type TrainOption,
} from './option.js';

/** Options that say where a run happens and what it leaves: they decide no numbers. */
const runOptions = {
  /** Compute threads, 1 to 256; they never change a result. Default: what the machine has, at most 16. */
  threads: {
    flag: '--threads <n>',
    help: 'compute threads; they never change a result',
    defaultWords: "the machine's, at most 16",
    rule: integer(1, 256),
    resumable: true,
  },
  /** Default 'auto', which is the CPU in this version. */
  device: {
    flag: '--device <device>',
    help: 'cpu or auto',
    defaultWords: 'auto',
    rule: choice('cpu', 'auto'),
    hint: 'This version has no CUDA backend: it computes on the CPU.',
    resumable: true,
  },
  /** Whether the result is compared with a linear n-gram classifier of the same texts. Default true. */
  baseline: {
    flag: '--baseline',
    help: 'compare the result with a linear n-gram classifier of the same texts',
    noHelp: 'leave the linear n-gram classifier out',
    defaultWords: 'yes',
    rule: flag,
    resumable: true,
  },
  /** Run directory; default runs/<dataset>-<regime>-seed<seed>, without a network with 'ngrams' in place of the regime. */
  out: {
    flag: '--out <dir>',
    help: 'run directory',
    defaultWords: 'runs/<dataset>-<regime or ngrams>-seed<seed>',
    rule: text,
  },
  /** Run directory to continue; only dataDir, threads, device and offline may be given with it. */
  resume: {
    flag: '--resume <dir>',
    help: 'continue the run in this directory, bit for bit',
    rule: text,
    resumable: true,
  },
} as const satisfies Readonly<Record<string, TrainOption>>;

/**
 * Everything that says what a run is, each thing once. From here come the type TrainOptions, the flags of `train` with their help, the checks of what
 * users say, the recipe in run.json with its check and its fingerprint, the training facts of exported models, the names of what datasets
 * have defaults for, and docs/options.md. The order is that of --help and of run.json: a default may follow from what stands before it.
 */
export const recipeTable = { ...dataOptions, ...learningOptions, ...runOptions };

type Table = typeof recipeTable;
type OptionName = { [Name in keyof Table]: Table[Name] extends TrainOption ? Name : never }[keyof Table];
type RecordedName = {
  [Name in keyof Table]: Table[Name] extends { readonly recorded: Recorded } ? Name : never;
}[keyof Table];
type ByDatasetName = {
  [Name in keyof Table]: Table[Name] extends { readonly recorded: { readonly default: typeof byDataset } }
    ? Name
    : never;
}[keyof Table];

type AllOptions = OptionsOf<Pick<Table, OptionName>>;

/** What train() takes. Everything may be left out: the preset then says it. Defaults named here are those of the preset 'paper'. */
export interface TrainOptions extends AllOptions {}

type ValueOf<Part> = Part extends RecipePart<infer Value> ? Value : never;
type OrNull<Part> = Part extends { readonly recorded: { readonly default: null } } ? null : never;

/** What a recipe says beside where the data comes from. */
export type RecordedOptions = {
  readonly [Name in RecordedName]: ValueOf<Table[Name]> | OrNull<Table[Name]>;
};

type Defaults = { readonly [Name in ByDatasetName]: ValueOf<Table[Name]> };

/** What a dataset sets for a level where the user says nothing: the paper's values where it has them. */
export interface DatasetDefaults extends Defaults {
  readonly sizes: Readonly<Record<Size, ModelSize>>;
}

/** The options of train(). */
export const trainOptions = Object.fromEntries(
  Object.entries(recipeTable).filter(([, part]) => 'flag' in part),
) as Pick<Table, OptionName>;

/** What a recipe records, in its order: the name of each part, its rule, whether it is of the network, and how it stands there. */
export const recordedParts = Object.entries<RecipePart>(recipeTable).flatMap(
  ([name, { rule, network = false, recorded }]) =>
    recorded === undefined ? [] : [[name as RecordedName, { rule, network, ...recorded }] as const],
);
