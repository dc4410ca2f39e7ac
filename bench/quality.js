// How well classifiers classify: fastText, scikit-learn's linear SVM and settings of `advnative train` on the same splits of each
// dataset, with several seeds. Linux only. Run after a build; `npm run bench:quality -- --help` shows the options.
import { fileURLToPath } from 'node:url';
import { text } from '../dist/base/rules.js';
import { machineFacts } from '../dist/bench/bench.js';
import { requireMeasuring } from '../dist/bench/quality/measured-program.js';
import { planQuality, qualityOptions } from '../dist/bench/quality/options.js';
import { qualityReport } from '../dist/bench/quality/report.js';
import { readResults, requireResults } from '../dist/bench/quality/result.js';
import { runQuality } from '../dist/bench/quality/run.js';
import { runScript } from '../dist/cli/script.js';
import { catalogue } from '../dist/datasets/catalogue.js';
import { loadAddon } from '../dist/engine/loader.js';

await runScript({
  name: 'npm run bench:quality --',
  description:
    "fastText, scikit-learn's linear SVM and settings of `advnative train` on the same splits of each dataset",
  table: {
    ...qualityOptions,
    out: {
      flag: '--out <dir>',
      help: 'keeps a JSON file for each dataset, system and seed; what is there is not measured again',
      defaultWords: 'quality',
      rule: text,
    },
    table: { flag: '--table <dir>', help: 'the tables in Markdown of results that are there', rule: text },
  },
  help: [
    '\nNothing is downloaded: a dataset or peer that is not here is told of and left out. The exit code is 1 when what is here fails.',
  ],
  examples: [
    'ADVNATIVE_DATA=DIR npm run bench:quality -- --out results --datasets subjectivity,dsl:10000 --seeds 1',
    'npm run bench:quality -- --out results --train a.tsv --test b.tsv --name mine',
    "npm run bench:quality -- --out results --peers none --setting 'small=--size small --epochs 5'",
    'npm run bench:quality -- --table results',
  ],
  body: async ({ folder, signal, result }, { out = 'quality', table, ...chosen }) => {
    if (table !== undefined) {
      const results = await requireResults(table);
      return result({ results, absences: [] }, () => qualityReport(results));
    }
    const known = (await catalogue.list()).map(({ name }) => name);
    const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
    const plan = planQuality(chosen, known, program);
    await requireMeasuring(signal);
    const machine = machineFacts(loadAddon(), plan.threads);
    const say = (words) => process.stderr.write(words);
    const absences = await runQuality(plan, { out, folder, machine, signal, say });
    const results = await readResults(out);
    const complete = absences.every(({ status }) => status !== 'failed');
    await result({ results, absences }, () => qualityReport(results, absences), { complete });
  },
});
