import { choice, flag, integer, list, text } from '../base/rules.js';
import { dataFormats, delimiterRule } from '../files/form.js';
import type { DataForm } from '../files/record.js';
import { byDataset, type Known, type TrainOption } from './option.js';

/** Datasets of this package start from this one when the user names no data. */
export const defaultDataset = 'babi-sim-1';

/** Options that say how own files are read. */
export const formOptions = {
  /** Else by how the file begins, where that can be one form only, and by its extension. */
  format: {
    flag: '--format <format>',
    help: 'tsv, csv, jsonl, json or parquet',
    defaultWords: 'by how each file begins and its extension, else tsv',
    rule: choice(...dataFormats),
    ownData: true,
  },
  /** Column of the text, 'text' unless said otherwise. For TSV it also says that the file has a header. */
  textColumn: {
    flag: '--text-column <name>',
    help: 'column of the text',
    defaultWords: 'text; TSV: no header',
    rule: text,
    ownData: true,
  },
  /** Column of the label, 'label' unless said otherwise. For TSV it also says that the file has a header. */
  labelColumn: {
    flag: '--label-column <name>',
    help: 'column of the label',
    defaultWords: 'label; TSV: no header',
    rule: text,
    ownData: true,
  },
  /** The character between the fields of CSV, ',' unless said otherwise. */
  delimiter: {
    flag: '--delimiter <character>',
    help: 'separates the fields of CSV, such as ; or \\t',
    defaultWords: 'a comma',
    rule: delimiterRule,
    ownData: true,
  },
  /**
   * Whether the first line of TSV names the columns. Else it does where a column is named, and where none is, a first line that looks
   * like a header is refused.
   */
  header: {
    flag: '--header',
    help: 'TSV: the first line names the columns, as with a column option',
    noHelp: 'TSV: the first line is an example, even if it looks like a header',
    rule: flag,
    ownData: true,
  },
} as const satisfies Readonly<Record<keyof DataForm, TrainOption>>;

/** Options that say which data is read, and how. */
export const dataOptions = {
  /** Name of a dataset, see datasets.list(); 'babi-sim-1', the built-in simulator, when nothing else is said. */
  dataset: {
    flag: '--dataset <name>',
    help: 'dataset to train on, see `advnative datasets list`',
    defaultWords: defaultDataset,
    rule: text,
    hint: 'See: npx advnative datasets list',
  },
  /** Own training data instead of a dataset: a file of labelled texts. */
  train: {
    flag: '--train <file>',
    help: 'your own training data: TSV, CSV, JSONL, JSON or Parquet, see below',
    rule: text,
  },
  /** Own validation data; else a seeded 10 % of the training data. */
  valid: {
    flag: '--valid <file>',
    help: 'your own validation data',
    defaultWords: 'a seeded tenth of --train',
    rule: text,
    ownData: true,
  },
  /** Own test data; without it the run ends with the selected model and no test result. */
  test: { flag: '--test <file>', help: 'your own test data', rule: text, ownData: true },
  ...formOptions,
  /** Folder that holds the corpora. */
  dataDir: {
    flag: '--data-dir <dir>',
    help: 'folder with the corpora (else ADVNATIVE_DATA, else the cache, else a download)',
    rule: text,
    resumable: true,
  },
  /** Never download. */
  offline: { flag: '--offline', help: 'never download', rule: flag, resumable: true },
  /**
   * What sets whatever else is left out: 'paper', the paper's model and training; 'best', the default, what served validation data best, of
   * the dataset or of data of such a size; 'fast', a linear classifier of n-grams, without a network.
   */
  preset: {
    flag: '--preset <preset>',
    help: "paper: the paper's model and training; best: what validation data found best; fast: n-grams alone, in seconds",
    rule: choice('paper', 'best', 'fast'),
    recorded: { default: 'best', absent: 'paper', fact: true },
  },
  /** Training examples, balanced over the classes; all when left out. */
  limit: {
    flag: '--limit <n>',
    help: 'training examples, balanced over classes',
    defaultWords: 'all',
    rule: integer(1),
    hint: 'Leave it out to train on all examples.',
    recorded: { default: null, fact: true },
  },
  /** A malformed line ends the run ('stop', the default) or is left out and reported ('skip'). */
  onMalformed: {
    flag: '--on-malformed <what>',
    help: 'stop at a malformed line, or skip and report it',
    rule: choice('stop', 'skip'),
    recorded: { default: 'stop' },
  },
  /** What a token is where `tokenizer` says nothing. Default: the dataset's; that of own files by their script. */
  level: {
    flag: '--level <level>',
    help: 'tokens: char or word',
    defaultWords: "the dataset's; for own files by their script",
    rule: choice('char', 'word'),
    network: true,
    recorded: { default: ({ datasetLevel }: Known) => datasetLevel, fact: true },
  },
  /** Steps of the tokenizer, each 'name' or 'name@version', in place of those of the level. */
  tokenizer: {
    flag: '--tokenizer <list>',
    help: 'steps of the tokenizer, separated by commas, see below',
    defaultWords: 'by level',
    rule: list('steps such as nfc, lowercase, words'),
    network: true,
    recorded: { default: byDataset },
  },
  /** Maximum tokens of a text, without begin and end; longer texts are truncated and counted. */
  maxTokens: {
    flag: '--max-tokens <n>',
    help: 'maximum tokens per text; longer texts are truncated',
    rule: integer(1),
    network: true,
    recorded: { default: byDataset },
  },
} as const satisfies Readonly<Record<string, TrainOption>>;
