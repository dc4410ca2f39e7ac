import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import type { FetchedDataset } from '../../src/index.js';
import { zipOf } from '../unit/corpora/fetch/archives.js';
import { ranged, serve, stalledAfter, status } from '../unit/corpora/fetch/download-server.js';
import { unusedUrl, whole } from '../unit/corpora/fetch/download-server.js';
import { expectError, temporaryFolder, Workplace } from './support.js';

const reviews = { 'positive.txt': 'výborný\n', 'neutral.txt': 'ujde\n', 'negative.txt': 'hrůza\n' };
const archive = zipOf(
  ...Object.entries(reviews).map(([name, content]) => ({ path: `csfd/${name}`, content })),
);
const variable = 'ADVNATIVE_MIRROR_CZECH_CSFD';
const fetchCsfd = ['datasets', 'fetch', 'czech-csfd'];

let place: Workplace;
beforeEach(async () => {
  place = new Workplace(await temporaryFolder());
});

it('fetches into the cache, says what it is and on what terms, and finds it there the next time', async () => {
  const { url, seen } = await serve(whole(archive));
  const first = await place.startIn({ [variable]: url }, ...fetchCsfd).ended;
  expect(first.code).toBe(0);
  const folder = join(place.folder, 'cache', 'czech-csfd');
  expect(first.stdout).toContain(`fetched: ${folder}\n`);
  expect(first.stdout).toMatch(/^positive\.txt +10 +none known$/m);
  expect(first.stdout).toMatch(/^licence: CC BY-NC-SA 3\.0$/m);
  expect(first.stdout).toMatch(/^citation: .*Habernal/m);
  expect(first.stdout).toContain(`from: ${url}csfd.zip`);
  expect((await readdir(folder)).toSorted()).toEqual(['negative.txt', 'neutral.txt', 'positive.txt']);
  expect(await readFile(join(folder, 'positive.txt'), 'utf8')).toBe('výborný\n');

  const again = await place.startIn({ [variable]: url }, ...fetchCsfd, '--json', '--quiet').ended;
  expect(again).toMatchObject({ code: 0, stderr: '' });
  const { datasets } = JSON.parse(again.stdout) as { datasets: FetchedDataset[] };
  expect(datasets[0]).toMatchObject({ name: 'czech-csfd', folder, alreadyThere: true, from: [] });
  expect(datasets[0]?.files.map(({ name, official }) => [name, official])).toEqual([
    ['positive.txt', null],
    ['neutral.txt', null],
    ['negative.txt', null],
  ]);
  expect(seen).toHaveLength(1);
});

it('fetches into a data directory, several at once, and anew when it is forced to', async () => {
  const { url, seen } = await serve(whole(archive));
  await place.write('data/czech-csfd/positive.txt', 'older\n');
  await place.write('data/czech-facebook/gold-posts.txt', 'a post\n');
  await place.write('data/czech-facebook/gold-labels.txt', 'p\n');
  const start = (...more: string[]) =>
    place.startIn({ [variable]: url }, ...fetchCsfd, '--data-dir', 'data', '--json', ...more).ended;
  const both = await start('czech-facebook', 'czech-csfd');
  const { datasets } = JSON.parse(both.stdout) as { datasets: FetchedDataset[] };
  expect(datasets.map(({ name, alreadyThere }) => [name, alreadyThere])).toEqual([
    ['czech-csfd', false],
    ['czech-facebook', true],
  ]);
  // The posts are not the official ones, which the exit code tells.
  expect(both.code).toBe(1);
  expect(await place.text('data/czech-csfd/positive.txt')).toBe('older\n');
  expect((await start('--force')).code).toBe(0);
  expect(await place.text('data/czech-csfd/positive.txt')).toBe('výborný\n');
  expect(seen).toHaveLength(2);
});

it('says when files that are there are not the official ones', async () => {
  for (const name of ['train-dev/train.txt', 'train-dev/devel.txt', 'gold/test-gold.txt']) {
    await place.write(`data/dsl/${name}`, 'a pool\n');
  }
  const outcome = await place.run('datasets', 'fetch', 'dsl', '--data-dir', 'data');
  expect(outcome.code).toBe(1);
  expect(outcome.stdout).toMatch(/^already present: .*data\/dsl$/m);
  expect(outcome.stdout).toMatch(/^gold\/test-gold\.txt +7 +differs from the official file$/m);
  expect(outcome.stdout).toMatch(/npx advnative datasets fetch dsl --force --data-dir \S*data$/m);
});

it('refuses names without files with exit code 2', async () => {
  const unknown = await place.run('datasets', 'fetch', 'dls', '--json');
  expectError(unknown, 2, 'USAGE', /among babi-1, .*czech-mall, dsl, babi, got 'dls'/);
  const builtIn = await place.run('datasets', 'fetch', 'babi-sim-1');
  expect(builtIn.code).toBe(2);
  expect(builtIn.stderr).toMatch(/built in: there is nothing to fetch/);
  expect((await place.run('datasets', 'fetch')).code).toBe(2);
});

it('ends with exit code 1 and the steps by hand when no address answers or none has it', async () => {
  const refusing = await unusedUrl();
  const outcome = await place.startIn({ [variable]: refusing }, ...fetchCsfd, '--json').ended;
  const refused = /csfd\.zip: connection refused \(ECONNREFUSED\)/;
  const { hint } = expectError(outcome, 1, 'DOWNLOAD', refused);
  const folder = join(place.folder, 'cache', 'czech-csfd');
  expect(hint?.split('\n')).toEqual([
    `${variable} names this address; unset it to ask the official ones.`,
    expect.stringMatching(/by hand:$/),
    `  mkdir -p ${folder}`,
    `  curl --fail --location --output ${folder}/csfd.zip ${refusing}csfd.zip`,
    ...Object.keys(reviews).map(
      (name) => `  unzip -p ${folder}/csfd.zip '*${name}' -x '__MACOSX/*' > ${folder}/${name}`,
    ),
    `  rm ${folder}/csfd.zip`,
    '  # about the corpus: https://corpora.kiv.zcu.cz/sentiment/',
  ]);
  const { url } = await serve(status(404));
  const gone = await place.startIn({ [variable]: url }, ...fetchCsfd).ended;
  expect(gone.code).toBe(1);
  expect(gone.stderr).toMatch(/HTTP 404 Not Found[^]*unzip -p/);
  expect(await readdir(join(place.folder, 'cache'))).toEqual([]);
});

it('tells what came of the first name when the second fails', async () => {
  const { url } = await serve(whole(archive));
  const mirrors = { [variable]: url, ADVNATIVE_MIRROR_CZECH_MALL: await unusedUrl() };
  const outcome = await place.startIn(mirrors, ...fetchCsfd, 'czech-mall', '--json').ended;
  expect(outcome.code).toBe(1);
  expect(JSON.parse(outcome.stdout)).toMatchObject({
    datasets: [{ name: 'czech-csfd', alreadyThere: false }],
    error: { code: 'DOWNLOAD', message: expect.stringContaining('czech-mall') as string },
  });
  expect(outcome.stderr).toMatch(/error: the files of dataset 'czech-mall'/);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGKILL', null],
] as const)('keeps what came at %s, and goes on', async (signal, code) => {
  const { url, seen } = await serve(stalledAfter(100, archive), ranged(archive));
  const command = [...fetchCsfd, '--data-dir', 'my data'];
  const running = place.startIn({ [variable]: url }, ...command);
  const part = join(place.folder, 'my data', 'czech-csfd.part', 'incoming', 'csfd.zip');
  while ((await stat(part).catch(() => undefined))?.size !== 100) await setTimeout(5);
  running.child.kill(signal);
  const outcome = await running.ended;
  expect(outcome.code).toBe(code);
  if (code !== null) {
    expect(outcome.stderr).toContain(
      `What was downloaded is kept. Continue with: npx advnative datasets fetch czech-csfd --data-dir 'my data'\n`,
    );
    expect(await readdir(join(place.folder, 'my data'))).toEqual(['czech-csfd.part']);
  }
  expect((await place.startIn({ [variable]: url }, ...command).ended).code).toBe(0);
  expect(seen.map(({ range }) => range)).toEqual([undefined, 'bytes=100-']);
  expect(await readdir(join(place.folder, 'my data'))).toEqual(['czech-csfd']);
});

it('shows examples in its help', async () => {
  const [all, one] = [await place.run('datasets', '--help'), await place.run('datasets', 'fetch', '--help')];
  expect(all.stdout).toMatch(/fetch [^]*Examples:\n {2}npx advnative datasets list/);
  expect(one.stdout).toMatch(/--force[^]*Examples:\n {2}npx advnative/);
});
