import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { matching } from '../unit/support.js';
import { Command, expectError, mainScript, temporaryFolder, type Outcome } from './support.js';

const folder = await temporaryFolder();
const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** Runs Node where a process may have 1.5 GB of data: what a control group's limit would end with a kill fails here too. */
function limited(...args: readonly string[]): Promise<Outcome> {
  const shell = ['bash', '-c', 'ulimit -d 1500000; exec "$0" "$@"', process.execPath];
  return new Command(folder, [...shell, ...args]).ended;
}

async function program(source: string): Promise<unknown> {
  const path = join(folder, 'program.mjs');
  await writeFile(path, `${prelude}${source}\nconsole.log(JSON.stringify(out));`);
  const { code, stdout, stderr } = await limited(path);
  if (code !== 0) throw new Error(`exit code ${String(code)}: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

const refused = (what: RegExp): unknown => ({
  error: true,
  code: 'NATIVE',
  message: matching(
    `${what.source} needs \\d+\\.\\d GiB, and this process may have .* more: its limit on data`,
  ),
  hint: matching(/vocabularySize.*--batch-size.*--max-tokens/u),
});

const prelude = `
import { AdvError, Classifier } from ${JSON.stringify(library)};
const told = (error) => ({ error: error instanceof AdvError, code: error.code, message: error.message, hint: error.hint });
const batch = (texts, length) => ({
  ids: new Int32Array(texts * length).fill(3),
  offsets: Int32Array.from({ length: texts + 1 }, (_, text) => text * length),
  labels: new Int32Array(texts),
});
const out = [];
const attempt = (work) => Promise.resolve().then(work).catch((error) => out.push(told(error)));`;

describe.runIf(process.platform === 'linux')('what does not fit into the memory of a process', () => {
  it('is an error for a model of 300 million parameters, and a smaller one trains next', async () => {
    const outcome = await program(`
      await attempt(() => new Classifier({ vocabularySize: 1_000_000, embeddingSize: 300, classCount: 2 }));
      const classifier = new Classifier({ vocabularySize: 1000, classCount: 2 });
      out.push((await classifier.trainStep(batch(2, 5))).step);`);
    expect(outcome).toEqual([refused(/a model of 300,704,770 parameters \(vocabulary 1,000,000, .*/u), 1]);
  });

  it('is an error for a batch, and a smaller one trains next', async () => {
    const outcome = await program(`
      const classifier = new Classifier({ vocabularySize: 1000, classCount: 2 });
      await attempt(() => classifier.trainStep(batch(64, 20_000)));
      out.push(classifier.step, (await classifier.trainStep(batch(2, 5))).step);`);
    expect(outcome).toEqual([refused(/a training step on a batch of 64 texts and 1280000 tokens/u), 0, 1]);
  });

  it('is an error for a copy of the state', async () => {
    const outcome = await program(`
      const classifier = new Classifier({ vocabularySize: 190_000, embeddingSize: 300, classCount: 2 });
      await attempt(() => classifier.save('never.safetensors'));
      out.push(classifier.step);`);
    const message = matching(/^a copy of the model's state needs 6\d\d MiB/u);
    expect(outcome).toEqual([{ ...(refused(/x/u) as object), message }, 0]);
  });

  it('ends `train` with exit code 1 and leaves no run directory', async () => {
    const text = 'a long text '.repeat(500);
    const lines = Array.from({ length: 200 }, (_, row) => `${row} ${text}\t${row % 2 ? 'odd' : 'even'}\n`);
    await writeFile(join(folder, 'long.tsv'), lines.join(''));
    const before = await readdir(folder);
    const options = ['--level', 'char', '--max-tokens', '6000', '--out', join('runs', 'full'), '--json'];
    const data = ['--train', 'long.tsv', '--batch-size', '180'];
    const outcome = await limited(mainScript, 'train', ...data, ...options);
    const said =
      /^training, with batches of up to 1080360 tokens, .* needs \d+\.\d GiB, .*its limit on data \(ulimit -d\) is 1\.4 GiB/u;
    expectError(outcome, 1, 'NATIVE', said, /--size small.*--limit.*--batch-size.*--max-tokens/u);
    expect(await readdir(folder)).toEqual(before);
  });
});
