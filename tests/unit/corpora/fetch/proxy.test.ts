import { request as httpRequest, createServer } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { download } from '../../../../src/corpora/fetch/download.js';
import { proxyHint } from '../../../../src/corpora/fetch/proxy.js';
import { brokenAfter, client, listen, ranged, redirect, serve, status } from './download-server.js';
import { unusedUrl, whole } from './download-server.js';
import { temporaryFolder } from '../../support.js';

const content = 'sentence\tlabel\n'.repeat(2000);
const variables = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

beforeEach(() => {
  for (const variable of variables) vi.stubEnv(variable, undefined);
});

interface Proxy {
  /** Host and port. */
  readonly address: string;
  /** What it was asked, and by whom: `METHOD target authorization`. */
  readonly asked: string[];
}

/** A proxy on 127.0.0.1 that passes requests and tunnels on, or answers all of them with a status. */
async function proxy(refusal?: number): Promise<Proxy> {
  const asked: string[] = [];
  const note = (method: string | undefined, target: string | undefined, by: string | undefined) =>
    asked.push([method, target, by].filter(Boolean).join(' '));
  const server = createServer((request, response) => {
    const { 'proxy-authorization': by, ...headers } = request.headers;
    note(request.method, request.url, by);
    if (refusal !== undefined) {
      response.writeHead(refusal).end('refused by the proxy');
      return;
    }
    const onward = httpRequest(request.url ?? '', { headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    onward.end();
  });
  server.on('connect', (request, socket) => {
    note(request.method, request.url, request.headers['proxy-authorization']);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
      return;
    }
    const onward = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  return { address: `127.0.0.1:${await listen(server)}`, asked };
}

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

async function fetchFrom(url: string): Promise<string> {
  const path = join(await temporaryFolder(), 'train.txt');
  await download({
    ...{ url: `${url}train.txt`, path, name: 'train.txt', mostBytes: 30_000, checked: true },
    ...{ firstPause: 1, retries: 1, stallTimeout: 5_000, onProgress: client.note },
  });
  return readFile(path, 'utf8');
}

describe('a download behind a proxy', () => {
  test.each(['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'])(
    'asks the proxy of %s for http addresses as they are',
    async (variable) => {
      const [{ url }, { address, asked }] = [await serve(whole(content)), await proxy()];
      vi.stubEnv(variable, `http://${address}`);
      expect(await fetchFrom(url)).toBe(content);
      expect(asked).toEqual([`GET ${url}train.txt`]);
    },
  );

  test('gives user and password to the proxy and not to the server', async () => {
    const seen: unknown[] = [];
    const { url } = await serve((request, response) => {
      seen.push(request.headers['proxy-authorization'], request.headers.authorization);
      whole(content)(request, response);
    });
    const { address, asked } = await proxy();
    vi.stubEnv('HTTP_PROXY', `http://me:p%40ss@${address}`);
    await fetchFrom(url);
    expect(asked).toEqual([`GET ${url}train.txt ${basic('me:p@ss')}`]);
    expect(seen).toEqual([undefined, undefined]);
  });

  test('takes a proxy without a scheme, small letters first', async () => {
    const [{ url }, { address, asked }] = [await serve(whole(content)), await proxy()];
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('http_proxy', address);
    expect(await fetchFrom(url)).toBe(content);
    expect(asked).toHaveLength(1);
  });

  test.each(['127.0.0.1', '*', 'example.test, 127.0.0.1'])(
    'asks hosts of NO_PROXY=%s directly',
    async (hosts) => {
      const [{ url }, { address, asked }] = [await serve(whole(content)), await proxy()];
      vi.stubEnv('http_proxy', `http://${address}`);
      vi.stubEnv('NO_PROXY', hosts);
      expect(await fetchFrom(url)).toBe(content);
      expect(asked).toEqual([]);
    },
  );

  test('goes on where a broken connection stopped, and follows redirects', async () => {
    const target = await serve(brokenAfter(7000, content), ranged(content));
    const { url } = await serve(redirect(`${target.url}train.txt`));
    const { address, asked } = await proxy();
    vi.stubEnv('http_proxy', `http://${address}`);
    expect(await fetchFrom(url)).toBe(content);
    expect(target.seen.map(({ range }) => range)).toEqual([undefined, 'bytes=7000-29999']);
    expect(asked).toEqual([url, target.url, target.url].map((place) => `GET ${place}train.txt`));
  });

  test.each(['https_proxy', 'ALL_PROXY'])(
    'opens a tunnel through the proxy of %s for https addresses',
    async (variable) => {
      const { address, asked } = await proxy();
      vi.stubEnv(variable, `http://me:secret@${address}`);
      // Behind the tunnel is a server without TLS: getting there is what is tested.
      const { port } = new URL((await serve(status(200))).url);
      await expect(fetchFrom(`https://127.0.0.1:${port}/`)).rejects.toThrow(/SSL|packet/i);
      expect(new Set(asked)).toEqual(new Set([`CONNECT 127.0.0.1:${port} ${basic('me:secret')}`]));
    },
  );

  test.each([
    ['http', 403, /the server answered HTTP 403 Forbidden$/, 1],
    ['http', 407, /Proxy Authentication Required \(407\)/, 1],
    ['https', 403, /Proxy response \(403\) !== 200/, 1],
    ['https', 407, /Proxy response \(407\) !== 200/, 1],
    ['https', 502, /Proxy response \(502\) !== 200/, 1],
  ])('says what a proxy refuses: %s, %i', async (scheme, code, problem, attempts) => {
    const { address, asked } = await proxy(code);
    vi.stubEnv('all_proxy', `http://me:secret@${address}`);
    const failure = fetchFrom(`${scheme}://example.test/`);
    await expect(failure).rejects.toThrow(problem);
    await expect(failure).rejects.not.toThrow(/secret/);
    expect(asked).toHaveLength(attempts);
  });

  const noWay = /the proxy opened no way through: /;
  test.each([
    ['closes the connection at once', (socket: Socket) => socket.destroy(), noWay, 2],
    ['ends it when it is asked', (socket: Socket) => socket.once('data', () => socket.end()), noWay, 2],
    [
      'changes the subject',
      (socket: Socket) => socket.once('data', () => socket.end('HTTP/1.1 101 No\r\n\r\n')),
      /Proxy response \(101\) !== 200/,
      1,
    ],
  ])('asks once an attempt where a proxy %s', async (_what, answer, problem, attempts) => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections++;
      socket.on('error', () => undefined);
      answer(socket);
    });
    vi.stubEnv('https_proxy', `http://127.0.0.1:${await listen(server)}`);
    await expect(fetchFrom('https://example.test/')).rejects.toThrow(problem);
    expect(connections).toBe(attempts);
  });

  test('says that a proxy cannot be reached', async () => {
    vi.stubEnv('all_proxy', await unusedUrl());
    await expect(fetchFrom('http://example.test/')).rejects.toThrow(/ECONNREFUSED/);
    await expect(fetchFrom('https://example.test/')).rejects.toThrow(
      /the proxy opened no way through: connection refused \(ECONNREFUSED\)$/,
    );
  });

  test.each([
    'ftp://me:secret@127.0.0.1',
    'http://me:secret@',
    'http://me:secret@host:port',
    'http://me:secret%@host',
  ])('refuses %s as a proxy and keeps its password to itself', async (value) => {
    vi.stubEnv('HTTP_PROXY', value);
    const { url, seen } = await serve(whole(content));
    await expect(fetchFrom(url)).rejects.toThrow(
      /^HTTP_PROXY: expected the URL of a proxy, such as http:\/\/host:3128, got something else$/,
    );
    expect(seen).toEqual([]);
  });
});

test('proxyHint names the variables that count and no proxy', () => {
  const hintOf = (environment: Readonly<Record<string, string>>) => {
    for (const variable of variables) vi.stubEnv(variable, environment[variable]);
    return proxyHint();
  };
  const secret = 'http://secret/';
  const both = hintOf({ HTTP_PROXY: secret, all_proxy: secret, http_proxy: secret });
  expect(both).toEqual([expect.stringMatching(/^all_proxy and http_proxy name proxies; no_proxy lists/)]);
  expect(hintOf({ ALL_PROXY: secret })).toEqual([expect.stringMatching(/^ALL_PROXY names a proxy;/)]);
  expect(both.join('')).not.toContain('secret');
  expect(hintOf({})).toEqual([]);
  expect(hintOf({ http_proxy: '' })).toEqual([]);
});
