import type { Dispatcher } from 'undici';
import { FailedAttempt } from './failure.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A variable of the environment, and what it holds. */
interface Setting {
  readonly variable: string;
  readonly value: string;
}

/**
 * What connects to servers, through the proxy that the environment names: `http_proxy` for http addresses, `https_proxy` for https,
 * `all_proxy` for either, `no_proxy` for hosts that are asked directly; in capitals too, where the small ones are not set. Without
 * `https_proxy` and `all_proxy`, `http_proxy` counts for https addresses as well. http addresses are asked of an http proxy as they are,
 * for many proxies let tunnels lead to port 443 alone.
 *
 * @throws FailedAttempt when a variable holds no URL of an http or https proxy; its value, which may hold a password, is not told
 */
export async function openDispatcher(environment: Environment = process.env): Promise<Dispatcher> {
  const proxies = {
    httpProxy: urlOf(proxyFor('http', environment)),
    httpsProxy: urlOf(proxyFor('https', environment)),
    noProxy: settingOf(['no_proxy'], environment)?.value ?? '',
  };
  const { EnvHttpProxyAgent } = await import('undici');
  return new EnvHttpProxyAgent({ ...proxies, proxyTunnel: false });
}

/** A line for the hint of a download that failed; none where no proxy is named. Never the proxy itself: it may hold a password. */
export function proxyHint(environment: Environment = process.env): string[] {
  const named = [proxyFor('https', environment), proxyFor('http', environment)];
  const variables = new Set(named.flatMap((proxy) => proxy?.variable ?? []));
  if (variables.size === 0) return [];
  return [
    `Asked through the proxy that ${[...variables].join(' and ')} names; NO_PROXY lists hosts to ask directly.`,
  ];
}

function proxyFor(scheme: 'http' | 'https', environment: Environment): Setting | undefined {
  return settingOf([`${scheme}_proxy`, 'all_proxy'], environment);
}

/** The first of the variables that is set, in small letters or else in capitals. */
function settingOf(names: readonly string[], environment: Environment): Setting | undefined {
  for (const variable of names.flatMap((name) => [name, name.toUpperCase()])) {
    const value = environment[variable];
    if (value) return { variable, value };
  }
  return undefined;
}

/** Empty where there is no proxy; as in curl, a proxy without a scheme is an http one. */
function urlOf(proxy: Setting | undefined): string {
  if (proxy === undefined) return '';
  const url = proxy.value.includes('://') ? proxy.value : `http://${proxy.value}`;
  if (/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) return url;
  throw new FailedAttempt(
    `the variable ${proxy.variable}: expected the URL of an http or https proxy, got something else`,
    false,
  );
}
