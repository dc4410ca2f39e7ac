import dns from 'node:dns';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { download, type DownloadRequest } from '../../../../src/corpora/fetch/download.js';
import { DownloadFailure, Misfit, onDisk } from '../../../../src/corpora/fetch/failure.js';
import type { DownloadProgress } from '../../../../src/base/events.js';
import { brokenAfter, client, ranged, redirect, serve } from './download-server.js';
import { stalledAfter, status, unusedUrl, whole, type Answer } from './download-server.js';
import { expectRefused, put, temporaryFolder } from '../../support.js';

const content = 'sentence\tlabel\n'.repeat(2000);

/** A request into a fresh folder that loses no time. */
async function requestFor(url: string): Promise<DownloadRequest> {
  return {
    url: `${url}train.txt`,
    path: join(await temporaryFolder(), 'train.txt'),
    name: 'dsl/train.txt',
    mostBytes: 30_000,
    checked: true,
    firstPause: 1,
    stallTimeout: 5_000,
    onProgress: client.note,
  };
}

/** Downloads from a server that answers like this, and tells what came and for which ranges it was asked. */
async function downloaded(answers: readonly Answer[], more: Partial<DownloadRequest> = {}) {
  const { url, seen } = await serve(...answers);
  const request = { ...(await requestFor(url)), ...more };
  const whole = await download(request);
  return { whole, text: await readFile(request.path, 'utf8'), ranges: seen.map(({ range }) => range) };
}

/** How a download fails, how often its server was asked, and how many bytes are left. */
async function failed(answer: Answer, more: Partial<DownloadRequest> = {}) {
  const { url, seen } = await serve(answer);
  const request = { ...(await requestFor(url)), ...more };
  const error: unknown = await download(request).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const left = await stat(request.path).catch(() => undefined);
  return { error: error as DownloadFailure, times: seen.length, left: left?.size };
}

test('writes the whole file, and reports progress', async () => {
  const progress: DownloadProgress[] = [];
  const onProgress = (one: DownloadProgress) => progress.push(one);
  expect(await downloaded([whole(content)], { onProgress })).toMatchObject({ whole: true, text: content });
  const file = { file: 'dsl/train.txt', totalBytes: content.length };
  expect(progress[0]).toEqual({ ...file, receivedBytes: 0 });
  expect(progress.at(-1)).toEqual({ ...file, receivedBytes: content.length });
});

test.each([
  ['a broken connection', brokenAfter(7000, content), 5_000],
  ['a stall', stalledAfter(7000, content), 300],
])('goes on after %s', async (_, cut, stallTimeout) => {
  const outcome = await downloaded([cut, ranged(content)], { stallTimeout });
  expect(outcome).toEqual({ whole: false, text: content, ranges: [undefined, 'bytes=7000-29999'] });
});

test('goes on where an earlier download stopped', async () => {
  const { url, seen } = await serve(brokenAfter(7000, content), ranged(content));
  const request = await requestFor(url);
  await expect(download({ ...request, retries: 0 })).rejects.toThrow(/closed|terminated/);
  expect(await download(request)).toBe(false);
  expect(seen[1]?.range).toBe('bytes=7000-');
  expect(await readFile(request.path, 'utf8')).toBe(content);
});

test('starts again where the server knows no ranges', async () => {
  const { url } = await serve(whole(content));
  const request = await requestFor(url);
  await put(join(request.path, '..'), 'train.txt', 'x'.repeat(7000));
  expect(await download(request)).toBe(true);
  expect(await readFile(request.path, 'utf8')).toBe(content);
});

test.each<[string, Answer]>([
  ['refuses the range', status(416)],
  [
    'sends another range',
    (_, response) => response.writeHead(206, { 'content-range': 'bytes 9-99/100' }).end(),
  ],
  ['has another content by now', ranged('x'.repeat(30_000), '"0"')],
  ['knows no ranges, in the middle of it', whole(content)],
])('says that the pieces do not fit where the server %s', async (_, answer) => {
  const { url } = await serve(brokenAfter(7000, content), answer);
  await expect(download(await requestFor(url))).rejects.toBeInstanceOf(Misfit);
});

test('tries again after a temporary error of the server, not after 404', async () => {
  const busy = await downloaded([status(503), status(429), whole(content)]);
  expect(busy).toMatchObject({ text: content, ranges: [undefined, undefined, undefined] });
  const gone = await failed(status(404));
  expect(gone).toMatchObject({ times: 1, error: { message: 'the server answered HTTP 404 Not Found' } });
  const broken = await failed(status(500));
  expect(broken).toMatchObject({
    times: 4,
    error: { message: expect.stringContaining('HTTP 500') as string, answered: true },
  });
});

test('fails when all attempts stall or are cut, and keeps what came', async () => {
  const stuck = await failed(stalledAfter(10, content), { stallTimeout: 300, retries: 1 });
  expect(stuck.error.message).toMatch(/^no byte came for 0\.3 s/);
  expect(stuck).toMatchObject({ times: 2, left: 10 });
  const cut = await failed(brokenAfter(100, content), { retries: 0 });
  expect(cut).toMatchObject({ times: 1, left: 100, error: { answered: false } });
});

test('does not try again where there is no host of the name, and says that a connection was refused', async () => {
  const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
    _host,
    _options,
    done: (error: Error) => void,
  ) => {
    done(Object.assign(new Error('getaddrinfo ENOTFOUND no.example'), { code: 'ENOTFOUND' }));
  }) as typeof dns.lookup);
  await expect(download(await requestFor('http://no.example/'))).rejects.toThrow(/ENOTFOUND/);
  expect(lookup).toHaveBeenCalledTimes(1);
  lookup.mockRestore();
  await expect(download({ ...(await requestFor(await unusedUrl())), retries: 1 })).rejects.toThrow(
    /connection refused \(ECONNREFUSED\)/,
  );
});

test('follows a redirect', async () => {
  const there = await serve(whole(content));
  expect((await downloaded([redirect(`${there.url}elsewhere`)])).text).toBe(content);
  expect(there.seen.map(({ path }) => path)).toEqual(['/elsewhere']);
});

test.each([
  ['in circles', '/train.txt', /loop/],
  ['to another scheme', 'file:///etc/hostname', /`http:` or `https:`/],
])('does not try again where a redirect leads %s', async (_where, target, reason) => {
  const { error, times } = await failed(redirect(target));
  expect(error.message).toMatch(reason);
  expect(times).toBe(1);
});

test('repeats nothing that a terminal would obey', async () => {
  const { error } = await failed((_, response) => {
    response.socket?.end('HTTP/1.1 404 Gone\u009b2J away\r\nContent-Length: 0\r\n\r\n', 'latin1');
  });
  expect(error.message).toMatch(/HTTP 404 [^\p{C}]+$/u);
  expect(new DownloadFailure('a\u001b[2J\u009b\u202e', true).message).toMatch(/^[ -~]+$/);
});

test('asks for the bytes of the file itself', async () => {
  let asked: string | undefined;
  await downloaded([
    (request, response) => {
      asked = request.headers['accept-encoding'];
      whole(content)(request, response);
    },
  ]);
  expect(asked).toBe('identity');
});

test('takes no more bytes than it is told to, and keeps none of them', async () => {
  const endless: Answer = (_, response) => {
    const timer = setInterval(() => response.write(Buffer.alloc(10_000)), 1);
    response.on('close', () => {
      clearInterval(timer);
    });
  };
  for (const answer of [whole(content), brokenAfter(29_000, content), endless]) {
    const { error, times, left } = await failed(answer, { mostBytes: 29_999 });
    expect(error.message).toBe('expected at most 29999 bytes, got more');
    expect([times, left]).toEqual([1, undefined]);
  }
});

test('stops at once when the signal fires, and keeps what came', async () => {
  const controller = new AbortController();
  const onProgress = ({ receivedBytes }: DownloadProgress) => {
    if (receivedBytes > 0) controller.abort();
  };
  const { signal } = controller;
  const cut = await failed(stalledAfter(7000, content), { stallTimeout: 60_000, onProgress, signal });
  expect(cut).toMatchObject({ times: 1, left: 7000, error: { name: 'AbortError' } });
  const pausing = await failed(status(503), { firstPause: 60_000, signal: AbortSignal.timeout(100) });
  expect(pausing).toMatchObject({ times: 1, error: { name: 'TimeoutError' } });
});

test('tells a disk that fails from a failing network', async () => {
  const { url } = await serve(whole(content));
  const request = await requestFor(url);
  await mkdir(request.path);
  await expectRefused(download(request), 'STORAGE', /cannot write .*train\.txt: /);
  if (process.platform !== 'linux') return;
  const full = await open('/dev/full', 'a');
  const failure = onDisk('/dev/full', () => full.appendFile('x'));
  await expectRefused(failure, 'STORAGE', /cannot write \/dev\/full: no space left on device \(ENOSPC\)/);
  await full.close();
});
