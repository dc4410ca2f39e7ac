import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  datasetOf,
  errorOf,
  expectError,
  films,
  jsonLines,
  temporaryFolder,
  Workplace,
  type Outcome,
} from './support.js';

const folder = await temporaryFolder();
const place = new Workplace(folder);
const quick = ['--preset', 'paper', '--size', 'small', '--epochs', '1', '--threads', '1', '--quiet'];

/** Runs a line of bash in which "$@" is the command line of advnative. */
async function shell(line: string, ...args: readonly string[]): Promise<Outcome> {
  return place.shell(`advnative() { "$0" "\${main}" "$@"; }; main=$1; shift; ${line}`, ...args);
}

beforeAll(async () => {
  await place.write('own.tsv', films(400));
  await place.write('leaking.tsv', 'a film\tpos\na film\tneg\n'.repeat(20));
});

/** The one device that is always full stands for the disk. */
const full = '/dev/full';

describe.runIf(existsSync(full))('standard output that is full', () => {
  const expectFull = ({ code, stderr }: Outcome): void => {
    const said =
      /^error: cannot write standard output: no space left on device \(ENOSPC\)\nFree space .*run the command again/m;
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  };

  it('fails train, whose run is nevertheless done, and every command that reads the run', async () => {
    const training = ['train', '--train', 'own.tsv', '--test', 'own.tsv', ...quick, '--out', 'run', '--json'];
    expectFull(await shell(`advnative "$@" > ${full}`, ...training));
    expect((await place.record('run')).status).toBe('done');
    for (const args of [
      ['predict', 'run', 'a film', 'another'],
      ['predict', 'run', 'a film', '--json'],
      ['evaluate', 'run', '--test', 'own.tsv', '--quiet'],
      ['compare', 'run', 'run', '--json'],
      ['export', 'run', '--json'],
    ]) {
      expectFull(await shell(`advnative "$@" > ${full}`, ...args));
    }
  });

  it.each([
    [['datasets', 'list', '--json']],
    [['datasets', 'describe', '--train', 'own.tsv']],
    [['datasets', 'audit', '--train', 'own.tsv', '--json']],
    [['info']],
    [['train', '--help']],
    [['--version']],
  ])('fails %j', async (args) => {
    expectFull(await shell(`advnative "$@" > ${full}`, ...args));
  });

  it('changes no exit code when it is the error that cannot be printed', async () => {
    const outcome = await shell(`advnative "$@" > ${full}`, 'compare', 'none', 'nor-this', '--json');
    expect(outcome.stderr).toMatch(
      /^error: expected a run directory, .*^error: cannot write standard output/ms,
    );
    expect(outcome.code).toBe(1);
    const usage = await shell(`advnative "$@" > ${full}`, 'info', '--wrong', '--json');
    expect(usage.stderr).toMatch(/unknown option '--wrong'.*^error: cannot write standard output/ms);
    expect(usage.code).toBe(2);
  });

  it('is nothing to a command when it is standard error', async () => {
    const training = ['train', '--train', 'own.tsv', ...quick.slice(0, -1), '--out', 'unheard', '--json'];
    const outcome = await shell(`advnative "$@" 2> ${full}`, ...training);
    expect(outcome.code).toBe(0);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ run: 'unheard' });
    expect((await shell(`advnative "$@" 2> ${full}`, 'compare', 'none', 'nor-this')).code).toBe(1);
  });
});

it('fails when a file takes only a part of the result', async () => {
  // A limit on file sizes stands for a disk with room for one KiB.
  const args = ['datasets', 'describe', '--train', 'own.tsv', '--json', '--quiet'];
  const { code, stderr } = await shell('ulimit -f 1; advnative "$@" > part.json', ...args);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: cannot write standard output: .*\(EFBIG\)$/m);
  expect((await stat(join(folder, 'part.json'))).size).toBe(1024);
});

it('gives a slow reader the whole result', async () => {
  const texts = Array.from({ length: 8_000 }, (_, n) => `a film that is neither good nor bad, number ${n}`);
  await place.write('texts.txt', texts.join('\n'));
  await place.run('train', '--train', 'own.tsv', ...quick, '--out', 'slow');
  const line = 'set -o pipefail; advnative "$@" | (sleep 1; cat) > read.json';
  expect((await shell(line, 'predict', 'slow', '--input', 'texts.txt', '--json')).code).toBe(0);
  const json = await readFile(join(folder, 'read.json'), 'utf8');
  expect(json.length).toBeGreaterThan(2 ** 20);
  expect(jsonLines<{ text: string }>(json).map(({ text }) => text)).toEqual(texts);
  const first = 'set -o pipefail; advnative "$@" | head -1';
  const plain = await shell(first, 'predict', 'slow', '--input', 'texts.txt');
  expect(plain).toMatchObject({ code: 0, stderr: '' });
  expect(plain.stdout).toMatch(/^(pos|neg)\t[\d.]+\ta film .* number 0\n$/);
});

it('is quiet about a reader that has gone, and keeps the exit code of what it did', async () => {
  const unread = '{ sleep 0.2; advnative "$@"; echo $? > code.txt; } | true; cat code.txt';
  const own = (name: string): string[] => ['--train', name, '--quiet'];
  for (const [args, code] of [
    [['datasets', 'list', '--json'], '0'],
    [['--help'], '0'],
    [['datasets', 'describe', ...own('own.tsv'), '--html', 'unread.html'], '0'],
    [['datasets', 'audit', ...own('leaking.tsv')], '1'],
  ] as const) {
    expect(await shell(unread, ...args)).toMatchObject({ stdout: `${code}\n`, stderr: '' });
  }
  expect(await place.text('unread.html')).toMatch(/<\/html>\s*$/);
});

describe('a page that cannot be written', () => {
  it.each([
    ['no/such/page.html', /cannot write no\/such\/page\.html: its folder does not exist \(ENOENT\)/],
    ['own.tsv/page.html', /a part of the path is a file, not a folder \(ENOTDIR\)/],
    ['folder', /cannot write folder: it is a folder \(EISDIR\)/],
    ['page/', /cannot write page\/: it is a folder/],
    ['/dev/null', /cannot write \/dev\/null: it is no ordinary file/],
  ])('is refused before the data is read: %s', async (html, said) => {
    await mkdir(join(folder, 'folder'), { recursive: true });
    const args = ['--train', 'absent.tsv', '--html', html, '--json'];
    const { hint } = expectError(await place.run('datasets', 'describe', ...args), 1, 'STORAGE', said);
    expect(hint).not.toContain('--resume');
  });

  it('needs a path', async () => {
    const outcome = await place.run('datasets', 'describe', 'babi-sim-1', '--html', '', '--json');
    expectError(outcome, 2, 'USAGE', /^--html: expected a string that is not empty/);
  });

  it('comes after the result when the disk is full at the end', async () => {
    const args = ['datasets', 'describe', '--train', 'own.tsv', '--html', 'page.html', '--json', '--quiet'];
    const outcome = await shell('ulimit -f 1; advnative "$@"', ...args);
    expect(JSON.parse(outcome.stdout)).toHaveProperty('splits');
    expect(outcome.stderr).toMatch(/^error: cannot write page\.html: .*\(EFBIG\)$/m);
    expect(outcome.stderr).not.toContain('--resume');
    expect(outcome.code).toBe(1);
    expect(existsSync(join(folder, 'page.html'))).toBe(false);
  });
});

it('says that the path of an exported model is a folder', async () => {
  await mkdir(join(folder, 'models'));
  await place.run('train', '--train', 'own.tsv', ...quick, '--out', 'exported');
  const outcome = await place.run('export', 'exported', '--out', 'models', '--json', '--quiet');
  expect(outcome.code).toBe(1);
  expect(errorOf(outcome)).toEqual({
    code: 'STORAGE',
    message: 'cannot write models: it is a folder (EISDIR)',
    hint: 'Name the path of a file.',
  });
});

it.each([0, 3])("fails when a dataset's code ends the process with exit code %i", async (code) => {
  const oneExample = `yield { id: '1', text: 'one', label: 'a' };`;
  await place.write('ends.mjs', datasetOf(`${oneExample} process.exit(${code});`));
  const outcome = await place.run('train', '--dataset', './ends.mjs', '--json', '--quiet');
  expectError(outcome, 1, 'UNEXPECTED');
  const said = /^error: the process ended before the command had finished\n.*process\.exit/;
  expect(outcome.stderr).toMatch(said);
});

it('ends at once and as announced when Ctrl-C comes a second time', async () => {
  const waiting = "console.error('waiting'); await new Promise((resume) => setTimeout(resume, 60_000));";
  await place.write('endless.mjs', datasetOf(waiting));
  const command = place.start('datasets', 'describe', './endless.mjs', '--json');
  await command.saying('waiting');
  command.child.kill('SIGINT');
  await command.saying('stopping; a second Ctrl-C');
  // Signals that follow each other faster than this are one wish.
  await new Promise((resume) => setTimeout(resume, 700));
  command.child.kill('SIGINT');
  const { code, stdout, stderr } = await command.ended;
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).not.toContain('error');
});
