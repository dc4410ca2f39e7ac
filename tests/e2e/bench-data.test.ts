import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { CorpusBench } from '../../src/bench/corpus/report.js';
import type { EpochBench } from '../../src/bench/epochs/report.js';
import { Command, temporaryFolder } from './support.js';

const folder = await temporaryFolder();
const temporary = join(folder, 'temporary');

/** Starts a program of bench/ with a folder of its own for temporary files. */
async function start(script: string, ...options: readonly string[]): Promise<Command> {
  const path = fileURLToPath(new URL(`../../bench/${script}`, import.meta.url));
  await mkdir(temporary, { recursive: true });
  return new Command(folder, [process.execPath, path, ...options], {
    TMPDIR: temporary,
    ADVNATIVE_DATA: join(folder, 'data'),
  });
}

/** What is still there. */
async function leftBehind(): Promise<string[]> {
  return readdir(temporary);
}

it('generates sentences of the length and the balance of DSL 2015', async () => {
  const { code, stdout } = await (await start('generate-corpus.js', 'dsl.tsv', '--lines', '14000')).ended;
  expect(code).toBe(0);
  const lines = (await readFile(join(folder, 'dsl.tsv'), 'utf8')).trimEnd().split('\n');
  const lengths = lines.map((line) => line.indexOf('\t'));
  const characters = lengths.reduce((sum, length) => sum + length, 0);
  expect(JSON.parse(stdout)).toEqual({ characters, copies: 0, edits: 0, relabelled: 0 });
  expect(Math.abs(characters / lines.length - 217)).toBeLessThan(3);
  const long = lengths.filter((length) => length > 400).length / lines.length;
  expect(long).toBeGreaterThan(0.03);
  expect(long).toBeLessThan(0.06);
  const labels = lines.map((line, place) => line.slice(lengths[place]));
  const perLabel = [...new Set(labels)].map((label) => labels.filter((one) => one === label).length);
  expect(perLabel).toEqual(Array<number>(14).fill(1000));
});

it.runIf(process.platform === 'linux')('measures what a corpus and one thrice as large take', async () => {
  const { code, stdout, stderr } = await (
    await start('stream.js', '--lines', '1000', '--steps', '1', '--json')
  ).ended;
  expect(code, stderr).toBe(0);
  const { corpora } = JSON.parse(stdout) as CorpusBench;
  expect(corpora.map(({ lines }) => lines)).toEqual([1000, 3000]);
  for (const { lines, works, stream, copies } of corpora) {
    const all = lines + Math.ceil(lines / 9) + Math.ceil(lines / 18);
    expect(works.map(({ work, examples }) => [work, examples])).toEqual([
      ['describe', all],
      ['audit', all],
      ['stream', lines],
    ]);
    for (const { tokens, seconds, idleBytes, peakBytes } of works) {
      expect(tokens / lines).toBeGreaterThan(200);
      expect(seconds).toBeGreaterThan(0);
      expect(peakBytes).toBeGreaterThan(idleBytes);
    }
    expect(stream.training).toMatchObject({ steps: 1 });
    expect(copies.found.duplicates).toBe(copies.planted.copies + copies.planted.relabelled);
  }
  expect(await leftBehind()).toEqual([]);
});

it('trains an epoch on each dataset, says which are not here, and fails when one that is here fails', async () => {
  const reviews = join(folder, 'data', 'czech-mall');
  await mkdir(reviews, { recursive: true });
  for (const name of ['negative', 'neutral', 'positive']) await writeFile(join(reviews, `${name}.txt`), '\n');
  const chosen = ['babi-sim-1:40', 'dsl:10000', 'czech-mall:char'];
  const { code, stdout, stderr } = await (await start('datasets.js', ...chosen, '--json')).ended;
  const { epochs } = JSON.parse(stdout) as EpochBench;
  expect(epochs.map(({ name, status }) => [name, status])).toEqual([
    ['babi-sim-1:40', 'measured'],
    ['dsl:10000', 'missing'],
    ['czech-mall:char', 'failed'],
  ]);
  expect(code).toBe(1);
  const [trained, missing, failed] = epochs;
  expect(trained).toMatchObject({ examples: 40, classes: 6 });
  if (trained?.status !== 'measured') return;
  expect(trained.tokens).toBeGreaterThan(40 * 10);
  expect(trained.peakBytes).toBeGreaterThan(2 ** 25);
  expect(Math.abs(trained.validLoss - Math.log(6))).toBeLessThan(1);
  expect(missing).toMatchObject({ reason: expect.stringMatching(/lacks train-dev\/train\.txt/) as string });
  expect(failed).toMatchObject({ reason: expect.stringMatching(/negative\.txt/) as string });
  expect(stderr).toMatch(/epoch 1\/1 .*valid loss/);
  expect(stderr).toContain('dsl:10000: files missing\n');
  expect(await leftBehind()).toEqual([]);
});

it('is content when all that is missing is not here', async () => {
  const { code, stdout } = await (await start('datasets.js', 'dsl')).ended;
  expect(stdout).toMatch(/^dsl +files missing$/m);
  expect(code).toBe(0);
});

it('refuses wrong usage', async () => {
  const unknown = await (await start('datasets.js', 'babi-7')).ended;
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toMatch(/^error: expected NAME.*got 'babi-7'\n.*babi-sim-1/);
  const few = await (await start('stream.js', '--lines', 'many')).ended;
  expect(few).toMatchObject({ code: 2, stdout: '' });
  expect(few.stderr).toMatch(/^error: --lines: expected an integer from 100 to 9007199254740991, got 'many'/);
  const both = await (await start('generate-corpus.js', 'both.tsv', '1', '--lines', '2')).ended;
  expect(both).toMatchObject({ code: 2, stdout: '' });
  const share = await (await start('generate-corpus.js', 'x.tsv', '--lines', '2', '--copies', '3')).ended;
  expect(share.stderr).toMatch(/^error: --copies: expected a number from 0 to 1, got 3/);
});

const programs = ['datasets', 'generate-corpus', 'memory', 'pipeline', 'quality', 'stream'];

it.each(programs)('bench/%s.js tells its options with an example, and which it lacks', async (name) => {
  const help = await (await start(`${name}.js`, '--help')).ended;
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(new RegExp(`^Usage: .*${name}.* \\[options\\]`, 'u'));
  expect(help.stdout).toMatch(/^Examples:\n {2}.*\b(?:npm run|node) bench/mu);
  expect(help.stdout).not.toMatch(/--work|--data /u);
  const wrong = await (await start(`${name}.js`, '--wrong', '--json')).ended;
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toBe("error: unknown option '--wrong'\n(--help shows the options)\n");
  expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: 'USAGE' } });
});

it.runIf(process.platform === 'linux')('measures the memory of training on a generated file', async () => {
  const options = ['--megabytes', '1', '--steps', '2', '--limit', '400', '--json'];
  const { code, stdout, stderr } = await (await start('memory.js', ...options)).ended;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ level: 'char', steps: 2, examples: { train: 400 } });
  expect(await leftBehind()).toEqual([]);
});

it.runIf(process.platform === 'linux')(
  'measures what goes into text of one epoch of each dataset',
  async () => {
    const options = ['babi-sim-1', 'babi-sim-6', '--limit', '40', '--size', 'small'];
    const { code, stdout, stderr } = await (await start('pipeline.js', ...options)).ended;
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^babi-sim-1, small model: \d+ steps$/mu);
    expect(stdout).toMatch(/^babi-sim-6, small model: \d+ steps$/mu);
    expect(await leftBehind()).toEqual([]);
  },
);

it('leaves neither processes nor files when it is interrupted', async () => {
  const command = await start('datasets.js', 'babi-sim-1');
  await command.saying('epoch 0/1');
  const children = `/proc/${String(command.child.pid)}/task/${String(command.child.pid)}/children`;
  const training = Number((await readFile(children, 'utf8')).trim());
  expect(training).toBeGreaterThan(0);
  command.child.kill('SIGINT');
  const { code, stdout } = await command.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(() => process.kill(training, 0)).toThrow(/ESRCH/);
  expect(await leftBehind()).toEqual([]);
});
