import { Option, type Command } from 'commander';
import { stepNames } from '../text/tokenizers/names.js';
import type { TrainOptions } from '../training/options.js';
import { watchOf, type Runner } from './context.js';
import {
  dataOptions,
  examples,
  formHelp,
  formOptions,
  jsonOption,
  listOption,
  numberOption,
  quietOption,
} from './options.js';

/** Options as commander names them: those whose name differs from the library's. */
type TrainFlags = Omit<TrainOptions, 'learningRate' | 'unknownRate'> & {
  readonly lr?: number;
  readonly unkRate?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
};

const options: readonly Option[] = [
  new Option('--dataset <name>', 'dataset to train on, see `advnative datasets list` (default: babi-sim-1)'),
  new Option('--train <file>', 'own training data: TSV, CSV, JSONL, JSON or Parquet, see below'),
  new Option('--valid <file>', 'own validation data (default: a seeded tenth of --train)'),
  new Option('--test <file>', 'own test data'),
  ...formOptions(),
  ...dataOptions(),
  numberOption('--limit <n>', 'training examples, balanced over classes (default: all)'),
  new Option(
    '--level <level>',
    "tokens: char or word (default: the dataset's; for own files by their script)",
  ),
  listOption(
    '--tokenizer <list>',
    'steps of the tokenizer with commas between, see below (default: by level)',
  ),
  new Option(
    '--regime <regime>',
    'vanilla, dropout, adversarial or adversarial+dropout (default: adversarial)',
  ),
  new Option('--size <size>', 'big or small (default: big)'),
  new Option('--cell <cell>', 'gru, gru-cho (reset before the product) or lstm (default: gru)'),
  numberOption('--epochs <n>', 'most epochs'),
  numberOption('--patience <n>', 'epochs without a smaller validation loss before training ends'),
  numberOption('--batch-size <n>', 'examples in a batch'),
  numberOption('--lr <x>', 'learning rate of Adam'),
  numberOption(
    '--epsilon <x>',
    "size of the adversarial perturbation (default: the dataset's, 0.02 for most)",
  ),
  new Option(
    '--epsilon-unit <unit>',
    'std: in standard deviations of the embedding table; absolute (default: std)',
  ),
  numberOption('--alpha <x>', 'share of the clean loss, 0 to 1 (default: 0.5)'),
  numberOption('--unk-rate <x>', 'share of training tokens replaced by the unknown token'),
  numberOption('--clip-norm <x>', 'largest norm of the gradient; 0: no clipping'),
  numberOption('--embedding-range <x>', 'the embedding table starts uniform in plus or minus this'),
  numberOption('--max-tokens <n>', 'longest text in tokens; longer ones are cut'),
  numberOption('--seed <n>', 'seed of everything random but the splits (default: 1)'),
  numberOption(
    '--split-seed <n>',
    'seed of splits that are drawn: the same for runs of several seeds (default: 1)',
  ),
  numberOption('--threads <n>', 'compute threads; they never change a result'),
  new Option('--device <device>', 'cpu or auto (default: auto)'),
  new Option('--out <dir>', 'run directory (default: runs/<dataset>-<regime>-seed<seed>)'),
  new Option('--resume <dir>', 'continue the run in this directory, bit for bit'),
  jsonOption(),
  quietOption(),
];

/** The steps that a tokenizer can be built of, by their place in it. */
const stepHelp = `
Steps of --tokenizer, in this order; NAME is the newest version, NAME@1 the first:
  any number of ${stepNames.text.join(', ')}
  exactly one of ${stepNames.split.join(', ')}
  any number of ${stepNames.token.join(', ')}`;

/** Adds `train`. Options that are left out take the paper's value for the dataset. */
export function addTrain(program: Command, run: Runner): void {
  const command = program
    .command('train')
    .description('train, select the epoch by validation loss, test it once and export it');
  for (const option of options) command.addOption(option);
  command
    .addHelpText('after', stepHelp)
    .addHelpText('after', formHelp)
    .addHelpText(
      'after',
      examples(
        'npx advnative train                                   the built-in simulator, no data needed',
        'npx advnative train --dataset dsl --limit 10000 --seed 1 --json',
        'npx advnative train --dataset babi-sim-6 --cell lstm --epochs 10',
        'npx advnative train --train reviews.tsv --test held-out.tsv --level word --out runs/reviews',
        'npx advnative train --train posts.tsv --tokenizer nfc,lowercase,twokenize',
        'npx advnative train --train reviews.csv.gz --text-column review --label-column stars',
        'npx advnative train --resume runs/reviews             after Ctrl-C, a crash or a full disk',
      ),
    )
    .action(async (flags: TrainFlags) => {
      const { json, quiet, lr, unkRate, ...rest } = flags;
      await run({ json, quiet }, async (context) => {
        const { train } = await import('../training/train.js');
        const { trainReport } = await import('../report/tables.js');
        const result = await train({ ...rest, learningRate: lr, unknownRate: unkRate }, watchOf(context));
        await context.result(result, () => trainReport(result));
      });
    });
}
