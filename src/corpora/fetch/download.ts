import { appendFile, rm, stat } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { EnvHttpProxyAgent, interceptors, Pool, request, type Dispatcher, type RetryHandler } from 'undici';
import { AdvError } from '../../base/errors.js';
import type { DownloadProgress } from '../../base/events.js';
import { refuseDowngrade } from './downgrade.js';
import { DownloadFailure, Misfit, networkReason, onDisk } from './failure.js';
import { proxies, proxyVariables } from './proxy.js';

/** How long to bear with servers; tests have less time. */
export interface Patience {
  /** Milliseconds without a byte after which an attempt fails; default 30,000. */
  readonly stallTimeout?: number | undefined;
  /** Further attempts after the first; default 3. */
  readonly retries?: number | undefined;
  /** Milliseconds before the second attempt, doubled before each further one; default 1,000. */
  readonly firstPause?: number | undefined;
}

/** One file to download. */
export interface DownloadRequest extends Patience {
  readonly url: string;
  /** Where the bytes go, after those that an earlier download left there; its folder must be there. */
  readonly path: string;
  /** What the file is called in progress reports. */
  readonly name: string;
  /** Most bytes that may come. */
  readonly mostBytes: number;
  /** Whether checksums decide what is taken: without, no redirect may lead from https to http. */
  readonly checked: boolean;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Downloads a file, through the proxies that the environment names. A connection that breaks or stalls is made again and goes
 * on where it stopped; so does the next download to the same path after one that failed. What came is for the caller to check: the
 * content may have changed in between.
 *
 * @returns whether the content came in one piece
 * @throws DownloadFailure for the network or the server, Misfit where the server cannot go on, AdvError STORAGE for the disk,
 * and the signal's error; the bytes so far stay
 */
export async function download(what: DownloadRequest): Promise<boolean> {
  const { url, path, checked, signal, stallTimeout = 30_000 } = what;
  const offset = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  const agent = connections(stallTimeout);
  const attempts = new Attempts(what);
  try {
    const response = await request(url, {
      dispatcher: agent.compose(
        ...(checked || !url.startsWith('https:') ? [] : [refuseDowngrade]),
        interceptors.retry({ retry: attempts.next, statusCodes: temporaryStatuses }),
        interceptors.redirect({ maxRedirections: 20 }),
      ),
      // Ranges and lengths of a compressed body would count other bytes than those of the file.
      headers: { 'accept-encoding': 'identity', ...(offset > 0 && { range: `bytes=${offset}-` }) },
      signal,
    });
    await receive(what, response, offset);
    return attempts.failed === 0 && response.statusCode === 200;
  } catch (error) {
    signal?.throwIfAborted();
    throw asFailure(error, attempts, stallTimeout);
  } finally {
    await agent.destroy();
  }
}

/** @throws DownloadFailure for an impossible proxy; its URL, which may hold a password, is not told */
function connections(stallTimeout: number): EnvHttpProxyAgent {
  try {
    return new EnvHttpProxyAgent({
      ...proxies(),
      // Many proxies let tunnels lead to port 443 alone.
      proxyTunnel: false,
      clientFactory: openTunnels,
      headersTimeout: stallTimeout,
      bodyTimeout: stallTimeout,
    });
  } catch (error) {
    const expected = 'expected the URL of a proxy, such as http://host:3128, got something else';
    throw new DownloadFailure(`${proxyVariables().join(' or ')}: ${expected}`, false, { cause: error });
  }
}

/**
 * Tunnels through a proxy. An error of undici's own would be taken for that of a server which closed a connection kept
 * alive, and the proxy asked again without a pause and without an end.
 */
function openTunnels(proxy: URL, options: object): Dispatcher {
  const pool = new Pool(proxy, options);
  const open = pool.connect.bind(pool);
  const connect = async (to: Parameters<typeof open>[0]): Promise<Dispatcher.ConnectData> =>
    open(to).catch((error: unknown) => {
      throw new Error(`the proxy opened no way through: ${networkReason(error)}`);
    });
  return Object.assign(pool, { connect });
}

/** Answers of a server that is busy or out of order. */
const temporaryStatuses = [408, 429, 500, 502, 503, 504];

/** No host of this name, a proxy that refuses, an impossible redirect: another attempt would end the same way. */
const permanentErrors = new Set(['ENOTFOUND', 'UND_ERR_ABORTED', 'UND_ERR_INVALID_ARG', 'ERR_INVALID_URL']);

/** What undici's errors tell. */
interface UndiciError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
}

/** Decides after a failed attempt whether there is another. Undici's own rule would go on waiting after the signal. */
class Attempts {
  failed = 0;
  /** What last cut a connection. */
  cut: UndiciError | undefined;
  readonly next: RetryHandler.RetryCallback;

  constructor({ retries = 3, firstPause = 1_000, signal }: DownloadRequest) {
    this.next = (error: UndiciError, _context, decide) => {
      const { code = '', statusCode } = error;
      if (statusCode === undefined) this.cut = error;
      const temporary =
        statusCode === undefined ? !permanentErrors.has(code) : temporaryStatuses.includes(statusCode);
      const pause = firstPause * 2 ** this.failed;
      this.failed += 1;
      if (!temporary || this.failed > retries) decide(error);
      else void setTimeout(pause, null, { signal }).then(decide, decide);
    };
  }
}

/** Writes what comes. */
async function receive(
  { path, name, mostBytes, onProgress }: DownloadRequest,
  { statusCode, headers, body }: Dispatcher.ResponseData,
  offset: number,
): Promise<void> {
  const start = /^bytes (\d+)-/.exec(String(headers['content-range']))?.[1];
  const goesOn = statusCode === 206 && start === String(offset);
  if (statusCode === 416 || (statusCode === 206 && !goesOn))
    throw new Misfit(`the server cannot go on from byte ${offset} (HTTP ${statusCode})`);
  if (statusCode !== 200 && !goesOn) throw refusal(statusCode);
  if (!goesOn) await onDisk(path, () => rm(path, { force: true }));
  let receivedBytes = goesOn ? offset : 0;
  const length = headers['content-length'];
  const totalBytes = length === undefined ? undefined : receivedBytes + Number(length);
  onProgress?.({ file: name, receivedBytes, totalBytes });
  for await (const chunk of body as AsyncIterable<Buffer>) {
    receivedBytes += chunk.length;
    if (Math.max(receivedBytes, totalBytes ?? 0) > mostBytes) {
      await onDisk(path, () => rm(path, { force: true }));
      throw new DownloadFailure(`expected at most ${mostBytes} bytes, got more`, true);
    }
    await onDisk(path, () => appendFile(path, chunk));
    onProgress?.({ file: name, receivedBytes, totalBytes });
  }
  // Nothing may have come, which is a file all the same.
  await onDisk(path, () => appendFile(path, ''));
}

/** An answer that brings nothing, in the standard's words for its status and not in those that came. */
function refusal(status: number): DownloadFailure {
  return new DownloadFailure(
    `the server answered HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(),
    true,
  );
}

function asFailure(error: unknown, { cut }: Attempts, stallTimeout: number): unknown {
  if (error instanceof DownloadFailure || error instanceof AdvError) return error;
  const { statusCode } = error as UndiciError;
  if (statusCode !== undefined && temporaryStatuses.includes(statusCode)) return refusal(statusCode);
  const stalled = /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/;
  const reasonOf = (failure: UndiciError): string =>
    stalled.test(failure.code ?? '') ? `no byte came for ${stallTimeout / 1000} s` : networkReason(failure);
  return cut !== undefined && statusCode !== undefined
    ? new Misfit(`${reasonOf(cut)}, and the server cannot go on from there`, { cause: error })
    : new DownloadFailure(reasonOf(error as UndiciError), false, { cause: error });
}
