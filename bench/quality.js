// How well classifiers classify: fastText, scikit-learn's linear SVM and settings of `advnative train` on the same splits of each
// dataset, with several seeds. Linux only. Run after a build:
//
//   ADVNATIVE_DATA=DIR npm run bench:quality -- [options]
//   npm run bench:quality -- --table DIR        the tables in Markdown of results that are there
//
//   --out DIR             keeps a JSON file for each dataset, system and seed; what is there is not measured again (default quality)
//   --datasets LIST       as bench:datasets names them, such as subjectivity,dsl:10000
//   --peers LIST          of fasttext, svm, svm-char, svm-tuned; or none (default all but the last)
//   --settings LIST       of paper, fast, best, and of vanilla, dropout, adversarial, adversarial+dropout, which are `best` with that
//                         regime; or none (default paper,fast,best; none with --setting)
//   --setting NAME=OPTIONS   a setting of your own, with options of `advnative train`; as often as you like
//   --seeds LIST          (default 1,2,3)
//   --threads N
//   --train FILE [--valid FILE] --test FILE [--name NAME]   labelled files in place of datasets
//   --json
//
// Nothing is downloaded: a dataset or peer that is not here is told of and left out. The exit code is 1 when what is here fails.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineFacts } from '../dist/bench/bench.js';
import { requireMeasuring } from '../dist/bench/quality/measured-program.js';
import { planQuality } from '../dist/bench/quality/options.js';
import { qualityReport } from '../dist/bench/quality/report.js';
import { readResults, requireResults } from '../dist/bench/quality/result.js';
import { runQuality } from '../dist/bench/quality/run.js';
import { runScript } from '../dist/cli/script.js';
import { catalogue } from '../dist/datasets/catalogue.js';
import { loadAddon } from '../dist/engine/loader.js';

const lists = ['datasets', 'peers', 'settings', 'seeds'];
const texts = [...lists, 'threads', 'train', 'valid', 'test', 'name'];
const { values } = parseArgs({
  options: {
    ...Object.fromEntries(texts.map((name) => [name, { type: 'string' }])),
    setting: { type: 'string', multiple: true },
    out: { type: 'string', default: 'quality' },
    table: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

/** What was typed, as planQuality() takes it. */
function typedOptions() {
  const typed = [...texts, 'setting'].map((name) => {
    const value = values[name];
    return [name, lists.includes(name) ? value?.split(',') : value];
  });
  return { ...Object.fromEntries(typed), threads: values.threads && Number(values.threads) };
}

await runScript(values.json, async ({ folder, signal, result }) => {
  if (values.table !== undefined) {
    const results = await requireResults(values.table);
    return result({ results, absences: [] }, () => qualityReport(results));
  }
  const known = (await catalogue.list()).map(({ name }) => name);
  const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  const plan = planQuality(typedOptions(), known, program);
  await requireMeasuring(signal);
  const machine = machineFacts(loadAddon(), plan.threads);
  const say = (text) => process.stderr.write(text);
  const absences = await runQuality(plan, { out: values.out, folder, machine, signal, say });
  const results = await readResults(values.out);
  const complete = absences.every(({ status }) => status !== 'failed');
  await result({ results, absences }, () => qualityReport(results, absences), { complete });
});
