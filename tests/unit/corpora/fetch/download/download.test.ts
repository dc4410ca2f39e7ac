import { createHash } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fetch, Response } from 'undici';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { download, type DownloadRequest } from '../../../../../src/corpora/fetch/download/download.js';
import { onDisk, StorageFailure } from '../../../../../src/corpora/fetch/download/failure.js';
import type { DownloadProgress } from '../../../../../src/base/events.js';
import {
  breakWhenTaken,
  brokenAfter,
  client,
  ranged,
  redirect,
  serve,
  stalledAfter,
  status,
  unusedUrl,
  whole,
  type Answer,
} from './download-server.js';
import { advError, put, temporaryFolder } from '../../../support.js';

vi.mock('undici', async (load) => {
  const undici = await load<typeof import('undici')>();
  return { ...undici, fetch: vi.fn(undici.fetch) };
});

/** Answers in place of the network until the test is over. */
function answerWith(answer: (url: string) => Promise<Response>) {
  const mocked = vi.mocked(fetch);
  mocked.mockClear();
  mocked.mockImplementation((url) => answer(url as string));
  onTestFinished(() => {
    mocked.mockReset();
  });
  return mocked;
}

const content = 'sentence\tlabel\n'.repeat(2000);
const sha256 = { kind: 'sha256', value: createHash('sha256').update(content).digest('hex') } as const;

/** A request into a fresh folder that loses no time. */
async function requestFor(url: string): Promise<DownloadRequest & { folder: string }> {
  const folder = await temporaryFolder();
  return {
    folder,
    url: `${url}train.txt`,
    destination: join(folder, 'sub', 'train.txt'),
    name: 'dsl/train.txt',
    checksum: sha256,
    firstPause: 1,
    stallTimeout: 5_000,
    onProgress: client.note,
  };
}

/** Files left in the folder of the destination. */
const left = async ({ folder }: { folder: string }) =>
  (await readdir(join(folder, 'sub')).catch(() => [])).toSorted();

describe('download', () => {
  test('writes the whole file, reports progress and leaves nothing else', async () => {
    const { url } = await serve(whole(content));
    const request = await requestFor(url);
    const progress: DownloadProgress[] = [];
    await download({ ...request, onProgress: (one) => progress.push(one) });
    expect(await readFile(request.destination, 'utf8')).toBe(content);
    expect(await left(request)).toEqual(['train.txt']);
    expect(progress[0]).toEqual({ file: 'dsl/train.txt', receivedBytes: 0, totalBytes: content.length });
    expect(progress.at(-1)?.receivedBytes).toBe(content.length);
  });

  test('checks git blob ids', async () => {
    const { url } = await serve(whole('hello\n'));
    const request = await requestFor(url);
    const checksum = { kind: 'gitBlob', value: 'ce013625030ba8dba906f756967f9e9ca394464a' } as const;
    await download({ ...request, checksum });
    expect(await left(request)).toEqual(['train.txt']);
  });

  test('goes on where a broken connection stopped', async () => {
    const { url, seen } = await serve(brokenAfter(7000, content), ranged(content));
    const request = await requestFor(url);
    await download(request);
    expect(await readFile(request.destination, 'utf8')).toBe(content);
    expect(seen[1]).toEqual({ path: '/train.txt', range: 'bytes=7000-', ifRange: '"1"' });
    expect(await left(request)).toEqual(['train.txt']);
  });

  test('goes on where an earlier run stopped', async () => {
    const first = await serve(brokenAfter(7000, content), ranged(content));
    const request = await requestFor(first.url);
    await expect(download({ ...request, retries: 0 })).rejects.toEqual(advError('DOWNLOAD', /train\.txt/));
    expect(await left(request)).toEqual(['train.txt.part', 'train.txt.part.json']);
    await download(request);
    expect(first.seen[1]?.range).toBe('bytes=7000-');
    expect(await readFile(request.destination, 'utf8')).toBe(content);
  });

  test('starts again when the content has changed meanwhile', async () => {
    const { url, seen } = await serve(brokenAfter(7000, 'x'.repeat(30_000), '"0"'), ranged(content, '"1"'));
    const request = await requestFor(url);
    await download(request);
    expect(seen[1]?.ifRange).toBe('"0"');
    expect(await readFile(request.destination, 'utf8')).toBe(content);
  });

  test('starts again when the server knows no ranges', async () => {
    const { url } = await serve(brokenAfter(7000, content), whole(content));
    const request = await requestFor(url);
    await download(request);
    expect(await readFile(request.destination, 'utf8')).toBe(content);
  });

  test('starts again when the server refuses the range', async () => {
    const { url, seen } = await serve(brokenAfter(7000, content), status(416), ranged(content));
    const request = await requestFor(url);
    await download(request);
    expect(seen.map(({ range }) => range)).toEqual([undefined, 'bytes=7000-', undefined]);
  });

  test('does not go on without a strong entity tag', async () => {
    const { url, seen } = await serve(brokenAfter(7000, content, 'W/"1"'), ranged(content));
    await download(await requestFor(url));
    expect(seen[1]?.range).toBeUndefined();
  });

  test('goes on after a stall, and fails when all attempts stall', async () => {
    const helped = await serve(stalledAfter(7000, content), ranged(content));
    const request = { ...(await requestFor(helped.url)), stallTimeout: 300 };
    await download(request);
    expect(helped.seen[1]?.range).toBe('bytes=7000-');
    const stuck = await serve(stalledAfter(10, content));
    await expect(
      download({ ...(await requestFor(stuck.url)), stallTimeout: 300, retries: 1 }),
    ).rejects.toEqual(advError('DOWNLOAD', /no byte came for 0\.3 s/));
    expect(stuck.seen).toHaveLength(2);
  });

  test('fails when the body is always cut short', async () => {
    const { url, seen } = await serve(brokenAfter(100, content, 'W/"1"'));
    const request = await requestFor(url);
    await expect(download(request)).rejects.toEqual(
      advError('DOWNLOAD', /dsl\/train\.txt from http:\S*train\.txt failed/, /again/),
    );
    expect(seen).toHaveLength(4);
    expect(await left(request)).not.toContain('train.txt');
  });

  test('starts again when the pieces of two attempts do not fit together', async () => {
    const { url, seen } = await serve(brokenAfter(7000, 'x'.repeat(30_000)), ranged(content));
    const request = await requestFor(url);
    await download(request);
    expect(seen.map(({ range }) => range)).toEqual([undefined, 'bytes=7000-', undefined]);
    expect(await readFile(request.destination, 'utf8')).toBe(content);
  });

  test('never keeps corrupt content', async () => {
    const { url, seen } = await serve(whole(content.replace('label', 'lapel')));
    const request = await requestFor(url);
    await expect(download(request)).rejects.toEqual(
      advError(
        'DOWNLOAD',
        new RegExp(`expected SHA-256 ${sha256.value}, got [0-9a-f]{64} \\(30000 bytes\\)`),
      ),
    );
    expect(seen).toHaveLength(1);
    expect(await left(request)).toEqual([]);
  });

  test('leaves an older file as it was when it fails', async () => {
    const request = await requestFor((await serve(whole('corrupt'))).url);
    await put(request.folder, 'sub/train.txt', 'older');
    await expect(download(request)).rejects.toEqual(advError('DOWNLOAD', /SHA-256/));
    expect(await readFile(request.destination, 'utf8')).toBe('older');
  });

  test('tries again after a temporary error of the server, not after 404', async () => {
    const busy = await serve(status(503), status(429), whole(content));
    await download(await requestFor(busy.url));
    expect(busy.seen).toHaveLength(3);
    const gone = await serve(status(404));
    await expect(download(await requestFor(gone.url))).rejects.toEqual(
      advError('DOWNLOAD', /HTTP 404 Not Found/),
    );
    expect(gone.seen).toHaveLength(1);
  });

  test('says that the connection was refused', async () => {
    const request = await requestFor(await unusedUrl());
    await expect(download({ ...request, retries: 1 })).rejects.toEqual(
      advError('DOWNLOAD', /connection refused \(ECONNREFUSED\)/),
    );
  });

  test('does not try again where there is no host of the name', async () => {
    const lookup = Object.assign(new Error('getaddrinfo ENOTFOUND no.example'), { code: 'ENOTFOUND' });
    const asked = answerWith(() => Promise.reject(new TypeError('fetch failed', { cause: lookup })));
    await expect(download(await requestFor('http://no.example/'))).rejects.toEqual(
      advError('DOWNLOAD', /ENOTFOUND/),
    );
    expect(asked).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['in circles', (path: string) => path, /leads in circles/],
    ['to another scheme', () => 'file:///etc/hostname', /leads to no http or https URL/],
  ])('does not try again where a redirect leads %s', async (_where, target, reason) => {
    const { url, seen } = await serve((asked, response) => {
      redirect(target(asked.url ?? ''))(asked, response);
    });
    await expect(download(await requestFor(url))).rejects.toEqual(advError('DOWNLOAD', reason));
    expect(seen).toHaveLength(1);
  });

  test('follows a redirect from https to http only where the checksum is known', async () => {
    const answer = (): Response => new Response(content);
    const moved = (): Response =>
      new Response(null, { status: 302, headers: { location: 'http://b.example/train.txt' } });
    const asked = answerWith((url) => Promise.resolve(url.startsWith('https:') ? moved() : answer()));
    await download(await requestFor('https://a.example/'));
    expect(asked).toHaveBeenCalledTimes(2);
    const unknown = { ...(await requestFor('https://a.example/')), checksum: undefined };
    await expect(download(unknown)).rejects.toEqual(
      advError('DOWNLOAD', /from https to http \(b\.example\)/),
    );
    expect(asked).toHaveBeenCalledTimes(3);
  });

  test('repeats nothing of a status that a terminal would obey', async () => {
    const { url } = await serve((_, response) => {
      response.socket?.end('HTTP/1.1 404 Gone\u009b2J away\r\nContent-Length: 0\r\n\r\n', 'latin1');
    });
    await expect(download(await requestFor(url))).rejects.toEqual(
      advError('DOWNLOAD', /HTTP 404 [^\p{C}]+$/u),
    );
  });

  test('fails when bytes come too slowly, however steadily', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': content.length });
      const timer = setInterval(() => response.write('s'), 20);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    const request = { ...(await requestFor(url)), rateWindow: 400, retries: 0 };
    await expect(download(request)).rejects.toEqual(advError('DOWNLOAD', /only \d+ bytes came in 0\.4 s/));
  });

  test('takes a body that the server encodes all the same, but does not go on with one', async () => {
    const encoded: Answer = (_, response) => {
      const body = gzipSync(content);
      response
        .writeHead(200, { etag: '"1"', 'content-encoding': 'gzip', 'content-length': body.length })
        .end(body);
    };
    const request = await requestFor((await serve(encoded)).url);
    await download(request);
    expect(await readFile(request.destination, 'utf8')).toBe(content);
    const { url, seen } = await serve((_, response) => {
      response.writeHead(200, { etag: '"1"', 'content-encoding': 'gzip' });
      response.write(gzipSync(content).subarray(0, 60), breakWhenTaken(response, 0));
    }, encoded);
    await download(await requestFor(url));
    expect(seen.map(({ range }) => range)).toEqual([undefined, undefined]);
  });

  test('lets the caller judge the whole file before it gets its name', async () => {
    const { url, seen } = await serve(whole(content));
    const request = await requestFor(url);
    const verify = async (path: string) =>
      (await readFile(path, 'utf8')) === content ? 'not this one' : 'other';
    await expect(download({ ...request, verify })).rejects.toEqual(
      advError('DOWNLOAD', /failed: not this one$/),
    );
    expect(seen).toHaveLength(1);
    expect(await left(request)).toEqual([]);
    await download({ ...request, verify: () => Promise.resolve(undefined) });
    expect(await left(request)).toEqual(['train.txt']);
  });

  test('starts again when the pieces of two attempts fail the caller, and judges a whole piece without asking', async () => {
    const { url, seen } = await serve(brokenAfter(7000, 'x'.repeat(30_000)), ranged(content));
    const request = { ...(await requestFor(url)), checksum: undefined };
    const verify = async (path: string) => ((await readFile(path, 'utf8')) === content ? undefined : 'mixed');
    await download({ ...request, verify });
    expect(seen.map(({ range }) => range)).toEqual([undefined, 'bytes=7000-', undefined]);
    await put(request.folder, 'sub/train.txt.part', content);
    const notes = { url: request.url, entityTag: '"1"', total: content.length };
    await put(request.folder, 'sub/train.txt.part.json', JSON.stringify(notes));
    await download({ ...request, verify });
    expect(seen).toHaveLength(3);
    expect(await left(request)).toEqual(['train.txt']);
  });

  test('starts again from notes of what no server can be asked for', async () => {
    for (const notes of [{ entityTag: '"a\n"' }, { entityTag: 'W/"1"' }, { entityTag: '"1"', total: 3 }]) {
      const { url, seen } = await serve(ranged(content));
      const request = await requestFor(url);
      await put(request.folder, 'sub/train.txt.part', content.slice(0, 100));
      await put(request.folder, 'sub/train.txt.part.json', JSON.stringify({ url: request.url, ...notes }));
      await download(request);
      expect(seen.map(({ range }) => range)).toEqual([undefined]);
      expect(await left(request)).toEqual(['train.txt']);
    }
  });

  test('takes no more bytes than it is told to, and keeps none of them', async () => {
    for (const answer of [whole(content), brokenAfter(29_000, content), ranged(content)]) {
      const { url, seen } = await serve(answer);
      const request = await requestFor(url);
      await expect(download({ ...request, mostBytes: 29_999 })).rejects.toEqual(
        advError('DOWNLOAD', /expected at most 29999 bytes, got more/),
      );
      expect(seen).toHaveLength(1);
      expect(await left(request)).toEqual([]);
    }
    const request = await requestFor((await serve(whole(content))).url);
    await download({ ...request, mostBytes: 30_000 });
    expect(await left(request)).toEqual(['train.txt']);
  });

  test('stops at once when the signal fires, and keeps what came', async () => {
    const { url, seen } = await serve(stalledAfter(7000, content));
    const request = { ...(await requestFor(url)), stallTimeout: 60_000 };
    const controller = new AbortController();
    const onProgress = ({ receivedBytes }: DownloadProgress) => {
      if (receivedBytes > 0) controller.abort();
    };
    await expect(download({ ...request, onProgress, signal: controller.signal })).rejects.toEqual(
      advError('INTERRUPTED', /interrupted/),
    );
    expect(seen).toHaveLength(1);
    expect(await left(request)).toEqual(['train.txt.part', 'train.txt.part.json']);
  });

  test('stops during the pause between attempts', async () => {
    const { url } = await serve(status(503));
    const signal = AbortSignal.timeout(100);
    await expect(download({ ...(await requestFor(url)), firstPause: 60_000, signal })).rejects.toEqual(
      advError('INTERRUPTED', /interrupted/),
    );
  });

  test('says which path cannot be written', async () => {
    const { url } = await serve(whole(content));
    const request = await requestFor(url);
    await put(request.folder, 'sub', 'a file where a folder should be');
    const failure = download(request);
    await expect(failure).rejects.toBeInstanceOf(StorageFailure);
    await expect(failure).rejects.toThrow(/cannot write .*(EEXIST|ENOTDIR)/);
  });

  test.runIf(process.platform === 'linux')('tells a full disk from a failing network', async () => {
    const full = await open('/dev/full', 'a');
    await expect(onDisk('/dev/full', () => full.appendFile('x'))).rejects.toThrow(
      /cannot write \/dev\/full: no space left on device \(ENOSPC\)/,
    );
    await full.close();
  });

  test('refuses to write beside a process of another machine, and takes over from one that has ended', async () => {
    const { url } = await serve(whole(content));
    const request = await requestFor(url);
    const lock = await put(
      request.folder,
      'sub/train.txt.lock',
      JSON.stringify({ pid: 1, host: 'another-machine', since: 0 }),
    );
    await expect(download(request)).rejects.toEqual(
      advError('DOWNLOAD', /being downloaded by process 1 on another-machine/, /train\.txt\.lock/),
    );
    await put(request.folder, 'sub/train.txt.lock', '999999999');
    await download(request);
    await expect(readFile(lock)).rejects.toThrow('ENOENT');
    expect(await left(request)).toEqual(['train.txt']);
  });
});
