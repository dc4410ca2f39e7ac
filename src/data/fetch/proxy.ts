const variables = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];

/**
 * What to know where a download failed and the environment names a proxy, which Node's fetch does not ask.
 *
 * @returns a line for a hint; none where no proxy is named. Never the proxy itself: it may hold a password
 */
export function proxyHint(environment: NodeJS.ProcessEnv = process.env): string[] {
  const set = variables.flatMap((name) => [name, name.toLowerCase()]).filter((name) => environment[name]);
  if (set.length === 0) return [];
  return [`${set.join(' and ')} is set, but fetching here asks no proxy; curl in the steps below does.`];
}
