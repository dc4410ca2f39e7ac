import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { CorpusBench } from '../../src/bench/corpus/result.js';
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

/** What of ours is still there: onnxruntime keeps files of its own among the temporary ones. */
async function leftBehind(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.includes('advnative'));
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

it('refuses wrong usage', async () => {
  const few = await (await start('stream.js', '--lines', 'many')).ended;
  expect(few).toMatchObject({ code: 2, stdout: '' });
  expect(few.stderr).toMatch(/^error: --lines: expected an integer of at least 100, got NaN/);
});
