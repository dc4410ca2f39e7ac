import { execFile, spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { filesBelow, type Source } from '../../../../src/corpora/corpus.js';
import { stepsByHand } from '../../../../src/corpora/fetch/by-hand.js';
import { tarGzOf, zipOf } from './archives.js';
import { byPath, serve, whole } from './download-server.js';
import { toyCorpus } from './toy-corpus.js';
import { temporaryFolder } from '../../support.js';

const contents = { 'en/train.txt': 'one\n', 'test.txt': 'two\n' };
const entries = Object.entries(contents).map(([path, content]) => ({ path, content }));
const members = { 'en/train.txt': 'en/train.txt', 'test.txt': 'test.txt' };

const files = Object.keys(contents).map((path) => ({ path }));

const hasTools =
  spawnSync('bash', ['-c', 'command -v curl tar unzip']).stdout.toString().match(/\n/g)?.length === 3;

test.runIf(hasTools).each<[string, (url: string) => Source]>([
  ['files', (url) => filesBelow(url, Object.keys(contents))],
  ['tar.gz', (url) => ({ kind: 'archive', format: 'tar.gz', url: `${url}toy.tar.gz`, members })],
  ['zip', (url) => ({ kind: 'archive', format: 'zip', url: `${url}toy.zip`, members })],
])('the steps by hand bring the same files as a fetch (%s)', async (_, sourceAt) => {
  const inFolder = entries.map((entry) => ({ ...entry, path: `toy corpus/${entry.path}` }));
  const added = { path: '__MACOSX/._test.txt', content: 'x' };
  const { url } = await serve(
    byPath({
      '/en/train.txt': whole(contents['en/train.txt']),
      '/test.txt': whole(contents['test.txt']),
      '/toy.tar.gz': whole(tarGzOf(...entries)),
      '/toy.zip': whole(zipOf(...inFolder, added)),
    }),
  );
  const folder = join(await temporaryFolder(), "it's mine", 'toy');
  const script = ['set -e', ...stepsByHand(toyCorpus(files, sourceAt(url)), folder)].join('\n');
  await promisify(execFile)('bash', ['-c', script]);
  const found = await readdir(folder, { recursive: true });
  expect(found.toSorted()).toEqual(['en', 'en/train.txt', 'test.txt']);
  for (const [path, content] of Object.entries(contents)) {
    expect(await readFile(join(folder, path), 'utf8')).toBe(content);
  }
});

test('the steps name other addresses and the page', () => {
  const sources = ['http://a/', 'http://b/'].map((url) => filesBelow(url, ['test.txt']));
  expect(stepsByHand(toyCorpus(files, ...sources), '/data/toy')).toEqual([
    'mkdir -p /data/toy/en /data/toy',
    'curl --fail --location --output /data/toy/test.txt http://a/test.txt',
    '# or from http://b/test.txt',
    '# about the corpus: http://127.0.0.1/toy',
  ]);
});
