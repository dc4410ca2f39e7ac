import { fetch, type RequestInit, type Response } from 'undici';
import type { Connections } from './connections.js';
import { FailedAttempt } from './failure.js';

/** As many as the Fetch standard allows. */
const mostRedirects = 20;

/**
 * Fetches a URL and follows its redirects, to http and https alone.
 *
 * @param connections what connects to each of the servers
 * @param downgrade whether one may lead from https to http, where anybody on the way can change what comes
 * @throws FailedAttempt for redirects that another attempt would not change; what fetch throws
 */
export async function fetchFollowing(
  url: string,
  connections: Connections,
  downgrade: boolean,
  options: RequestInit,
): Promise<Response> {
  const seen = new Set<string>();
  for (let here = url; ;) {
    if (seen.has(here)) throw new FailedAttempt('a redirect leads in circles', false);
    if (seen.size > mostRedirects) throw new FailedAttempt(`more than ${mostRedirects} redirects`, false);
    seen.add(here);
    const response = await fetch(here, {
      ...options,
      dispatcher: connections.to(here),
      redirect: 'manual',
    });
    const location = [301, 302, 303, 307, 308].includes(response.status)
      ? response.headers.get('location')
      : null;
    if (location === null) return response;
    await response.body?.cancel();
    here = nextOf(here, location, downgrade);
  }
}

function nextOf(from: string, location: string, downgrade: boolean): string {
  const next = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (next?.protocol !== 'http:' && next?.protocol !== 'https:') {
    throw new FailedAttempt('a redirect leads to no http or https URL', false);
  }
  if (!downgrade && new URL(from).protocol === 'https:' && next.protocol === 'http:') {
    throw new FailedAttempt(
      `a redirect leads from https to http (${next.host}), and no checksum of the file is known to trust that`,
      false,
    );
  }
  return next.href;
}
