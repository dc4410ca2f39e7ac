/**
 * The proxies that the environment names: `http_proxy` and `https_proxy`, else `all_proxy`, each in small letters or else in
 * capitals. Without a scheme of its own a proxy is an http one.
 */
export function proxies(): { httpProxy?: string; httpsProxy?: string } {
  const [http, https] = [proxyOf('http'), proxyOf('https')];
  return { ...(http && { httpProxy: http }), ...(https && { httpsProxy: https }) };
}

/** The variables that name proxies. */
export function proxyVariables(): string[] {
  return [...new Set(['https', 'http'].flatMap((scheme) => variableOf(scheme) ?? []))];
}

/** A line for the hint of a fetch that failed; none where no proxy is named. Never the proxy itself: it may hold a password. */
export function proxyHint(): string[] {
  const variables = proxyVariables();
  if (variables.length === 0) return [];
  const name = variables.length === 1 ? 'names a proxy' : 'name proxies';
  return [`${variables.join(' and ')} ${name}; no_proxy lists the hosts that are asked without one.`];
}

function proxyOf(scheme: string): string | undefined {
  const value = process.env[variableOf(scheme) ?? ''];
  return value === undefined || value.includes('://') ? value : `http://${value}`;
}

function variableOf(scheme: string): string | undefined {
  const names = [`${scheme}_proxy`, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  return names.find((name) => process.env[name]);
}
