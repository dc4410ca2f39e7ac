import type { Command } from 'commander';
import { packageVersion } from '../base/package.js';
import { addBench } from './bench.js';
import { programNamed } from './command.js';
import { addCompare } from './compare.js';
import type { Runner } from './context.js';
import { addDatasets } from './datasets/group.js';
import { addEvaluate } from './evaluate.js';
import { addExport } from './export.js';
import { addInfo } from './info.js';
import { examples } from './options.js';
import { addPredict } from './predict.js';
import { addReport } from './report.js';
import { addReproduce } from './reproduce.js';
import { addTrain } from './train.js';
import { addTune } from './tune.js';

const exitCodes = `
Exit codes: 0 done, 1 the run failed, 2 wrong usage, 130 interrupted (state saved, the command to resume printed), 143 the
same after SIGTERM, 129 after SIGHUP (the terminal was closed; under nohup the run continues).
Set ADVNATIVE_DEBUG=1 to see where an error comes from.
`;

/**
 * The command line.
 *
 * @param run runs the body of a command
 * @param help takes what --help and --version print
 */
export function buildProgram(run: Runner, help: (text: string) => void): Command {
  const program = programNamed('advnative', help)
    .description('Trains recurrent text classifiers with adversarial examples.')
    .version(packageVersion)
    .addHelpText('after', exitCodes)
    .addHelpText(
      'after',
      examples(
        'npx advnative train                       the built-in simulator; needs no data',
        'npx advnative train --dataset dsl --limit 10000',
        'npx advnative predict RUN "some text"',
      ),
    );
  for (const add of [
    addTrain,
    addTune,
    addEvaluate,
    addPredict,
    addCompare,
    addExport,
    addReproduce,
    addReport,
    addDatasets,
    addBench,
    addInfo,
  ]) {
    add(program, run);
  }
  return program;
}
