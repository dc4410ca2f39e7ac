import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { datasets, type AuditResult, type DatasetDescription } from '../../src/index.js';
import { Command, expectError, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());

const own = ['--train', 'train.tsv', '--valid', 'valid.tsv', '--test', 'test.tsv'];
const sentences = (what: string, count: number) =>
  Array.from({ length: count }, (_, row) => {
    const words = Array.from({ length: 9 }, (_unused, word) => `${what}${(row * 37 + word * 101) % 1009}`);
    return `${words.join(' ')}.\t${row % 2 === 0 ? 'even' : 'odd'}\n`;
  }).join('');

/** Writes training, validation and test data of 30, 10 and 10 sentences, before some of which other lines stand or behind. */
async function writeOwn(more: { readonly train?: string; readonly test?: string } = {}): Promise<void> {
  await place.write('train.tsv', sentences('a', 30) + (more.train ?? ''));
  await place.write('valid.tsv', sentences('b', 10));
  await place.write('test.tsv', (more.test ?? '') + sentences('c', 10));
}

it('describes a dataset: one JSON object, the same as the library gives', async () => {
  const options = ['--limit', '300', '--seed', '2'];
  const describe = ['datasets', 'describe', 'babi-sim-1', ...options, '--quiet'];
  const described = await place.json<DatasetDescription>(...describe);
  const fromLibrary = await datasets.describe('babi-sim-1', { limit: 300, seed: 2 });
  expect(described).toEqual(JSON.parse(JSON.stringify(fromLibrary)));
  expect(described.splits.map(({ split }) => split)).toEqual(['train', 'valid', 'test']);
});

it('describes own files as a table and as a page that needs nothing else', async () => {
  await writeOwn();
  const outcome = await place.run('datasets', 'describe', ...own, '--html', 'page.html', '--quiet');
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  expect(outcome.stdout).toMatch(/^examples +30 +10 +10$/m);
  expect(outcome.stdout).toMatch(/^tokens not in the training data +– +90\.0% +90\.0%$/m);
  expect(outcome.stdout).toMatch(/^even +15 +5 +5$/m);
  const page = await readFile(join(place.folder, 'page.html'), 'utf8');
  expect(page.match(/<svg/g)).toHaveLength(6);
  // Names of XML namespaces look like addresses; nothing else does.
  const addresses = page.match(/https?:[^"'\s<]*/g) ?? [];
  expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
  expect(page).not.toMatch(/<script|<link(?! rel="icon" href="data:,">)|<img|src=/);
});

it('describes and audits own files of other forms, as training reads them', async () => {
  const rows = sentences('a', 40).trimEnd().split('\n');
  const csv = ['stars,review', ...rows.map((row) => row.split('\t').reverse().join(','))].join('\n');
  await place.write('reviews.csv.gz', gzipSync(csv));
  const files = ['--train', 'reviews.csv.gz', '--text-column', 'review', '--label-column', 'stars'];
  const describe = ['datasets', 'describe', ...files, '--tokenizer', 'nfc,characters'];
  const described = await place.json<DatasetDescription>(...describe, '--split-seed', '2', '--quiet');
  expect(described.splits.map(({ examples }) => examples)).toEqual([36, 4]);
  expect(described.tokenizer).toEqual(['nfc@1', 'characters@1']);
  expect(described.facts.notes[0]).toMatch(/drawn by split seed 2$/);
  const audited = await place.json<AuditResult>('datasets', 'audit', ...files, '--quiet');
  expect(audited.splits.map(({ examples }) => examples)).toEqual([36, 4]);
  for (const command of ['describe', 'audit']) {
    const wrong = await place.run('datasets', command, ...files, '--format', 'xml', '--json');
    expectError(wrong, 2, 'USAGE', /^--format: expected one of tsv, csv, jsonl, json, parquet, got 'xml'$/);
    const both = await place.run('datasets', command, 'babi-sim-1', '--format', 'csv');
    expect(both.code).toBe(2);
  }
});

it('describes what there is of a corpus that is not all there; training wants all of it', async () => {
  const texts = sentences('a', 40).replaceAll(/\t.*/g, '');
  await place.write('partial/czech-mall/negative.txt', texts);
  const from = ['--data-dir', 'partial', '--quiet'];
  const outcome = await place.run('datasets', 'describe', 'czech-mall', ...from);
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  expect(outcome.stdout).toMatch(/^in the files +negative 40, neutral 0, positive 0$/m);
  expect(outcome.stdout).toMatch(/^note +incomplete: positive\.txt and neutral\.txt of czech-mall missing/m);
  expect(outcome.stdout).toMatch(
    /^wrong labels, estimated +cannot be estimated: all texts are of one class$/m,
  );
  const audited = await place.run('datasets', 'audit', 'czech-mall', ...from, '--json');
  expect(audited.code).toBe(1);
  const { findings } = JSON.parse(audited.stdout) as AuditResult;
  expect(findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['single-class', 'missing-class']));
  const trained = await place.run('train', '--dataset', 'czech-mall', ...from);
  expect(trained.code).toBe(1);
  expect(trained.stderr).toContain('lacks positive.txt, neutral.txt');
});

it('audits own files: exit code 1 for an error, 0 for warnings unless they are to fail', async () => {
  await writeOwn();
  expect(await place.run('datasets', 'audit', ...own)).toMatchObject({ code: 0 });

  await writeOwn({ train: 'dÃ©jÃ  vu a1 a2 a3 a4 a5 a6\todd\n' });
  const warned = await place.run('datasets', 'audit', ...own);
  expect(warned.code).toBe(0);
  expect(warned.stdout).toMatch(/^0 errors, 1 warning$/m);
  expect(warned.stdout).toMatch(/^warning +mojibake +train +1 +3\.23% /m);
  expect(warned.stdout).toMatch(/^ {2}train:31 \[odd\]: dÃ©jÃ /m);
  expect((await place.run('datasets', 'audit', ...own, '--fail-on', 'warning')).code).toBe(1);

  await writeOwn({ test: sentences('a', 2) });
  const leaking = await place.run('datasets', 'audit', ...own, '--json', '--quiet');
  expect(leaking).toMatchObject({ code: 1, stderr: '' });
  const result = JSON.parse(leaking.stdout) as AuditResult;
  expect(result.errors).toBe(1);
  const leakage = { kind: 'leakage', splits: ['train', 'test'], count: 2, share: 1 / 6 };
  expect(result.findings[0]).toMatchObject(leakage);
});

it('audits the simulator, whose short stories occur in several splits', async () => {
  const outcome = await place.run('datasets', 'audit', 'babi-sim-1', '--limit', '400', '--json', '--quiet');
  expect(outcome).toMatchObject({ code: 1, stderr: '' });
  const { findings } = JSON.parse(outcome.stdout) as AuditResult;
  expect(findings.map(({ kind }) => kind)).toContain('near-duplicates');
});

it('shows control characters by number, so that no text can play with the terminal', async () => {
  await writeOwn({ train: 'an \u001b[31mred text a1 a2 a3\todd\n' });
  const { stdout } = await place.run('datasets', 'audit', ...own);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toContain('an \\u{1b}[31mred');
});

/** Writes lines of invented words, some of them like earlier ones, and says how many of each kind there are. */
async function generate(name: string, ...options: readonly string[]): Promise<Record<string, number>> {
  const script = fileURLToPath(new URL('../../bench/generate-corpus.js', import.meta.url));
  const command = new Command(place.folder, [process.execPath, script, name, ...options]);
  const { code, stdout, stderr } = await command.ended;
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, number>;
}

it('finds what is planted among many generated sentences', async () => {
  const shares = ['--copies', '0.02', '--edits', '0.02', '--relabelled', '0.005'];
  const planted = await generate('train.tsv', '--lines', '6000', ...shares);
  await generate('valid.tsv', '--lines', '300', '--seed', '2');
  const [train, valid] = ['train.tsv', 'valid.tsv'].map((name) => join(place.folder, name));
  const result = await datasets.audit({ train: train ?? '', valid });
  const counted = (kind: string) => result.findings.find((one) => one.kind === kind)?.count ?? 0;
  const { copies = 0, edits = 0, relabelled = 0 } = planted;
  expect(copies).toBeGreaterThan(80);
  expect(counted('duplicates')).toBe(copies + relabelled);
  expect(counted('contradicting-labels')).toBeGreaterThanOrEqual(2 * relabelled);
  // Both a copy with another word and what it copies are near duplicates; some are copied twice, few of the shortest miss.
  expect(counted('near-duplicates')).toBeGreaterThan(1.8 * edits);
  expect(counted('near-duplicates')).toBeLessThan(2.3 * edits);
});

it('refuses wrong usage with exit code 2', async () => {
  for (const line of [
    ...['describe', 'audit', 'audit babi-sim-1 --train train.tsv', 'audit babi-sim-1 --fail-on never'],
    ...['audit --valid valid.tsv', 'describe nothing', 'describe babi-sim-1 --level byte'],
  ]) {
    expectError(await place.run('datasets', ...line.split(' '), '--json'), 2, 'USAGE');
  }
  expectError(await place.run('datasets', 'audit', 'dsl', '--offline', '--json'), 1, 'DATA_MISSING');
});
