// What a large corpus takes: time and most memory of describing it, of auditing it, and of one epoch's stream, which is
// everything that training does with text but the native step. The corpus is generated in the layout of DSL 2015 and read as
// that dataset; a share of its lines copies earlier ones, and the audit's findings are compared with what was planted. All of it
// is measured on a second corpus three times as large as well. Linux only. Run after a build; `npm run bench:stream -- --help` shows the
// options.
//
// Validation and test data have the official proportions: a ninth and an eighteenth of the training data. Each work runs in a
// process of its own; that of the stream afterwards trains the big model by so many steps, to tell how fast it takes tokens.
// The larger corpus and its token ids take 400 MB of the system's temporary folder.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { choice, integer, text } from '../dist/base/rules.js';
import { machineFacts } from '../dist/bench/bench.js';
import { corpusReport } from '../dist/bench/corpus/report.js';
import { measureStream } from '../dist/bench/corpus/stream.js';
import { costOf } from '../dist/bench/cost.js';
import { runScript } from '../dist/cli/script.js';
import { dslPaths } from '../dist/corpora/dsl.js';
import { datasets } from '../dist/index.js';
import { loadAddon } from '../dist/engine/loader.js';
import { defaultThreads } from '../dist/recipe/execution.js';
import { generateSentences } from './generate-corpus.js';

const shares = { copies: 0.01, edits: 0.01, relabelled: 0.001 };

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
  async describe(dataDir, signal) {
    const { result, cost } = await costOf(() => datasets.describe('dsl', { dataDir }, { signal }));
    return { examples: sumOf(result.splits), ...cost };
  },

  async audit(dataDir, signal) {
    const { result, cost } = await costOf(() => datasets.audit('dsl', { dataDir }, { signal }));
    const counted = (kind) =>
      result.findings.find((finding) => finding.kind === kind && finding.splits[0] === 'train')?.count ?? 0;
    const found = {
      duplicates: counted('duplicates'),
      nearDuplicates: counted('near-duplicates'),
      contradicting: counted('contradicting-labels'),
    };
    return { examples: sumOf(result.splits), ...cost, found };
  },

  async stream(dataDir, _signal, steps) {
    const { cost, ...measured } = await measureStream({ dataset: 'dsl', dataDir }, dataDir, steps);
    return { ...measured, ...cost };
  },
};

await runScript({
  name: 'npm run bench:stream --',
  description: 'time and peak memory of describing, auditing and streaming a large generated corpus',
  table: {
    lines: {
      flag: '--lines <n>',
      help: 'training lines of the smaller corpus',
      defaultWords: '190000',
      rule: integer(100),
    },
    steps: {
      flag: '--steps <n>',
      help: 'steps of training after the stream',
      defaultWords: '100',
      rule: integer(1),
    },
  },
  // A process of its own does each work, so that its peak is that of the work alone.
  own: {
    work: { flag: '--work <work>', rule: choice(...Object.keys(works)) },
    data: { flag: '--data <dir>', rule: text },
  },
  examples: ['npm run bench:stream', 'npm run bench:stream -- --lines 1000 --steps 1 --json'],
  body: async ({ folder, again, signal, result }, { lines = 190_000, steps = 100, work, data }) => {
    if (work !== undefined) {
      const measured = await works[work](data, signal, steps);
      return result(measured, () => JSON.stringify(measured));
    }
    const machine = machineFacts(loadAddon(), defaultThreads());
    const corpora = [];
    for (const size of [lines, 3 * lines]) corpora.push(await measureCorpus(size, folder, again));
    await result({ machine, corpora }, () => corpusReport({ machine, corpora }));
  },
});
