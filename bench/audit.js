// Time and most memory that an audit, or a description, of a large dataset takes: a generated file of lines as long as those of
// DSL 2015, of which a share copies earlier ones, copies them but for a word, or copies them with another label, and small
// validation and test files made the same way. Says how many of the planted lines the audit found. Linux only. Run after a build:
//
//   npm run bench:audit -- [--lines 190000] [--train FILE] [--describe] [--json]
//
// --train audits a file of your own instead, whose validation data is held out.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { datasets } from '../dist/index.js';
import { generateSentences } from './generate-corpus.js';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '190000' },
    train: { type: 'string' },
    describe: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    // How this program calls itself: a process of its own audits, so that its peak is that of the audit alone.
    files: { type: 'string' },
    planted: { type: 'string' },
  },
});

const shares = { copies: 0.01, edits: 0.01, relabelled: 0.001 };

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'advnative-audit-'));
  try {
    const own = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
    const more = values.train === undefined ? await generate(folder) : ['--files', `["${values.train}"]`];
    const child = spawn(process.execPath, [...own, ...more], { stdio: ['ignore', 'inherit', 'inherit'] });
    // A process that a signal ended has no code of its own.
    process.exitCode = await new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes the files and says so in options for the process that audits. */
async function generate(folder) {
  const names = ['train', 'valid', 'test'].map((name) => join(folder, `${name}.tsv`));
  const [train, valid, test] = names;
  const lines = Number(values.lines);
  const planted = await generateSentences(train, { lines, ...shares });
  await generateSentences(valid, { lines: Math.ceil(lines / 20), seed: 2 });
  await generateSentences(test, { lines: Math.ceil(lines / 20), seed: 3 });
  return ['--files', JSON.stringify(names), '--planted', JSON.stringify(planted)];
}

async function measure() {
  const [train, valid, test] = JSON.parse(values.files);
  const began = performance.now();
  const work = values.describe ? datasets.describe : datasets.audit;
  const result = await work({ train, valid, test });
  const seconds = (performance.now() - began) / 1000;
  const peakBytes = 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  const examples = result.splits.reduce((sum, split) => sum + split.examples, 0);
  const measured = { work: values.describe ? 'describe' : 'audit', examples, seconds, peakBytes };
  if (values.describe) return measured;
  const counted = (kind) =>
    result.findings.find((finding) => finding.kind === kind && finding.splits[0] === 'train')?.count ?? 0;
  return {
    ...measured,
    planted: values.planted === undefined ? null : JSON.parse(values.planted),
    found: {
      duplicates: counted('duplicates'),
      nearDuplicates: counted('near-duplicates'),
      contradicting: counted('contradicting-labels'),
    },
    compared: result.nearDuplicates.compared,
    limited: result.nearDuplicates.limited,
  };
}

function report(measured) {
  if (values.json) return console.log(JSON.stringify(measured));
  const { work, examples, seconds, peakBytes, planted, found } = measured;
  console.log(`${work} of ${examples} examples`);
  console.log(`  time         ${seconds.toFixed(1)} s`);
  console.log(`  peak memory  ${Math.round(peakBytes / 2 ** 20)} MiB`);
  if (planted) console.log(`  planted      ${JSON.stringify(planted)}`);
  if (found) console.log(`  found        ${JSON.stringify(found)}, ${measured.compared} pairs compared`);
}

if (values.files === undefined) await main();
else report(await measure());
