// What a large corpus takes: time and most memory of describing it, of auditing it, and of one epoch's stream, which is
// everything that training does with text but the native step. The corpus is generated in the layout of DSL 2015 and read as
// that dataset; a share of its lines copies earlier ones, and the audit's findings are compared with what was planted. All of it
// is measured on a second corpus three times as large as well. Linux only. Run after a build:
//
//   npm run bench:stream -- [--lines 190000] [--steps 100] [--json]
//
// Validation and test data have the official proportions: a ninth and an eighteenth of the training data. Each work runs in a
// process of its own; that of the stream afterwards trains the big model by so many steps, to tell how fast it takes tokens.
// The larger corpus and its token ids take 400 MB of the system's temporary folder.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineFacts } from '../dist/bench/bench.js';
import { corpusReport } from '../dist/bench/corpus/report.js';
import { measureStream } from '../dist/bench/corpus/stream.js';
import { costOf } from '../dist/bench/cost.js';
import { runScript } from '../dist/cli/script.js';
import { dslPaths } from '../dist/corpora/dsl.js';
import { datasets } from '../dist/index.js';
import { loadAddon } from '../dist/engine/loader.js';
import { checkOptions } from '../dist/base/check-options.js';
import { integer } from '../dist/base/rules.js';
import { defaultThreads } from '../dist/recipe/execution.js';
import { generateSentences } from './generate-corpus.js';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '190000' },
    steps: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
    // How this program calls itself: a process of its own does each work, so that its peak is that of the work alone.
    work: { type: 'string' },
    data: { type: 'string' },
  },
});

const rules = {
  lines: { flag: '--lines', rule: integer(100) },
  steps: { flag: '--steps', rule: integer(1) },
};

const shares = { copies: 0.01, edits: 0.01, relabelled: 0.001 };

async function main({ folder, again, result }) {
  const [lines, steps] = [Number(values.lines), Number(values.steps)];
  checkOptions({ lines, steps }, rules);
  const machine = machineFacts(loadAddon(), defaultThreads());
  const corpora = [];
  for (const size of [lines, 3 * lines]) corpora.push(await measureCorpus(size, folder, again));
  await result({ machine, corpora }, () => corpusReport({ machine, corpora }));
}

async function measureCorpus(lines, folder, again) {
  console.error(`generating ${lines} lines`);
  const { planted, characters, bytes } = await generate(lines, folder);
  const inOwnProcess = async (work) => {
    console.error(`${work} of ${lines} lines`);
    return JSON.parse(await again(['--work', work, '--data', folder]));
  };
  const describe = await inOwnProcess('describe');
  const { found, ...audit } = await inOwnProcess('audit');
  const { parts, ...stream } = await inOwnProcess('stream');
  rmSync(join(folder, 'dsl'), { recursive: true });
  const works = [
    { work: 'describe', tokens: characters, ...describe },
    { work: 'audit', tokens: characters, ...audit },
    { work: 'stream', tokens: parts.batches.tokens, ...stream },
  ];
  return { lines, bytes, works, stream: parts, copies: { planted, found } };
}

/** Writes a corpus in the official layout. */
async function generate(lines, folder) {
  const write = (path, options) => {
    const file = join(folder, 'dsl', path);
    mkdirSync(dirname(file), { recursive: true });
    return generateSentences(file, options);
  };
  const { characters, ...planted } = await write(dslPaths.train, { lines, ...shares });
  const valid = await write(dslPaths.valid, { lines: Math.ceil(lines / 9), seed: 2 });
  const test = await write(dslPaths.test, { lines: Math.ceil(lines / 18), seed: 3 });
  return {
    planted,
    characters: characters + valid.characters + test.characters,
    bytes: statSync(join(folder, 'dsl', dslPaths.train)).size,
  };
}

const sumOf = (splits) => splits.reduce((sum, { examples }) => sum + examples, 0);

const works = {
  async describe() {
    const { result, cost } = await costOf(() => datasets.describe('dsl', { dataDir: values.data }));
    return { examples: sumOf(result.splits), ...cost };
  },

  async audit() {
    const { result, cost } = await costOf(() => datasets.audit('dsl', { dataDir: values.data }));
    const counted = (kind) =>
      result.findings.find((finding) => finding.kind === kind && finding.splits[0] === 'train')?.count ?? 0;
    const found = {
      duplicates: counted('duplicates'),
      nearDuplicates: counted('near-duplicates'),
      contradicting: counted('contradicting-labels'),
    };
    return { examples: sumOf(result.splits), ...cost, found };
  },

  async stream() {
    const options = { dataset: 'dsl', dataDir: values.data };
    const { cost, ...measured } = await measureStream(options, values.data, Number(values.steps));
    return { ...measured, ...cost };
  },
};

if (values.work === undefined) await runScript(values.json, main);
else console.log(JSON.stringify(await works[values.work]()));
