// One whole epoch on each dataset: `advnative train --preset paper --dataset NAME --epochs 1` with all else left to its defaults, each in a process
// of its own. Run after a build:
//
//   ADVNATIVE_DATA=DIR npm run bench:datasets -- [NAME[:char|:word][:LIMIT] ...] [--json]
//
// Without names: all that `advnative datasets list` shows at their own level, and czech-csfd and czech-mall by characters too.
// `czech-mall:char` trains by characters, `dsl:10000` on 10,000 examples, `czech-csfd:char:1000` both. Nothing is downloaded: a dataset that
// is not here, or not all of it, gets a row that says so. The exit code is 1 when one that is here fails.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineFacts } from '../dist/bench/bench.js';
import { allChoices, choiceName, parseChoice } from '../dist/bench/epochs/choice.js';
import { measureEpoch } from '../dist/bench/epochs/measure.js';
import { epochLine, epochReport } from '../dist/bench/epochs/report.js';
import { runScript } from '../dist/cli/script.js';
import { catalogue } from '../dist/datasets/catalogue.js';
import { loadAddon } from '../dist/engine/loader.js';
import { defaultThreads } from '../dist/recipe/execution.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});

await runScript(values.json, async ({ folder, signal, result }) => {
  const names = (await catalogue.list()).map(({ name }) => name);
  const choices =
    positionals.length === 0
      ? allChoices(names)
      : [...new Set(positionals)].map((written) => parseChoice(written, names));
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
});
