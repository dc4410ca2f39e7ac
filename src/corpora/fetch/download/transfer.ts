import type { FileHandle } from 'node:fs/promises';
import type { Response } from 'undici';
import { requireAddressSpace } from './address-space.js';
import type { Connections } from './connections.js';
import {
  FailedAttempt,
  isUnknownHost,
  networkReason,
  onDisk,
  refusal,
  StorageFailure,
  Unreachable,
} from './failure.js';
import type { PartFile, ResumePoint } from './part-file.js';

/** One attempt to complete a part file. */
export interface Transfer {
  readonly url: string;
  readonly part: PartFile;
  /** Milliseconds without a byte after which the attempt fails. */
  readonly stallTimeout: number;
  /** Milliseconds in which a KiB a second must come on average, else the attempt fails. */
  readonly rateWindow: number;
  /** Most bytes that may come. */
  readonly mostBytes: number;
  /** Whether a redirect may lead from https to http: right where a checksum vouches for what comes. */
  readonly checked: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onBytes: (receivedBytes: number, totalBytes: number | undefined) => void;
}

/** A body that is about to be written: the file it goes to, the bytes already there, and the size at the end. */
interface Opened {
  readonly handle: FileHandle;
  readonly offset: number;
  readonly total: number | undefined;
}

/**
 * Downloads into a part file, going on where an earlier attempt stopped when the server still has the same content
 * (RFC 9110: Range with If-Range), else from the start; through the proxy that the environment names. Ends with all bytes on the disk.
 *
 * @returns whether bytes of an earlier attempt were used
 * @throws FailedAttempt for the network or the server, StorageFailure for the disk; the bytes so far stay
 */
export async function transfer(request: Transfer): Promise<boolean> {
  const stall = new StallTimer(request.stallTimeout, request.rateWindow);
  const signals = [stall.signal, ...(request.signal ? [request.signal] : [])];
  let answered = false;
  let connections: Connections | undefined;
  try {
    const resume = await request.part.resumePoint(request.url);
    if (resume !== undefined && resume.offset === resume.total) {
      request.onBytes(resume.offset, resume.total);
      return true;
    }
    requireAddressSpace();
    // Not at the top: it takes a tenth of a second, and most commands download nothing.
    const [{ Connections }, { fetchFollowing }] = await Promise.all([
      import('./connections.js'),
      import('./redirects.js'),
    ]);
    connections = new Connections();
    const response = await fetchFollowing(request.url, connections, request.checked, {
      headers: requestHeaders(resume),
      signal: AbortSignal.any(signals),
    });
    answered = true;
    stall.restart();
    stall.watchRate();
    const opened = await openPart(request, response, resume);
    await receive(request, response, opened, stall);
    return opened.offset > 0;
  } catch (error) {
    if (error instanceof FailedAttempt || error instanceof StorageFailure) throw error;
    if (error instanceof Error && error.cause instanceof FailedAttempt) throw error.cause;
    const reason = stall.signal.aborted ? String(stall.signal.reason) : networkReason(error);
    const Failure = answered ? FailedAttempt : Unreachable;
    throw new Failure(reason, !isUnknownHost(error), { cause: error });
  } finally {
    stall.end();
    await connections?.end();
  }
}

/** Compressed bodies are refused: ranges and lengths would count other bytes than those of the file. */
function requestHeaders(resume: ResumePoint | undefined): Record<string, string> {
  const plain = { 'accept-encoding': 'identity' };
  if (resume === undefined) return plain;
  return { ...plain, range: `bytes=${resume.offset}-`, 'if-range': resume.entityTag };
}

async function openPart(
  { url, part, mostBytes }: Transfer,
  response: Response,
  resume: ResumePoint | undefined,
): Promise<Opened> {
  const { status, headers } = response;
  if (status === 206 && resume !== undefined) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
    if (Number(start) === resume.offset) {
      return { handle: await part.goOn(), offset: resume.offset, total: Number(total) };
    }
  }
  if (status === 206 || status === 416) {
    await part.discard();
    throw new FailedAttempt(
      `the server cannot go on from byte ${resume?.offset ?? 0} (HTTP ${status})`,
      true,
    );
  }
  if (status !== 200) {
    const temporary = status >= 500 || status === 408 || status === 429;
    throw refusal('the server', status, temporary);
  }
  const length = headers.get('content-length');
  // Where a server encodes all the same, lengths and ranges count other bytes than those that are written here.
  const encoded = (headers.get('content-encoding') ?? 'identity') !== 'identity';
  const total = length === null || encoded ? undefined : Number(length);
  if (total !== undefined && total > mostBytes) throw tooMuch(mostBytes);
  const handle = await part.startAgain(url, encoded ? null : headers.get('etag'), total);
  return { handle, offset: 0, total };
}

function tooMuch(mostBytes: number): FailedAttempt {
  return new FailedAttempt(`expected at most ${mostBytes} bytes, got more`, false);
}

async function receive(
  { part, onBytes, mostBytes }: Transfer,
  { body }: Response,
  { handle, offset, total }: Opened,
  stall: StallTimer,
): Promise<void> {
  let received = offset;
  try {
    onBytes(received, total);
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      stall.restart();
      stall.count(chunk.length);
      received += chunk.length;
      if (received > mostBytes) break;
      await onDisk(part.path, () => handle.appendFile(chunk));
      onBytes(received, total);
    }
    await onDisk(part.path, () => handle.sync());
  } finally {
    await onDisk(part.path, () => handle.close());
  }
  if (received > mostBytes) {
    await part.discard();
    throw tooMuch(mostBytes);
  }
  if (total !== undefined && received !== total) {
    throw new FailedAttempt(`expected ${total} bytes, got ${received}`, true);
  }
}

/** Least bytes a second, on average over a window. */
const leastRate = 1024;

/** Aborts its signal when it has not been restarted for a while, or when too few bytes come; the reason says which. */
class StallTimer {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #rateWindow: number;
  #rateTimer: NodeJS.Timeout | undefined;
  #bytes = 0;

  constructor(milliseconds: number, rateWindow: number) {
    this.#rateWindow = rateWindow;
    this.#timer = setTimeout(() => {
      this.#controller.abort(`no byte came for ${milliseconds / 1000} s`);
    }, milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    this.#timer.refresh();
  }

  /** From now on enough bytes must come. */
  watchRate(): void {
    const seconds = this.#rateWindow / 1000;
    this.#rateTimer = setInterval(() => {
      if (this.#bytes < leastRate * seconds) {
        this.#controller.abort(`only ${this.#bytes} bytes came in ${seconds} s`);
      }
      this.#bytes = 0;
    }, this.#rateWindow);
  }

  count(bytes: number): void {
    this.#bytes += bytes;
  }

  /** No more waiting; a response that was not read to its end is let go. */
  end(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#rateTimer);
    this.#controller.abort();
  }
}
