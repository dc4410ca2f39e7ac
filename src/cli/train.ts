import { trainOptions, type TrainOptions } from '../recipe/table.js';
import { stepNames } from '../text/tokenizers/names.js';
import { command } from './command.js';
import { formHelp, jsonOption, optionsOf, quietOption } from './options.js';

/** What the defaults in the list of options are. */
const presetHelp = `
The defaults above are those of --preset paper. --preset best, which is what you have unless you say otherwise, sets some of
these options by the dataset or by how many training examples there are, and --preset fast leaves the network out; run.json
tells what a run was trained with. --no-ngrams and --no-subwords leave out what a preset sets.`;

/** The steps that a tokenizer can be built of, by their place in it. */
const stepHelp = `
Steps of --tokenizer, in this order; NAME is the newest version, NAME@1 the first:
  any number of ${stepNames.text.join(', ')}
  exactly one of ${stepNames.split.join(', ')}
  any number of ${stepNames.token.join(', ')}`;

/** Adds `train`. */
export const addTrain = command({
  name: 'train',
  description: 'train, select the epoch by validation loss, test it once and export it',
  options: [...optionsOf(trainOptions), jsonOption(), quietOption()],
  help: [presetHelp, stepHelp, formHelp],
  examples: [
    'npx advnative train                                   the built-in simulator, no data needed',
    'npx advnative train --dataset dsl --limit 10000 --seed 1 --json',
    'npx advnative train --dataset dsl --preset fast        n-grams alone, in seconds',
    "npx advnative train --dataset dsl --preset paper       the paper's model and training",
    'npx advnative train --dataset babi-sim-6 --cell lstm --epochs 10',
    'npx advnative train --train reviews.tsv --test held-out.tsv --level word --out runs/reviews',
    'npx advnative train --train posts.tsv --tokenizer nfc,lowercase,twokenize',
    'npx advnative train --train reviews.csv.gz --text-column review --label-column stars',
    'npx advnative train --resume runs/reviews             after Ctrl-C, a crash or a full disk',
  ],
  action: async (context, options: TrainOptions) => {
    const { train } = await import('../training/train.js');
    const { trainReport } = await import('../report/tables.js');
    const result = await train(options, context);
    await context.result(result, () => trainReport(result));
  },
});
