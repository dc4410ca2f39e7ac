import { rangedNames, writtenName } from '../study/tune/range.js';
import { tuneOptions, type TuneOptions } from '../study/tune/options.js';
import { command } from './command.js';
import { formHelp, jsonOption, optionsOf, quietOption } from './options.js';

const rangeHelp = `
A range is NAME=FROM..TO for numbers, NAME=FROM..TO:log where factors matter, as for lr and epsilon, or NAME=VALUE,VALUE,... for anything;
values that are lists themselves, as those of pooling, have slashes between them: pooling=last/max,mean. Options that may have one:
${rangedNames
  .map(writtenName)
  .join(', ')
  .replaceAll(/(.{1,120})(?:, |$)/gu, '  $1\n')}
Every other option is one of train, and holds for all trials. Trial 1 has the defaults and is trained whole; of the others, each has a
third of its epochs, and the best third of them go on to all: ten cost about six trainings. Validation loss decides, of the network where
n-grams stand beside it. The test part is never read.

What is done is kept in --out: the same command, or --out alone, goes on after Ctrl-C, a crash or a power cut, and a larger --budget
goes on after the end.`;

/** Adds `tune`. */
export const addTune = command({
  name: 'tune',
  description:
    'choose options on validation loss alone: a search by successive halving, or a sweep over values',
  options: [
    ...optionsOf(tuneOptions, {
      test: 'your own test data: never opened here, part of the command that is printed',
      seed: 'seed of the trials, and of which options they have (default: 1)',
      threads: 'compute threads of all trials together',
    }),
    jsonOption(),
    quietOption(),
  ],
  help: [rangeHelp, formHelp],
  examples: [
    'npx advnative tune --dataset dsl --limit 10000 --budget 30m',
    'npx advnative tune --train reviews.tsv --budget 20 --jobs 2 --out tune/reviews',
    'npx advnative tune --dataset subjectivity --preset paper --budget 2h --range lr=0.001..0.003   the grid of the paper',
    'npx advnative tune --train posts.csv --budget 30 --range epsilon=0.1..3:log --range hidden=32,64,128 --range cell=gru,lstm',
    'npx advnative tune --dataset babi-6 --regime adversarial --sweep epsilon=0.01,0.02,0.05,0.1 --seeds 5',
    'npx advnative tune --out tune/reviews                  goes on with what was stopped',
  ],
  action: async (context, flags: TuneOptions) => {
    const { tune } = await import('../study/tune/tune.js');
    const { tuneReport } = await import('../report/tune.js');
    const result = await tune(flags, context);
    await context.result(result, () => tuneReport(result));
  },
});
