import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { errorOf, expectError, films, temporaryFolder, Workplace, type Outcome } from './support.js';

const place = new Workplace(await temporaryFolder());
const quick = '--preset paper --size small --epochs 1 --threads 1'.split(' ');

/** A folder of its own below the others. */
async function placeBelow(name: string): Promise<Workplace> {
  await mkdir(join(place.folder, name));
  return new Workplace(join(place.folder, name));
}

/** Enough examples of two classes to train on. */
const good = films(40).trimEnd().split('\n');

const file = (name: string, content: string | Uint8Array) => place.write(name, content);

async function trainOn(...args: string[]): Promise<Outcome> {
  return place.run('train', ...quick, '--json', ...args);
}

async function expectFailure(outcome: Outcome, exitCode: number, code: string, said: RegExp): Promise<void> {
  expectError(outcome, exitCode, code);
  expect(outcome.stderr).toMatch(said);
  expect(outcome.stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(await readdir(place.folder)).not.toContain('runs');
}

it('missing data: every place that was tried and how to get it', async () => {
  const outcome = await trainOn('--dataset', 'dsl', '--offline');
  await expectFailure(outcome, 1, 'DATA_MISSING', /cache/);
  expect(errorOf(outcome).hint).toBeTruthy();
  await expectFailure(await trainOn('--train', 'absent.tsv'), 1, 'DATA_MISSING', /absent\.tsv/);
});

it('a malformed line: file and line, and on with the run when told to', async () => {
  const name = await file('broken.tsv', [...good, 'no tab here', ...good].join('\n'));
  await expectFailure(await trainOn('--train', name), 1, 'DATA_MALFORMED', /broken\.tsv:41: /);
  const skipping = await placeBelow('skipping');
  const args = ['--train', join('..', name), '--on-malformed', 'skip'];
  const outcome = await skipping.run('train', ...quick, ...args, '--json');
  expect(outcome.code).toBe(0);
  expect(outcome.stderr).toMatch(/1 malformed line was left out, the first: .*broken\.tsv:41: /);
  expect(JSON.parse(outcome.stdout)).toMatchObject({ test: null });
});

it.each([
  ['an empty file', '', /empty\.tsv|empty/],
  ['one class only', good.filter((line) => line.endsWith('pos')).join('\n'), /class/],
  ['an empty text', [...good, '\tpos'].join('\n'), /:41: .*empty/],
  ['an empty label', [...good, 'text\t'].join('\n'), /:41: .*empty/],
  [
    'invalid UTF-8',
    Buffer.concat([Buffer.from(good.join('\n') + '\nx'), Buffer.of(0xff), Buffer.from('\tpos')]),
    /:41: .*UTF-8/,
  ],
])('%s: says what is wrong', async (_what, content, said) => {
  const name = await file('wrong.tsv', content);
  await expectFailure(await trainOn('--train', name), 1, 'DATA_MALFORMED', said);
});

it('a label in the test data that training lacks: file and line', async () => {
  const train = await file('train.tsv', good.join('\n'));
  const test = await file('test.tsv', 'a film\tneutral\n');
  const outcome = await trainOn('--train', train, '--test', test);
  await expectFailure(outcome, 1, 'DATA_MALFORMED', /test\.tsv:1: .*neutral/);
});

it('a limit above what exists: the numbers', async () => {
  const name = await file('few.tsv', good.join('\n'));
  await expectFailure(await trainOn('--train', name, '--limit', '1000'), 2, 'USAGE', /1000/);
});

it('texts longer than the limit: cut, counted and said', async () => {
  const long = good.map((line) => `${'very '.repeat(50)}${line}`).join('\n');
  const name = await file('long.tsv', long);
  const args = ['--train', join('..', name), '--max-tokens', '20'];
  const outcome = await (await placeBelow('cutting')).run('train', ...quick, ...args);
  expect(outcome.code).toBe(0);
  expect(outcome.stderr).toMatch(/36 of 36 training texts are longer than 20 tokens and were cut/);
});

it('a column that is not there: which ones are', async () => {
  const name = await file('columns.csv', 'id,review,stars\n1,good,5\n2,bad,1\n');
  const said =
    /columns\.csv: expected a column 'text', got none of that name; its columns are: id, review, stars/;
  await expectFailure(await trainOn('--train', name), 1, 'DATA_MALFORMED', said);
});

it('an output directory that holds something: how to continue or what to choose', async () => {
  await mkdir(join(place.folder, 'taken'));
  await file(join('taken', 'notes.txt'), 'mine');
  const wrong = async (said: RegExp) =>
    expectFailure(await trainOn('--out', 'taken'), 1, 'RUN_DIRECTORY', said);
  await wrong(/new or empty.*notes\.txt\nChoose another folder, or one below it\.$/m);
  await file(join('taken', 'run.json'), '{}');
  await wrong(/new or empty.*--resume taken/s);
  await file('a-file', '');
  await expectFailure(await trainOn('--out', 'a-file'), 1, 'STORAGE', /a-file/);
});

it.each([
  [['--dataset', 'imagenet'], /expected a dataset among .*babi-sim-1.*got 'imagenet'/],
  [['--epochs', '0'], /--epochs: expected an integer from 1 to 9007199254740991, got 0/],
  [['--lr', 'fast'], /--lr: expected a number above 0 .*, got 'fast'/],
  [['--regime', 'none'], /--regime: expected one of vanilla/],
  [['--tokenizer', 'nfc,foo'], /--tokenizer: expected steps among nfc@1, .*got 'foo'/],
  [['--tokenizer', 'words,nfc'], /--tokenizer: expected text steps, .*got words \(split\), nfc \(text\)/],
  [['--cell', 'foo'], /--cell: expected one of gru, gru-cho, lstm, got 'foo'/],
  [['--device', 'cuda'], /no CUDA backend/],
  [['--format', 'csv'], /expected --train FILE beside --format, got none/],
  [
    ['--train', 'a.csv', '--format', 'xls'],
    /--format: expected one of tsv, csv, jsonl, json, parquet, got 'xls'/,
  ],
  [['--dataset', 'a.csv'], /a\.csv is a file of data, not a dataset: give it by --train a\.csv$/m],
  [
    ['--dataset', './a b.csv', '--delimiter', ';'],
    /a b\.csv is a file .*: give it by --train '\.\/a b\.csv'$/m,
  ],
  [['--dataset', 'dsl', '--train', 'a.tsv'], /either --dataset or --train/],
  [['--resume', 'runs/x', '--seed', '2'], /--(preset|size|epochs|seed) cannot be combined with --resume/],
  [['--no-such-option'], /unknown option '--no-such-option'/],
  [['too', 'many'], /too many arguments/],
])('wrong usage %j: exit code 2', async (args, said) => {
  await expectFailure(await trainOn(...args), 2, 'USAGE', said);
});

it.each([
  [['datasets', 'describe', 'a.csv'], '--train'],
  [['datasets', 'describe', 'a.csv', '--delimiter', ';'], '--train'],
  [['datasets', 'audit', 'a.csv', '--test', 'b.csv'], '--train'],
  [['evaluate', 'model.onnx', '--dataset', 'a.csv'], '--test'],
  [['evaluate', 'model.onnx', '--dataset', 'a.csv', '--format', 'csv'], '--test'],
])('%j: a file of data where a dataset is named', async (args, option) => {
  const said = new RegExp(
    `^error: a\\.csv is a file of data, not a dataset: give it by ${option} a\\.csv$`,
    'm',
  );
  await expectFailure(await place.run(...args, '--json'), 2, 'USAGE', said);
});

it('no command and an unknown command: exit code 2, help: 0', async () => {
  expect((await place.run()).code).toBe(2);
  expect((await place.run('tran')).code).toBe(2);
  const help = await place.run('train', '--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect((await place.run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('an own file that changed since the run was stopped: refused with both checksums', async () => {
  const changing = await placeBelow('changing');
  const many = Array.from({ length: 100 }, () => good.join('\n')).join('\n');
  await changing.write('own.tsv', many);
  const how = '--preset paper --size small --epochs 90 --out run'.split(' ');
  const command = changing.start('train', '--train', 'own.tsv', ...how);
  expect((await command.stopped('SIGINT', 'epoch 0/90')).code).toBe(130);
  await changing.write('own.tsv', `${many}\none more\tpos`);
  const outcome = await changing.run('train', '--resume', 'run');
  expect(outcome.code).toBe(1);
  const said = /data of .* changed since this run began: .*own\.tsv had SHA-256 [0-9a-f]{64}/;
  expect(outcome.stderr).toMatch(said);
});

it('no such model: no stack, but with ADVNATIVE_DEBUG=1', async () => {
  const args = ['predict', 'nowhere', 'text'];
  const plain = await place.run(...args);
  expect(plain.code).toBe(1);
  expect(plain.stderr).toMatch(/expected a run directory or a \.onnx file, got nowhere/);
  expect(plain.stderr).not.toMatch(/^ +at /m);
  const debugged = await place.startIn({ ADVNATIVE_DEBUG: '1' }, ...args).ended;
  expect(debugged.stderr).toMatch(/^ +at /m);
});
