import { cp, link, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { evaluate, exportOnnx } from '../../src/index.js';
import { expectError, films, temporaryFolder, Workplace } from './support.js';

const folder = await temporaryFolder();
const place = new Workplace(folder);

beforeAll(async () => {
  for (const name of ['own.tsv', 'test.tsv', 'other.tsv']) await place.write(name, films(60));
  const own = ['--train', 'own.tsv', '--test', 'test.tsv'];
  await place.run('train', ...own, '--preset', 'paper', '--size', 'small', '--epochs', '1', '--out', 'run');
  await cp(join(folder, 'run'), join(folder, 'other-run'), { recursive: true });
  await symlink(join(folder, 'other.tsv'), join(folder, 'link.tsv'));
  await link(join(folder, 'other.tsv'), join(folder, 'hard-link.tsv'));
  await symlink(join(folder, 'run'), join(folder, 'link-to-run'));
  await place.write('dataset.mjs', 'export default {};');
  await mkdir(join(folder, 'copy'));
  for (const name of ['run.json', 'model.onnx']) {
    await cp(join(folder, 'run', name), join(folder, 'copy', name));
  }
});

/** Every file below the folder, with what it holds and when it was written. */
async function contents(): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true });
  const found: Record<string, string> = {};
  for (const name of names.sort()) {
    const path = join(folder, name);
    const facts = await stat(path);
    if (facts.isFile()) found[name] = `${facts.mtimeMs} ${await readFile(path, 'latin1')}`;
  }
  return found;
}

const same = /^expected another file for --\w+ than .*, got .*( for both|, which are one file)$/;
const partOfRun = /^expected a file for --\w+ that is no part of a run, got .*, which belongs to the run \//;

it.each([
  ['evaluate run --test other.tsv --losses other.tsv', same],
  ['evaluate run --test other.tsv --losses ./copy/../other.tsv', same],
  ['evaluate run --test other.tsv --losses link.tsv', same],
  ['evaluate run --test link.tsv --losses other.tsv', same],
  ['evaluate run --test other.tsv --losses hard-link.tsv', same],
  ['evaluate run --losses test.tsv', same],
  ['evaluate run --test other.tsv --losses own.tsv', same],
  ['evaluate run --dataset ./dataset.mjs --losses dataset.mjs', same],
  ['evaluate run/model.onnx --test other.tsv --losses link-to-run/model.onnx', same],
  ['evaluate copy/model.onnx --test other.tsv --losses copy/model.onnx', same],
  ['evaluate run --losses run/run.json', partOfRun],
  ['evaluate run --losses link-to-run/history.jsonl', partOfRun],
  ['evaluate run --losses run/checkpoint/vocabulary.json', partOfRun],
  ['evaluate run --losses run/checkpoint/last.safetensors', partOfRun],
  ['evaluate run --losses run/model.onnx', partOfRun],
  ['evaluate run --test other.tsv --losses run/test-losses.csv', partOfRun],
  ['evaluate run --losses other-run/test-losses.csv', partOfRun],
  ['export run --out run/run.json', partOfRun],
  ['export run --out run/checkpoint/last.safetensors', partOfRun],
  ['export run --out other-run/model.onnx', partOfRun],
  ['export run --out own.tsv', same],
  ['datasets describe --train other.tsv --html other.tsv', same],
  ['datasets describe --train own.tsv --valid other.tsv --html link.tsv', same],
  ['datasets describe --train own.tsv --test other.tsv --html hard-link.tsv', same],
  ['datasets describe ./dataset.mjs --html dataset.mjs', same],
  ['datasets describe --train own.tsv --html run/run.json', partOfRun],
  ['bench --peers none --rounds 1 --svg run/run.json', partOfRun],
])('%s is refused, and every file stays', async (line, said) => {
  const before = await contents();
  const outcome = await place.run(...line.split(' '), '--json', '--quiet');
  expectError(outcome, 2, 'USAGE', said);
  expect(await contents()).toEqual(before);
});

it('the library refuses the same', async () => {
  const [run, test] = [join(folder, 'run'), join(folder, 'other.tsv')];
  const before = await contents();
  await expect(evaluate(run, { test, losses: test })).rejects.toMatchObject({
    code: 'USAGE',
    message: `expected another file for --losses than --test, got ${test} for both`,
  });
  await expect(exportOnnx(run, { out: join(run, 'history.jsonl') })).rejects.toMatchObject({ code: 'USAGE' });
  expect(await contents()).toEqual(before);
});

it.each([
  'evaluate run --losses run/test-losses.csv',
  'evaluate run --losses run/losses-again.csv',
  'evaluate run --test other.tsv --losses losses.csv',
  'evaluate run --test other.tsv --losses losses.csv',
  'export run',
  'export run --out link-to-run/model.onnx',
  'export run --out copy/model.onnx',
  'datasets describe --train own.tsv --html page.html',
])('%s replaces what it may', async (line) => {
  const outcome = await place.run(...line.split(' '), '--quiet');
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
});
