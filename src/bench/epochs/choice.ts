import type { Level } from '../../text/types.js';
import { AdvError } from '../../base/errors.js';

/** A dataset to be trained on for one epoch. */
export interface EpochChoice {
  readonly dataset: string;
  /** Undefined for the dataset's own. */
  readonly level: Level | undefined;
  /** Training examples; undefined for all. */
  readonly limit: number | undefined;
}

/** What is read by characters as well where nothing is chosen: the reviews that the paper has at both levels. */
const alsoByCharacters = ['czech-csfd', 'czech-mall'];

/** Every dataset at its own level, and the Czech reviews by characters too. */
export function allChoices(datasets: readonly string[]): EpochChoice[] {
  return datasets.flatMap((dataset) => {
    const own = { dataset, level: undefined, limit: undefined };
    return alsoByCharacters.includes(dataset) ? [own, { ...own, level: 'char' as const }] : [own];
  });
}

/**
 * Reads `NAME[:char|:word][:LIMIT]`.
 *
 * @param datasets the names there are
 * @throws AdvError USAGE
 */
export function parseChoice(written: string, datasets: readonly string[]): EpochChoice {
  const groups = /^(?<dataset>[^:]*)(?::(?<level>char|word))?(?::(?<limit>[1-9]\d*))?$/.exec(written)?.groups;
  const { dataset = '', level, limit } = groups ?? {};
  if (!datasets.includes(dataset)) {
    throw new AdvError(
      'USAGE',
      `expected NAME, NAME:LIMIT, NAME:LEVEL or NAME:LEVEL:LIMIT, got '${written}'`,
      `LEVEL is char or word, LIMIT a number of training examples, NAME one of ${datasets.join(', ')}.`,
    );
  }
  return {
    dataset,
    level: level as Level | undefined,
    limit: limit === undefined ? undefined : Number(limit),
  };
}

/** A choice as parseChoice() reads it. */
export function choiceName({ dataset, level, limit }: EpochChoice): string {
  return [dataset, level, limit].filter((part) => part !== undefined).join(':');
}

/** What `advnative train` is told of the data. */
export function dataArguments({ dataset, level, limit }: EpochChoice): string[] {
  return [
    ...['--dataset', dataset],
    ...(level === undefined ? [] : ['--level', level]),
    ...(limit === undefined ? [] : ['--limit', `${limit}`]),
  ];
}

/**
 * The command that trains it: one epoch of the paper's model, all else as the command takes it where nothing is said.
 *
 * @param out the run directory
 */
export function trainArguments(choice: EpochChoice, out: string): string[] {
  return [
    'train',
    '--preset',
    'paper',
    ...dataArguments(choice),
    '--epochs',
    '1',
    '--offline',
    '--out',
    out,
    '--json',
  ];
}
