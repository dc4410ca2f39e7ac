import { createServer, Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { onTestFinished } from 'vitest';
import type { DownloadProgress } from '../../../../src/base/events.js';

export interface SeenRequest {
  readonly path: string | undefined;
  readonly range: string | undefined;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Lets a server listen on 127.0.0.1 until the test is over, and tells its port. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    if (server instanceof HttpServer) server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server on 127.0.0.1 that gives its answers in turn, the last one again and again, and notes what it was asked. */
export async function serve(...answers: readonly Answer[]): Promise<{ url: string; seen: SeenRequest[] }> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url, range: request.headers.range });
    answers[Math.min(seen.length, answers.length) - 1]?.(request, response);
  });
  return { url: `http://127.0.0.1:${await listen(server)}/`, seen };
}

/** A URL on 127.0.0.1 where nothing listens. */
export async function unusedUrl(): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/`;
}

/** What a server has to give. */
export type Content = string | Uint8Array;

/** The whole content, with an entity tag. */
export function whole(content: Content, etag = '"1"'): Answer {
  const bytes = Buffer.from(content);
  return (_, response) => {
    response.writeHead(200, { etag, 'content-length': bytes.length }).end(bytes);
  };
}

/** What the request's range asks for; else the whole content. */
export function ranged(content: Content, etag = '"1"'): Answer {
  const bytes = Buffer.from(content);
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
    const { length } = bytes;
    if (Number.isNaN(start)) {
      whole(bytes, etag)(request, response);
      return;
    }
    if (start >= length) {
      status(416)(request, response);
      return;
    }
    response
      .writeHead(206, {
        etag,
        'content-length': length - start,
        'content-range': `bytes ${start}-${length - 1}/${length}`,
      })
      .end(bytes.subarray(start));
  };
}

/** What the client has written, as its progress reports tell: what is underway when a connection breaks is lost. */
export const client = {
  receivedBytes: 0,
  note: ({ receivedBytes }: DownloadProgress): void => {
    client.receivedBytes = receivedBytes;
  },
};

/** The first `count` bytes of the content; the connection breaks when the {@link client} has them. */
export function brokenAfter(count: number, content: Content, etag = '"1"'): Answer {
  const bytes = Buffer.from(content);
  return (_, response) => {
    response.writeHead(200, { etag, 'content-length': bytes.length });
    response.write(bytes.subarray(0, count), breakWhenTaken(response, count));
  };
}

/** Breaks a connection when the {@link client} has so many bytes, or has told of none for seconds. */
export function breakWhenTaken(response: ServerResponse, count: number): () => void {
  client.receivedBytes = 0;
  return () => {
    const started = performance.now();
    const timer = setInterval(() => {
      if (client.receivedBytes < count && performance.now() - started < 3_000) return;
      clearInterval(timer);
      response.destroy();
    }, 5);
  };
}

/** The first `count` bytes of the content, then nothing more. */
export function stalledAfter(count: number, content: Content, etag = '"1"'): Answer {
  const bytes = Buffer.from(content);
  return (_, response) => {
    response.writeHead(200, { etag, 'content-length': bytes.length });
    response.write(bytes.subarray(0, count));
  };
}

export function status(code: number): Answer {
  return (_, response) => {
    response.writeHead(code).end('an error page');
  };
}

/** Another place, to which the client goes by itself. */
export function redirect(location: string): Answer {
  return (_, response) => {
    response.writeHead(302, { location }).end();
  };
}

/** Answers by path; 404 for any other. */
export function byPath(answers: Readonly<Record<string, Answer>>): Answer {
  return (request, response) => {
    (answers[request.url ?? ''] ?? status(404))(request, response);
  };
}
