import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { filesBelow, knownFile, type ArchiveSource, type Source } from '../../../../src/corpora/corpus.js';
import { fetchCorpus, type FetchRequest } from '../../../../src/corpora/fetch/fetch-corpus.js';
import { pathsBelow } from '../../../../src/corpora/fetch/publish.js';
import type { DownloadProgress } from '../../../../src/base/events.js';
import { tarGzOf, zipOf, type TarEntry } from './archives.js';
import {
  brokenAfter,
  byPath,
  client,
  ranged,
  serve,
  stalledAfter,
  status,
  unusedUrl,
  whole,
  type Answer,
} from './download-server.js';
import { toyCorpus } from './toy-corpus.js';
import { advError, expectRefused, matching, put, temporaryFolder } from '../../support.js';

/** Text that compression leaves long, so that most of an archive's bytes are content. */
const noise = (bytes: number): string => {
  const hash = createHash('shake256', { outputLength: bytes / 2 });
  return hash.update('noise').digest('hex');
};
const contents = { 'en/train.txt': noise(1200), 'en/test.txt': noise(80) } as const;
const paths = Object.keys(contents);
const entries = Object.entries(contents).map(([path, content]) => ({ path: `release/${path}`, content }));
const tarGz = tarGzOf({ path: 'release/README', content: 'x'.repeat(3000) }, ...entries);
const zip = zipOf(...entries);
const files = Object.entries(contents).map(([path, content]) =>
  knownFile(path, content.length, createHash('sha256').update(content).digest('hex')),
);

function tarSource(url: string): ArchiveSource {
  return {
    kind: 'archive',
    url: `${url}toy.tar.gz`,
    format: 'tar.gz',
    members: Object.fromEntries(paths.map((path) => [path, path])),
  };
}

function zipSource(url: string): ArchiveSource {
  return { ...tarSource(url), url: `${url}toy.zip`, format: 'zip' };
}

const patience = { firstPause: 1, stallTimeout: 5_000 };
let directory: string;

beforeEach(async () => {
  directory = await temporaryFolder();
  vi.stubEnv('ADVNATIVE_MIRROR_TOY', undefined);
});

async function fetchToy(source: Source | readonly Source[], more: Partial<FetchRequest> = {}) {
  return fetchCorpus(toyCorpus(files, ...[source].flat()), {
    directory,
    patience,
    onProgress: client.note,
    ...more,
  });
}

/** Every file below the data directory. */
const listing = async (): Promise<string[]> => (await pathsBelow(directory)).toSorted();

const fetched = ['toy/en/test.txt', 'toy/en/train.txt'];

async function expectFetched(): Promise<void> {
  expect(await listing()).toEqual(fetched);
  for (const [path, content] of Object.entries(contents)) {
    expect(await readFile(join(directory, 'toy', path), 'utf8')).toBe(content);
  }
  expect(await readdir(directory)).toEqual(['toy']);
}

describe.each([
  ['tar.gz', tarGz, tarSource],
  ['zip', zip, zipSource],
] as const)('fetching a corpus from a %s archive', (_, archive, sourceAt) => {
  test('unpacks its files, reports progress and leaves nothing else', async () => {
    const { url, seen } = await serve(whole(archive));
    const progress: DownloadProgress[] = [];
    const result = await fetchToy(sourceAt(url), { onProgress: (one) => progress.push(one) });
    await expectFetched();
    expect(result.folder).toBe(join(directory, 'toy'));
    expect(result.from).toEqual([url + (seen[0]?.path ?? '').slice(1)]);
    expect(result.failures).toEqual([]);
    expect(progress.at(-1)).toEqual({
      file: `toy${seen[0]?.path ?? ''}`,
      receivedBytes: archive.length,
      totalBytes: archive.length,
    });
  });

  test('keeps what came when it fails, and the next run goes on', async () => {
    const { url, seen } = await serve(brokenAfter(100, archive), ranged(archive));
    const fetching = fetchToy(sourceAt(url), { patience: { ...patience, retries: 0 } });
    await expectRefused(fetching, 'DOWNLOAD', /toy\.(tar\.gz|zip): .*(terminated|closed|reset|aborted)/i);
    expect(await listing()).toEqual([matching(/^toy\.part\/incoming\/toy\.(tar\.gz|zip)$/)]);
    await fetchToy(sourceAt(url));
    expect(seen[1]?.range).toBe('bytes=100-');
    await expectFetched();
  });

  test('starts again when the content changed between attempts or runs, or the server knows no ranges', async () => {
    const other = Buffer.alloc(archive.length, 'x');
    const [cut, changed] = [brokenAfter(100, archive), brokenAfter(100, other, '"0"')];
    for (const first of [cut, changed, brokenAfter(100, other, 'W/"0"')]) {
      for (const second of [ranged(archive), whole(archive)]) {
        await fetchToy(sourceAt((await serve(first, second, whole(archive))).url));
        await expectFetched();
        await rm(join(directory, 'toy'), { recursive: true });
      }
    }
    const { url } = await serve(changed, ranged(archive));
    await expect(fetchToy(sourceAt(url), { patience: { ...patience, retries: 0 } })).rejects.toThrow();
    await fetchToy(sourceAt(url));
    await expectFetched();
  });

  test('takes an archive that a killed run had downloaded to the end', async () => {
    const { url, seen } = await serve(ranged(archive));
    await put(
      directory,
      `toy.part/incoming/${sourceAt('').format === 'zip' ? 'toy.zip' : 'toy.tar.gz'}`,
      archive,
    );
    await fetchToy(sourceAt(url));
    expect(seen.map(({ range }) => range)).toEqual([`bytes=${archive.length}-`, undefined]);
    await expectFetched();
  });

  test.each<[string, Answer, RegExp]>([
    ['has no such file', status(404), /HTTP 404 Not Found/],
    ['answers with a page', whole('<html>moved'.repeat(99)), /begins with "<html>/],
    ['answers with nothing', whole(''), /begins with ""/],
    ['cuts its archive short', whole(archive.subarray(0, -300)), /cannot be used/],
    [
      'turns a byte over',
      whole(archive.map((byte, at) => (at === 400 ? byte ^ 4 : byte))),
      /cannot be used|not the official file/,
    ],
  ])('leaves nothing behind when the server %s', async (_what, answer, reason) => {
    const failure = fetchToy(sourceAt((await serve(answer)).url));
    await expectRefused(failure, 'DOWNLOAD', reason, /by hand:\n {2}mkdir -p [^]*curl/);
    expect(await readdir(directory)).toEqual([]);
  });

  test('takes the next address when one fails, and notes why', async () => {
    const refusing = await unusedUrl();
    const broken = await serve(whole('no archive'));
    const { url } = await serve(whole(archive));
    const { from, failures } = await fetchToy([sourceAt(refusing), sourceAt(broken.url), sourceAt(url)]);
    expect(from).toHaveLength(1);
    expect(from[0]).toContain(url);
    expect(failures.map(({ reason }) => reason)).toEqual([
      matching(/ECONNREFUSED/),
      matching(/cannot be used: .*begins with "no archive"$/),
    ]);
    await expectFetched();
  });

  test('refuses an archive whose file is not the official one', async () => {
    const wrong = entries.map((entry) => ({ ...entry, content: entry.content.toUpperCase() }));
    const { url } = await serve(whole(archive === zip ? zipOf(...wrong) : tarGzOf(...wrong)));
    await expectRefused(
      fetchToy(sourceAt(url)),
      'DOWNLOAD',
      /train\.txt is not the official file: expected SHA-256 \w+, got \w+ \(1200 bytes\)/,
    );
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('fetching a corpus file by file', () => {
  const sourceOf = (url: string): Source => filesBelow(url, paths);
  const answers = Object.fromEntries(
    Object.entries(contents).map(([path, content]) => [`/${path}`, whole(content)]),
  );

  test('brings all files or none', async () => {
    const { url } = await serve(byPath({ ...answers, '/en/test.txt': status(404) }));
    await expectRefused(fetchToy(sourceOf(url)), 'DOWNLOAD', /en\/test\.txt: .*HTTP 404/);
    expect((await listing()).filter((name) => name.startsWith('toy/'))).toEqual([]);
    const helped = await serve(byPath(answers));
    const { from } = await fetchToy(sourceOf(helped.url));
    // The first run's file is not fetched again.
    expect(from).toEqual([`${helped.url}en/test.txt`]);
    await expectFetched();
  });

  test('checks what an earlier run left', async () => {
    const { url, seen } = await serve(byPath(answers));
    await put(directory, 'toy.part/files/en/test.txt', 'not the official one');
    await put(directory, 'toy.part/files/en/train.txt', contents['en/train.txt']);
    await fetchToy(sourceOf(url));
    expect(seen.map(({ path }) => path)).toEqual(['/en/test.txt']);
    await expectFetched();
  });

  test('keeps nothing without a known checksum from an earlier run', async () => {
    const { url, seen } = await serve(byPath(answers));
    await put(directory, 'toy.part/files/en/test.txt', 'of another mirror');
    const unknown = paths.map((path) => ({ path }));
    await fetchCorpus(toyCorpus(unknown, sourceOf(url)), { directory, patience });
    expect(seen.map(({ path }) => path).toSorted()).toEqual(['/en/test.txt', '/en/train.txt']);
    await expectFetched();
  });

  test('fetches only what the folder lacks, and leaves the rest as it is', async () => {
    const { url, seen } = await serve(byPath(answers));
    // Of a fetch by force that was interrupted.
    await put(directory, 'toy.part/files/en/train.txt', contents['en/train.txt']);
    await put(directory, 'toy/en/train.txt', 'a pool');
    await put(directory, 'toy/notes.txt', 'mine');
    await fetchToy(sourceOf(url));
    expect(seen.map(({ path }) => path)).toEqual(['/en/test.txt']);
    expect(await readFile(join(directory, 'toy/en/train.txt'), 'utf8')).toBe('a pool');
    expect(await listing()).toEqual([...fetched, 'toy/notes.txt']);
  });

  test('takes neither a folder nor an empty file for one of the corpus', async () => {
    const { url, seen } = await serve(byPath(answers));
    await put(directory, 'toy/en/train.txt', '');
    await mkdir(join(directory, 'toy/en/test.txt'));
    await expectRefused(fetchToy(sourceOf(url)), 'STORAGE', /test\.txt: it is a folder \(EISDIR\)/);
    expect(seen).toHaveLength(2);
    expect(await readFile(join(directory, 'toy/en/train.txt'), 'utf8')).toBe('');
    await rm(join(directory, 'toy/en/test.txt'), { recursive: true });
    await fetchToy(sourceOf(url));
    await expectFetched();
  });

  test('replaces what is there when it is forced to, but not when that fails', async () => {
    await put(directory, 'toy/en/train.txt', 'a pool');
    await put(directory, 'toy/en/test.txt', 'another');
    await put(directory, 'toy/notes.txt', 'mine');
    const failing = await serve(byPath({ ...answers, '/en/test.txt': whole('corrupt') }));
    await expectRefused(fetchToy(sourceOf(failing.url), { force: true }), 'DOWNLOAD', /SHA-256/);
    expect(await readFile(join(directory, 'toy/en/train.txt'), 'utf8')).toBe('a pool');
    const { url } = await serve(byPath(answers));
    await fetchToy(sourceOf(url), { force: true });
    expect(await listing()).toEqual([...fetched, 'toy/notes.txt']);
    expect(await readFile(join(directory, 'toy/en/train.txt'), 'utf8')).toBe(contents['en/train.txt']);
  });

  test('takes each file from the first address that has it', async () => {
    const first = await serve(byPath({ ...answers, '/en/train.txt': status(404) }));
    const second = await serve(byPath(answers));
    const { from } = await fetchToy([sourceOf(first.url), filesBelow(second.url, ['en/train.txt'])]);
    expect(from.toSorted()).toEqual([`${first.url}en/test.txt`, `${second.url}en/train.txt`].toSorted());
    await expectFetched();
  });

  test('asks a host that does not answer only once', async () => {
    const refusing = await unusedUrl();
    const { url } = await serve(byPath(answers));
    const { from, failures } = await fetchToy([sourceOf(refusing), sourceOf(url)]);
    expect(failures.map(({ reason }) => reason)).toEqual([matching(/ECONNREFUSED/)]);
    expect(from).toHaveLength(2);
  });

  test('refuses more bytes than the official file has', async () => {
    const { url } = await serve(whole('x'.repeat(2000)));
    const fetching = fetchToy(sourceOf(url));
    await expectRefused(fetching, 'DOWNLOAD', /en\/train\.txt: expected at most 1200 bytes, got more/);
    expect(await readdir(directory)).toEqual([]);
  });

  test('fetches to where a link leads', async () => {
    const elsewhere = await temporaryFolder();
    await put(elsewhere, 'store/notes.txt', 'mine');
    await symlink(join(elsewhere, 'store'), join(directory, 'toy'));
    const { url } = await serve(byPath(answers));
    const { folder } = await fetchToy(sourceOf(url));
    expect(folder).toBe(join(elsewhere, 'store'));
    expect((await readdir(join(elsewhere, 'store'))).toSorted()).toEqual(['en', 'notes.txt']);
    expect(await readdir(directory)).toEqual(['toy']);
  });
});

describe('a fetch', () => {
  test('lists every address with its reason when all fail', async () => {
    const first = await serve(status(403));
    const second = await serve(status(410));
    await expectRefused(
      fetchToy([tarSource(first.url), tarSource(second.url)]),
      'DOWNLOAD',
      new RegExp(`'toy' [^]*\\n {2}${first.url}.*HTTP 403[^]*\\n {2}${second.url}.*HTTP 410`),
    );
  });

  test('stops at the signal, says so, and the next goes on', async () => {
    const { url, seen } = await serve(stalledAfter(100, tarGz), ranged(tarGz));
    const controller = new AbortController();
    const onProgress = ({ receivedBytes }: DownloadProgress): void => {
      if (receivedBytes > 0) controller.abort();
    };
    const long = { ...patience, stallTimeout: 60_000 };
    const fetching = fetchToy(tarSource(url), { patience: long, onProgress, signal: controller.signal });
    await expectRefused(fetching, 'INTERRUPTED', /fetching dataset 'toy' was interrupted/, /is kept/);
    expect(await listing()).toEqual(['toy.part/incoming/toy.tar.gz']);
    await fetchToy(tarSource(url));
    expect(seen[1]?.range).toBe('bytes=100-');
    await expectFetched();
  });

  test('has nothing to do at the signal that has fired before it began', async () => {
    const { url, seen } = await serve(whole(tarGz));
    const fetching = fetchToy(tarSource(url), { signal: AbortSignal.abort() });
    await expectRefused(fetching, 'INTERRUPTED', /interrupted/);
    expect(seen).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
  });

  test('refuses to work beside a process of another machine', async () => {
    const { url, seen } = await serve(whole(tarGz));
    await put(directory, 'toy.lock', JSON.stringify({ pid: 1, host: 'another-machine', since: 0 }));
    await expect(fetchToy(tarSource(url))).rejects.toEqual(
      advError('DOWNLOAD', /is being downloaded by process 1 on another-machine/, /toy\.lock/),
    );
    expect(seen).toEqual([]);
  });

  test('waits for another that is under way, tells so, and takes what that one brought', async () => {
    const { url, seen } = await serve(whole(tarGz));
    const progress: DownloadProgress[] = [];
    const onProgress = (one: DownloadProgress): void => {
      progress.push(one);
    };
    await Promise.all([fetchToy(tarSource(url), { onProgress }), fetchToy(tarSource(url), { onProgress })]);
    expect(seen).toHaveLength(1);
    expect(progress.filter(({ waitingFor }) => waitingFor !== undefined)).toEqual([
      { file: 'toy', receivedBytes: 0, totalBytes: undefined, waitingFor: `process ${process.pid}` },
    ]);
    await expectFetched();
  });

  test('stops waiting at the signal', async () => {
    await put(directory, 'toy.lock', JSON.stringify({ pid: process.ppid, host: hostname(), since: 0 }));
    const controller = new AbortController();
    const onProgress = (): void => {
      controller.abort();
    };
    const fetching = fetchToy(tarSource(await unusedUrl()), { onProgress, signal: controller.signal });
    await expectRefused(fetching, 'INTERRUPTED', /fetching dataset 'toy' was interrupted/);
  });

  test('says what to do where the lock cannot be written', async () => {
    const { url } = await serve(whole(tarGz));
    await mkdir(join(directory, 'toy.lock'));
    await expect(fetchToy(tarSource(url))).rejects.toEqual(
      advError('STORAGE', /dataset 'toy': cannot write .*toy\.lock/, /^Free some space .*--data-dir/),
    );
  });

  test('says which path cannot be written', async () => {
    const { url } = await serve(whole(tarGz));
    await put(directory, 'toy.part', 'a file where a folder should be');
    const fetching = fetchToy(tarSource(url));
    await expectRefused(fetching, 'STORAGE', /cannot write .*toy\.part.*(EEXIST|ENOTDIR)/, /ADVNATIVE_CACHE/);
    expect(await listing()).toEqual(['toy.part']);
  });

  test('asks nobody but the mirror that the environment names', async () => {
    const official = await serve(whole(tarGz));
    const mirror = await serve(whole(tarGz));
    vi.stubEnv('ADVNATIVE_MIRROR_TOY', `${mirror.url}copies`);
    await fetchToy([tarSource(official.url), tarSource(official.url)]);
    expect(official.seen).toEqual([]);
    expect(mirror.seen.map(({ path }) => path)).toEqual(['/copies/toy.tar.gz']);
    await expectFetched();
  });

  test('says which variable names the mirror that failed', async () => {
    vi.stubEnv('ADVNATIVE_MIRROR_TOY', (await serve(status(404))).url);
    await expect(fetchToy(tarSource('http://127.0.0.1:1/'))).rejects.toEqual(
      advError('DOWNLOAD', /404/, /^ADVNATIVE_MIRROR_TOY names this address; unset it[^]*curl/),
    );
  });

  test('says that a proxy is named, and never which', async () => {
    vi.stubEnv('http_proxy', (await unusedUrl()).replace('//', '//me:secret@'));
    const failure = fetchToy(tarSource('http://example.test/'));
    await expectRefused(failure, 'DOWNLOAD', /ECONNREFUSED/, /^http_proxy names a proxy;[^]*curl/);
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('secret') as string });
    await expect(failure).rejects.not.toMatchObject({ hint: expect.stringContaining('secret') as string });
  });

  test.each([
    'https://me:secret@mirror.example/x',
    'https://secret@mirror.example',
    '//me:secret@mirror.example',
  ])('refuses the mirror %j and keeps its password to itself', async (mirror) => {
    vi.stubEnv('ADVNATIVE_MIRROR_TOY', mirror);
    const failure = fetchToy(tarSource('http://127.0.0.1:1/'));
    await expectRefused(failure, 'USAGE', /ADVNATIVE_MIRROR_TOY: .*user or password/);
    await expect(failure).rejects.not.toThrow(/secret/);
    expect(await readdir(directory)).toEqual([]);
  });

  test.each([
    ['a tar.gz with a second file of one name', tarSource, tarGzOf(...entries.slice(0, 1), ...entries)],
    ['a zip with a path that leads out', zipSource, zipOf({ path: '../x', content: 'evil' }, ...entries)],
    ['a zip with other names', zipSource, zipOf({ path: 'train.txt', content: 'x' }, ...entries.slice(1))],
  ])('refuses %s, and leaves the data directory as it was', async (_, sourceAt, archive) => {
    const { url } = await serve(whole(archive));
    await put(directory, 'toy/en/notes.txt', 'mine');
    await expectRefused(fetchToy(sourceAt(url)), 'DOWNLOAD', /the archive cannot be used: \w/);
    expect(await listing()).toEqual(['toy/en/notes.txt']);
    expect(await readdir(directory)).toEqual(['toy']);
  });

  test('takes nothing else out of an archive, wherever it would lead', async () => {
    const evil: TarEntry[] = [
      { path: '../x', content: 'evil' },
      { path: '/tmp/advnative-evil', content: 'evil' },
      { path: 'release', type: 'SymbolicLink', linkpath: '/tmp' },
    ];
    const { url } = await serve(whole(tarGzOf(...evil, ...entries)));
    await fetchToy(tarSource(url));
    await expectFetched();
    expect(await readdir(tmpdir())).not.toContain('advnative-evil');
  });
});
