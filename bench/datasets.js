// One whole epoch on each dataset: `advnative train --preset paper --dataset NAME --epochs 1` with all else left to its defaults, each in a process
// of its own. Run after a build; `npm run bench:datasets -- --help` shows what can be chosen.
import { fileURLToPath } from 'node:url';
import { machineFacts } from '../dist/bench/bench.js';
import { allChoices, choiceName, parseChoice } from '../dist/bench/epochs/choice.js';
import { measureEpoch } from '../dist/bench/epochs/measure.js';
import { epochLine, epochReport } from '../dist/bench/epochs/report.js';
import { runScript } from '../dist/cli/script.js';
import { catalogue } from '../dist/datasets/catalogue.js';
import { loadAddon } from '../dist/engine/loader.js';
import { defaultThreads } from '../dist/recipe/execution.js';

await runScript({
  name: 'npm run bench:datasets --',
  description: "one epoch of the paper's model on each dataset",
  arguments: {
    '[name...]':
      'NAME, NAME:LEVEL, NAME:LIMIT or NAME:LEVEL:LIMIT; all datasets at their own level, and czech-csfd and czech-mall by characters ' +
      'too, where none is named',
  },
  table: {},
  help: [
    '\nNothing is downloaded: a dataset that is not here, or not all of it, gets a row that says so. The exit code is 1 when one that is\nhere fails.',
  ],
  examples: [
    'ADVNATIVE_DATA=DIR npm run bench:datasets',
    'ADVNATIVE_DATA=DIR npm run bench:datasets -- czech-mall:char         by characters',
    'ADVNATIVE_DATA=DIR npm run bench:datasets -- dsl:10000 --json        on 10,000 examples',
  ],
  body: async ({ folder, signal, result }, options, written) => {
    const names = (await catalogue.list()).map(({ name }) => name);
    const choices =
      written.length === 0
        ? allChoices(names)
        : [...new Set(written)].map((choice) => parseChoice(choice, names));
    const machine = machineFacts(loadAddon(), defaultThreads());
    const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
    const onProgress = (text) => process.stderr.write(text);
    const epochs = [];
    for (const choice of choices) {
      console.error(`${choiceName(choice)}, ${epochs.length + 1} of ${choices.length}`);
      const epoch = await measureEpoch(choice, { program, folder, signal, onProgress });
      console.error(epochLine(epoch));
      epochs.push(epoch);
    }
    const complete = epochs.every(({ status }) => status !== 'failed');
    await result({ machine, epochs }, () => epochReport({ machine, epochs }), { complete });
  },
});
