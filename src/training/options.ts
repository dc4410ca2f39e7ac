import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { defaultSplitSeed } from '../datasets/defaults.js';
import type { Dataset, ModelSize, Size } from '../datasets/types.js';
import type { Level } from '../text/types.js';
import { refuseDataFile } from '../files/data-file.js';
import { namesFile } from '../files/file-name.js';
import { columnsOf } from '../files/columns.js';
import { expectedDelimiter, isDelimiter } from '../files/delimiter.js';
import { dataFormats, type DataFormat } from '../files/format.js';
import { formOptionNames, type DataForm } from '../files/record.js';
import { tokenizerOf } from '../text/tokenizers/pipeline.js';
import { AdvError } from '../base/errors.js';
import type { NativeCell } from '../engine/addon.js';
import { cellNames } from '../engine/cells.js';
import { checkOptions, choice, flag, integer, text, type OptionRule } from '../base/checks.js';
import { recipeRules } from '../base/recipe-rules.js';

/** How a model is trained: with dropout, with adversarial examples, with both or with neither. */
export type Regime = 'vanilla' | 'dropout' | 'adversarial' | 'adversarial+dropout';

/** What train() takes. Everything may be left out: the defaults are the paper's for the dataset. */
export interface TrainOptions extends DataForm {
  /** Name of a dataset, see datasets.list(); 'babi-sim-1', the built-in simulator, when nothing else is said. */
  readonly dataset?: string | undefined;
  /** Own training data instead of a dataset: a file of labelled texts. */
  readonly train?: string | undefined;
  /** Own validation data; else a seeded 10 % of the training data. */
  readonly valid?: string | undefined;
  /** Own test data; without it the run ends with the selected model and no test result. */
  readonly test?: string | undefined;
  /** Folder that holds the corpora. */
  readonly dataDir?: string | undefined;
  /** Training examples, balanced over the classes; all when left out. */
  readonly limit?: number | undefined;
  /** What a token is where `tokenizer` says nothing. Default: the dataset's; that of own files by their script. */
  readonly level?: Level | undefined;
  /** Steps of the tokenizer, each 'name' or 'name@version', in place of those of the level. */
  readonly tokenizer?: readonly string[] | undefined;
  /** Default 'adversarial'. */
  readonly regime?: Regime | undefined;
  /** Default 'big'. */
  readonly size?: Size | undefined;
  /** The recurrent layer's cell. Default 'gru'. */
  readonly cell?: NativeCell | undefined;
  /** Most epochs, at least 1. */
  readonly epochs?: number | undefined;
  /** Epochs without a smaller validation loss after which training ends, at least 1. */
  readonly patience?: number | undefined;
  /** Examples in a batch, 1 to 65,536. */
  readonly batchSize?: number | undefined;
  /** Adam's step size, above 0 and at most 1,000,000. */
  readonly learningRate?: number | undefined;
  /** ε of Δ = ε·sign(∇), at least 0. Default: the dataset's, in units of 'std'. */
  readonly epsilon?: number | undefined;
  /** 'std', the default: ε counts standard deviations of the current embedding table. */
  readonly epsilonUnit?: 'std' | 'absolute' | undefined;
  /** Share of the clean loss, 0 to 1. Default 0.5. */
  readonly alpha?: number | undefined;
  /** Probability that a training token is replaced by the unknown token, 0 to below 1. */
  readonly unknownRate?: number | undefined;
  /** Largest global norm of the gradient; 0 for no clipping. */
  readonly clipNorm?: number | undefined;
  /** The embedding table starts uniform in ± this, above 0. */
  readonly embeddingRange?: number | undefined;
  /** Longest text in tokens; longer ones are cut. */
  readonly maxTokens?: number | undefined;
  /** Seed of everything random but the splits. Default 1. */
  readonly seed?: number | undefined;
  /** Seed of splits that are drawn, so that runs of several seeds have the same ones. Default 1. */
  readonly splitSeed?: number | undefined;
  /** Compute threads, 1 to 256; they never change a result. Default: what the machine has, at most 16. */
  readonly threads?: number | undefined;
  /** Default 'auto', which is the CPU in this version. */
  readonly device?: 'cpu' | 'auto' | undefined;
  /** Run directory; default runs/<dataset>-<regime>-seed<seed>. */
  readonly out?: string | undefined;
  /** Run directory to continue; only dataDir, threads, device and offline may be given with it. */
  readonly resume?: string | undefined;
  /** A malformed line ends the run ('stop', the default) or is left out and reported ('skip'). */
  readonly onMalformed?: 'stop' | 'skip' | undefined;
  /** Never download. */
  readonly offline?: boolean | undefined;
}

/** Where the examples come from. */
export type DataSource = { readonly dataset: string } | OwnDataSource;

/** Own files have absolute paths, so that a run resumes from any folder. */
export interface OwnDataSource {
  readonly train: string;
  readonly valid: string | null;
  readonly test: string | null;
  /** As the user said; null for what each file's extension says. Absent in runs from before there was a choice: TSV. */
  readonly format?: DataFormat | null;
  /** As the user said; null or absent for the default columns, which TSV takes as having no header. */
  readonly textColumn?: string | null;
  readonly labelColumn?: string | null;
  /** As the user said; null or absent for the comma. */
  readonly delimiter?: string | null;
  /** Whether the first line of TSV names the columns. Absent in runs from before it was looked at: it does where a column is named. */
  readonly header?: boolean | null;
}

/** Everything that decides the numbers of a run: two runs of one recipe give the same bits. */
export interface Recipe {
  readonly data: DataSource;
  readonly limit: number | null;
  readonly onMalformed: 'stop' | 'skip';
  readonly level: Level;
  /** Steps of the tokenizer, each with its version. */
  readonly tokenizer: readonly string[];
  readonly maxTokens: number;
  readonly regime: Regime;
  readonly size: Size;
  readonly cell: NativeCell;
  readonly dimensions: ModelSize;
  readonly embeddingRange: number;
  readonly epochs: number;
  readonly patience: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly epsilon: number;
  readonly epsilonUnit: 'std' | 'absolute';
  readonly alpha: number;
  readonly unknownRate: number;
  readonly dropoutKeep: number;
  readonly clipNorm: number;
  readonly seed: number;
  readonly splitSeed: number;
}

/** How a recipe is carried out here: none of it changes a result. */
export interface Execution {
  readonly threads: number;
  readonly device: 'cpu';
  readonly dataDir: string | null;
  readonly offline: boolean;
}

/** Datasets of this package start from this one when the user names no data. */
export const defaultDataset = 'babi-sim-1';

const paths = { rule: text };

/** What each option may be. */
export const trainRules: Readonly<Record<keyof TrainOptions, OptionRule>> = {
  dataset: { flag: '--dataset', rule: text, hint: 'See: npx advnative datasets list' },
  train: { flag: '--train', ...paths },
  valid: { flag: '--valid', ...paths },
  test: { flag: '--test', ...paths },
  format: { flag: '--format', rule: choice(...dataFormats) },
  textColumn: { flag: '--text-column', rule: text },
  labelColumn: { flag: '--label-column', rule: text },
  delimiter: { flag: '--delimiter', rule: { expected: expectedDelimiter, accepts: isDelimiter } },
  header: { flag: '--header or --no-header', rule: flag },
  dataDir: { flag: '--data-dir', ...paths },
  limit: { flag: '--limit', rule: integer(1) },
  level: { flag: '--level', rule: choice('char', 'word') },
  tokenizer: { flag: '--tokenizer', rule: recipeRules.tokenizer },
  regime: { flag: '--regime', rule: choice('vanilla', 'dropout', 'adversarial', 'adversarial+dropout') },
  size: { flag: '--size', rule: choice('big', 'small') },
  cell: { flag: '--cell', rule: choice(...cellNames) },
  epochs: { flag: '--epochs', rule: recipeRules.epochs },
  patience: { flag: '--patience', rule: recipeRules.patience },
  batchSize: { flag: '--batch-size', rule: recipeRules.batchSize },
  learningRate: { flag: '--lr', rule: recipeRules.learningRate },
  epsilon: { flag: '--epsilon', rule: recipeRules.epsilon },
  epsilonUnit: { flag: '--epsilon-unit', rule: choice('std', 'absolute') },
  alpha: { flag: '--alpha', rule: recipeRules.alpha },
  unknownRate: { flag: '--unk-rate', rule: recipeRules.unknownRate },
  clipNorm: { flag: '--clip-norm', rule: recipeRules.clipNorm },
  embeddingRange: { flag: '--embedding-range', rule: recipeRules.embeddingRange },
  maxTokens: { flag: '--max-tokens', rule: recipeRules.maxTokens },
  seed: { flag: '--seed', rule: integer(0) },
  splitSeed: { flag: '--split-seed', rule: integer(0) },
  threads: { flag: '--threads', rule: integer(1, 256) },
  device: {
    flag: '--device',
    rule: choice('cpu', 'auto'),
    hint: 'This version has no CUDA backend: it computes on the CPU.',
  },
  out: { flag: '--out', ...paths },
  resume: { flag: '--resume', ...paths },
  onMalformed: { flag: '--on-malformed', rule: choice('stop', 'skip') },
  offline: { flag: '--offline', rule: flag },
};

/** Options that may accompany `resume`, because they don't change a result. */
const resumable: ReadonlySet<string> = new Set(['resume', 'dataDir', 'threads', 'device', 'offline']);

/** Options that say something of own files alone. */
const ownDataOptions = ['valid', 'test', ...formOptionNames] as const;

/**
 * Checks the options one by one and against each other, before any data is touched.
 *
 * @throws AdvError USAGE
 */
export function checkTrainOptions(options: TrainOptions): void {
  checkOptions(options, trainRules);
  if (options.tokenizer !== undefined) tokenizerOf(options.tokenizer);
  if (options.resume !== undefined) {
    const name = Object.entries(options).find(
      ([key, value]) => value !== undefined && !resumable.has(key),
    )?.[0];
    if (name === undefined) return;
    throw new AdvError(
      'USAGE',
      `${trainRules[name as keyof TrainOptions].flag} cannot be combined with --resume: ` +
        'a resumed run keeps the options it began with',
      'Leave it out, or start a new run without --resume.',
    );
  }
  if (options.train !== undefined && options.dataset !== undefined) {
    throw new AdvError('USAGE', 'expected either --dataset or --train, got both', 'Leave one of them out.');
  }
  if (options.dataset !== undefined) refuseDataFile(options.dataset);
  if (options.epsilonUnit === 'absolute' && options.epsilon === undefined) {
    throw new AdvError(
      'USAGE',
      'expected --epsilon beside --epsilon-unit absolute, got none',
      "The dataset's own epsilon counts standard deviations: say how large the absolute one is.",
    );
  }
  const orphan = ownDataOptions.find((name) => options.train === undefined && options[name] !== undefined);
  if (orphan !== undefined) {
    throw new AdvError(
      'USAGE',
      `expected --train FILE beside ${trainRules[orphan].flag}, got none`,
      'Own data needs at least a training file.',
    );
  }
  columnsOf(options);
}

/** Where the examples of checked options come from. */
export function dataSource(options: TrainOptions): DataSource {
  if (options.train === undefined) {
    const { dataset = defaultDataset } = options;
    return { dataset: namesFile(dataset) ? resolve(dataset) : dataset };
  }
  return {
    train: resolve(options.train),
    valid: options.valid === undefined ? null : resolve(options.valid),
    test: options.test === undefined ? null : resolve(options.test),
    format: options.format ?? null,
    textColumn: options.textColumn ?? null,
    labelColumn: options.labelColumn ?? null,
    delimiter: options.delimiter ?? null,
    header: options.header ?? null,
  };
}

/** The same source, once its files have been read: what their first lines were taken for does not change any more. */
function settled(source: DataSource): DataSource {
  if ('dataset' in source) return source;
  const { textColumn, labelColumn, header } = source;
  return { ...source, header: header ?? (textColumn !== null || labelColumn !== null) };
}

/** The seeds of checked options: the data needs them before the recipe is known. */
export function seedsOf({
  seed = 1,
  splitSeed = defaultSplitSeed,
}: TrainOptions): Pick<Recipe, 'seed' | 'splitSeed'> {
  return { seed, splitSeed };
}

/** The dataset's defaults overlaid by what the user set. */
export function resolveRecipe(options: TrainOptions, dataset: Pick<Dataset, 'level' | 'defaults'>): Recipe {
  const level = options.level ?? dataset.level;
  const defaults = dataset.defaults[level];
  const size = options.size ?? 'big';
  const regime = options.regime ?? 'adversarial';
  return {
    data: settled(dataSource(options)),
    limit: options.limit ?? null,
    onMalformed: options.onMalformed ?? 'stop',
    level,
    tokenizer: tokenizerOf(options.tokenizer ?? defaults.tokenizer).steps,
    maxTokens: options.maxTokens ?? defaults.maxTokens,
    regime,
    size,
    cell: options.cell ?? 'gru',
    dimensions: defaults.sizes[size],
    embeddingRange: options.embeddingRange ?? defaults.embeddingRange,
    epochs: options.epochs ?? defaults.epochs,
    patience: options.patience ?? defaults.patience,
    batchSize: options.batchSize ?? defaults.batchSize,
    learningRate: options.learningRate ?? defaults.learningRate,
    epsilon: options.epsilon ?? defaults.epsilon,
    epsilonUnit: options.epsilonUnit ?? 'std',
    alpha: options.alpha ?? 0.5,
    unknownRate: options.unknownRate ?? defaults.unknownRate,
    dropoutKeep: regime.includes('dropout') ? 0.5 : 1,
    clipNorm: options.clipNorm ?? defaults.clipNorm,
    ...seedsOf(options),
  };
}

/** Threads where the user names none: more than 16 gain nothing at these model sizes. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), 16);
}

/**
 * How this run is carried out.
 *
 * @param earlier what the run that is resumed used
 */
export function resolveExecution(options: TrainOptions, earlier?: Execution): Execution {
  return {
    threads: options.threads ?? earlier?.threads ?? defaultThreads(),
    device: 'cpu',
    dataDir: options.dataDir === undefined ? (earlier?.dataDir ?? null) : resolve(options.dataDir),
    offline: options.offline ?? earlier?.offline ?? false,
  };
}
