import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Vocabulary } from '../../../src/text/vocabulary.js';
import { readRecord, readVocabulary } from '../../../src/training/read-run.js';
import { requireFree, RunDirectory } from '../../../src/training/run-directory.js';
import { resumeHint, runPaths } from '../../../src/training/run-paths.js';
import { advError, expectRefused, temporaryFolder } from '../support.js';
import { recipe, record } from './support.js';
import { requireSameData } from '../../../src/training/run-facts.js';

const before = process.cwd();
let folder = '';

beforeEach(async () => {
  folder = await temporaryFolder();
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(before);
});

it('counts up where a name is taken', async () => {
  const paths = [];
  for (let count = 0; count < 3; count += 1) {
    paths.push((await RunDirectory.create(undefined, 'dsl-vanilla-seed1')).paths.directory);
  }
  const first = join('runs', 'dsl-vanilla-seed1');
  expect(paths).toEqual([first, `${first}-2`, `${first}-3`]);
});

it('takes a folder that the user named when it is new or empty', async () => {
  await mkdir('empty');
  expect((await RunDirectory.create('empty', 'x')).paths.directory).toBe('empty');
  expect((await RunDirectory.create('new/deep', 'x')).paths.directory).toBe('new/deep');
});

it('refuses a folder that holds anything, and says how to continue a run in it', async () => {
  await mkdir('full');
  await writeFile('full/notes.txt', '');
  const said = /new or empty folder, got full, which holds notes\.txt/;
  await expectRefused(
    requireFree('full'),
    'RUN_DIRECTORY',
    said,
    /^Choose another folder, or one below it\.$/,
  );
  await writeFile('full/run.json', '{}');
  await expectRefused(requireFree('full'), 'RUN_DIRECTORY', /which holds/, /--resume full/);
});

it('refuses a folder in use', async () => {
  const directory = await RunDirectory.create('used', 'x');
  await expectRefused(RunDirectory.create('used', 'x'), 'RUN_DIRECTORY', /in use/);
  await directory.writeRecord(record);
  await expectRefused(RunDirectory.reopen('used'), 'RUN_DIRECTORY', /in use/);
  await directory.release();
  await (await RunDirectory.reopen('used')).release();
});

it('refuses a path that cannot be a folder', async () => {
  await writeFile('file', '');
  await expectRefused(RunDirectory.create('file', 'x'), 'STORAGE', /ENOTDIR/);
});

it('removes what a killed process left half-written', async () => {
  const directory = await RunDirectory.create('run', 'x');
  await directory.writeRecord(record);
  await directory.release();
  await writeFile('run/checkpoint/last.safetensors.123.tmp', 'half');
  await writeFile('run/run.json.123.tmp', 'half');
  await (await RunDirectory.reopen('run')).release();
  expect(await readdir('run/checkpoint')).toEqual([]);
  expect((await readdir('run')).sort()).toEqual(['checkpoint', 'run.json']);
});

it('gives back record, vocabulary and history', async () => {
  const directory = await RunDirectory.create('run', 'x');
  expect(await readVocabulary(directory.paths)).toBeUndefined();
  expect(await directory.hasBegun()).toBe(false);
  const vocabulary = Vocabulary.fromTokens(['<unk>', '<begin>', '<end>', 'č', '"']);
  await directory.writeRecord(record);
  await directory.writeVocabulary(vocabulary);
  await directory.writeHistory([]);
  expect(await readRecord('run')).toEqual(record);
  expect((await readVocabulary(directory.paths))?.tokens).toEqual(vocabulary.tokens);
  expect(await readFile(directory.paths.history, 'utf8')).toBe('');
  expect(await directory.hasBegun()).toBe(true);
});

it('says what is there instead of a run directory', async () => {
  await mkdir('empty');
  await writeFile('file', '');
  await mkdir('strange/run.json', { recursive: true });
  for (const [path, said] of [
    ['nowhere', /^expected a run directory, got nowhere: no such file or directory \(ENOENT\)$/],
    ['file', /got file, which is no folder$/],
    ['file/run', /got file\/run: not a directory \(ENOTDIR\)$/],
    ['empty', /got empty, which holds no run\.json$/],
    ['strange', /got strange, whose run\.json cannot be read: illegal operation on a directory \(EISDIR\)$/],
  ] as const) {
    await expectRefused(readRecord(path), 'RUN_DIRECTORY', said, /advnative train/);
  }
});

/** Expects that a run.json of this text, or of this object, is refused. */
const expectUnfit = vi.defineHelper(async (content: unknown, said: RegExp, hint?: RegExp) => {
  await mkdir('run', { recursive: true });
  const written = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
  await writeFile('run/run.json', written);
  await expectRefused(readRecord('run'), 'RUN_DIRECTORY', said, hint);
});

it('says which record is damaged or of another version', async () => {
  await expectUnfit('{"format":', /^run\/run\.json is damaged: expected JSON: [A-Z]/, /Restore it/);
  await expectUnfit(Buffer.from('{"format":2,"status":"\xff"}', 'latin1'), /expected UTF-8, got other/);
  for (const text of ['null', '[]', '2', '""']) await expectUnfit(text, /format version undefined/);
  await expectUnfit({ ...record, format: 9 }, /version 9, expected 2/);
  await expectUnfit({ ...record, format: 1 }, /version 1, expected 2/, /version of advnative that wrote it/);
  for (const [part, said] of [
    [{ cell: 'rnn' }, /recipe\.cell "rnn", expected one of gru, gru-cho, lstm/],
    [{ cell: undefined }, /recipe\.cell undefined, expected/],
    [{ tokenizer: ['nfc@1', 'words@9'] }, /recipe\.tokenizer: expected steps among .*, got 'words@9'/],
    [{ tokenizer: undefined }, /recipe\.tokenizer: expected a list of steps, got undefined/],
  ] as const) {
    await expectUnfit({ ...record, recipe: { ...recipe, ...part } }, said, /version of advnative/);
  }
});

it.each([
  [{ status: 'done' }, /damaged: result: expected that of a run that is done, got nothing/],
  [{ status: 'almost' }, /status: expected one of running, .*, got 'almost'/],
  [
    { recipe: { ...recipe, epochs: '4' } },
    /recipe\.epochs: expected an integer from 1 to 9007199254740991, got '4'/,
  ],
  [{ recipe: { ...recipe, data: null } }, /recipe\.data: expected an object, got null/],
  [{ recipe: { ...recipe, data: { train: 'a', valid: 3 } } }, /recipe\.data\.valid: expected a string/],
  [{ execution: undefined }, /execution: expected an object, got nothing/],
  [{ dataset: { ...record.dataset, labels: [] } }, /dataset\.labels: expected a list of labels, got \[\]/],
  [
    { dataset: { ...record.dataset, files: [{}] } },
    /dataset\.files\[0\]\.name: expected a string, got nothing/,
  ],
  [{ result: { best: { epoch: 1 } } }, /result\.best\.validLoss: expected a finite number, got nothing/],
])('says which part of a record is damaged: %j', async (part, said) => {
  await expectUnfit({ ...record, ...part }, said, /Restore it/);
});

it('says that a vocabulary is damaged', async () => {
  await mkdir('run/checkpoint', { recursive: true });
  for (const [content, problem] of [
    ['["<unk>"', /expected JSON: [A-Z].*/],
    ['{}', /expected a list, got \{\}/],
    ['[1]', /\[0\]: expected a string, got 1/],
    ['["a","b","c"]', /expected '<unk>' as token 0 of the vocabulary, got "a"/],
    [Buffer.from('["<unk>","<begin>","<end>","\xe8"]', 'latin1'), /expected UTF-8, got other bytes/],
  ] as const) {
    await writeFile(runPaths('run').vocabulary, content);
    const said = new RegExp(`^the vocabulary .*vocabulary\\.json is damaged: ${problem.source}$`, 'u');
    await expectRefused(readVocabulary(runPaths('run')), 'CHECKPOINT', said);
  }
  await rm(runPaths('run').vocabulary);
  await mkdir(runPaths('run').vocabulary);
  await expectRefused(
    readVocabulary(runPaths('run')),
    'CHECKPOINT',
    /damaged: illegal operation on a directory/,
  );
});

it('refuses data that changed since the run began', () => {
  requireSameData(record.dataset, [{ name: '/moved/train.txt', bytes: 3, sha256: 'aa' }]);
  expect(() => {
    requireSameData(record.dataset, [{ name: 'train.txt', bytes: 4, sha256: 'bb' }]);
  }).toThrow(advError('RUN_DIRECTORY', /train\.txt had SHA-256 aa \(3 bytes\) and now has bb \(4 bytes\)/));
  expect(() => {
    requireSameData(record.dataset, []);
  }).toThrow(advError('RUN_DIRECTORY', /had 1 files and now has 0/));
});

it('quotes the resume command for a shell', () => {
  expect(resumeHint('runs/a-seed1')).toMatch(/--resume runs\/a-seed1$/);
  expect(resumeHint("my run's")).toMatch(/--resume 'my run'\\''s'$/);
});
