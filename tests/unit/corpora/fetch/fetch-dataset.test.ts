import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { catalogue } from '../../../../src/datasets/catalogue.js';
import { fetchReport, isOfficial } from '../../../../src/report/fetched.js';
import { tarGzOf, zipOf, type TarEntry } from './archives.js';
import { byPath, serve, status, whole } from './download-server.js';
import { expectRefused, put, temporaryFolder, withoutCorpora } from '../../support.js';

const realData = process.env['ADVNATIVE_DATA'];
const reviews = { 'positive.txt': 'dobrý\n', 'neutral.txt': 'ujde\n', 'negative.txt': 'špatný\n' };
const zip = zipOf(...Object.entries(reviews).map(([path, content]) => ({ path: `csfd/${path}`, content })));

let cache: string;
beforeEach(async () => {
  cache = await withoutCorpora();
});

describe('datasets.fetch', () => {
  test('fetches into the cache and tells what came from where, on what terms', async () => {
    const { url } = await serve(whole(zip));
    vi.stubEnv('ADVNATIVE_MIRROR_CZECH_CSFD', url);
    const fetched = await catalogue.fetch('czech-csfd');
    expect(fetched).toMatchObject({
      name: 'czech-csfd',
      folder: join(cache, 'czech-csfd'),
      alreadyThere: false,
      from: [`${url}csfd.zip`],
      failures: [],
      licence: 'CC BY-NC-SA 3.0',
    });
    expect(fetched.files[0]).toEqual({
      name: 'positive.txt',
      bytes: Buffer.byteLength(reviews['positive.txt']),
      sha256: createHash('sha256').update(reviews['positive.txt']).digest('hex'),
      official: null,
    });
    expect(isOfficial(fetched)).toBe(true);
  });

  test('looks where a run would look, and checks what it finds', async () => {
    const elsewhere = await temporaryFolder();
    vi.stubEnv('ADVNATIVE_DATA', elsewhere);
    vi.stubEnv('ADVNATIVE_MIRROR_SUBJECTIVITY', (await serve(status(404))).url);
    await put(elsewhere, 'subjectivity/rotten_imdb/quote.tok.gt9.5000', 'a review\n');
    await put(elsewhere, 'subjectivity/rotten_imdb/plot.tok.gt9.5000', 'a plot\n');
    const fetched = await catalogue.fetch('subjectivity');
    expect(fetched).toMatchObject({ alreadyThere: true, folder: join(elsewhere, 'subjectivity'), from: [] });
    expect(fetched.files.map(({ official }) => official)).toEqual([false, false]);
    expect(isOfficial(fetched)).toBe(false);
    expect(fetchReport(fetched)).toContain(`datasets fetch subjectivity --force --data-dir ${elsewhere}`);
    const forced = catalogue.fetch('subjectivity', { force: true });
    await expectRefused(forced, 'DOWNLOAD', /HTTP 404/, /tar -xzOf/);
    expect(await readdir(cache)).toEqual([]);
  });

  test('replaces by force what a run would find', async () => {
    const elsewhere = await temporaryFolder();
    vi.stubEnv('ADVNATIVE_DATA', elsewhere);
    vi.stubEnv('ADVNATIVE_MIRROR_CZECH_CSFD', (await serve(whole(zip))).url);
    for (const name of Object.keys(reviews)) await put(elsewhere, `czech-csfd/${name}`, 'old\n');
    const fetched = await catalogue.fetch('czech-csfd', { force: true });
    expect(fetched).toMatchObject({ folder: join(elsewhere, 'czech-csfd'), alreadyThere: false });
    expect(await readFile(join(elsewhere, 'czech-csfd/neutral.txt'), 'utf8')).toBe('ujde\n');
    expect(await readdir(cache)).toEqual([]);
  });

  test('refuses unknown names and those without files', async () => {
    await expectRefused(catalogue.fetch('imdb'), 'USAGE', /among babi-1, .*, babi, got 'imdb'/);
    await expectRefused(catalogue.fetch('babi-sim-2'), 'USAGE', /babi-sim-2/, /built in/);
  });

  test('stops at the signal', async () => {
    vi.stubEnv('ADVNATIVE_MIRROR_BABI', 'http://127.0.0.1:1');
    const fetching = catalogue.fetch('babi', { signal: AbortSignal.abort() });
    await expectRefused(fetching, 'INTERRUPTED', /interrupted/);
  });
});

test('a report tells of addresses that failed before', () => {
  const report = fetchReport({
    name: 'toy',
    title: 'Toy corpus',
    folder: '/cache/toy',
    alreadyThere: false,
    files: [{ name: 'a.txt', bytes: 12_345, sha256: 'x', official: true }],
    from: ['http://b/a.txt'],
    failures: [{ url: 'http://a/a.txt', reason: 'the server answered HTTP 404 Not Found' }],
    licence: 'CC0',
    citation: 'Nobody: Nothing',
    page: 'http://a/',
  });
  expect(report.split('\n')).toEqual([
    'toy: Toy corpus',
    'fetched: /cache/toy',
    '',
    'file    bytes  checksum',
    'a.txt  12,345  official',
    '',
    'failed: http://a/a.txt: the server answered HTTP 404 Not Found',
    'from: http://b/a.txt',
    'licence: CC0',
    'citation: Nobody: Nothing',
    'about: http://a/',
  ]);
});

describe.runIf(realData)('the real corpora, from archives made of them', () => {
  /** Files of a folder, in a folder of the archive or in none. */
  const entriesOf = async (folder: string, names: readonly string[], below = ''): Promise<TarEntry[]> =>
    Promise.all(
      names.map(async (name) => ({
        path: below + name,
        content: await readFile(join(realData ?? '', folder, name)),
      })),
    );

  test('babi, subjectivity and czech-facebook pass their checksums', async () => {
    const release = 'tasks_1-20_v1-2';
    const names = await readdir(join(realData ?? '', 'babi', release), { recursive: true });
    const babi = names.filter((name) => name.endsWith('.txt')).map((name) => `${release}/${name}`);
    const rotten = ['quote.tok.gt9.5000', 'plot.tok.gt9.5000'];
    const gold = ['gold-posts.txt', 'gold-labels.txt'];
    const { url } = await serve(
      byPath({
        [`/${release}.tar.gz`]: whole(tarGzOf(...(await entriesOf('babi', babi)))),
        '/rotten_imdb.tar.gz': whole(tarGzOf(...(await entriesOf('subjectivity/rotten_imdb', rotten)))),
        '/facebook.zip': whole(zipOf(...(await entriesOf('czech-facebook', gold, 'facebook/')))),
      }),
    );
    for (const name of ['babi', 'subjectivity', 'czech-facebook']) {
      vi.stubEnv(`ADVNATIVE_MIRROR_${name.toUpperCase().replace('-', '_')}`, url);
      const fetched = await catalogue.fetch(name);
      expect(new Set(fetched.files.map(({ official }) => official)), name).toEqual(new Set([true]));
    }
    expect((await readdir(cache)).toSorted()).toEqual(['babi', 'czech-facebook', 'subjectivity']);
  });
});
