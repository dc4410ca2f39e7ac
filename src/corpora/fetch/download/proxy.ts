import { FailedAttempt } from './failure.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What addresses are of: each kind has its own proxy. */
export type Scheme = 'http' | 'https';

/** A proxy of http or https. */
export interface Proxy {
  /** Without user and password. */
  readonly url: string;
  /** What the proxy's Proxy-Authorization wants, where the environment has a user or a password. */
  readonly authorization: string | undefined;
}

/** A variable of the environment, and what it holds. */
interface Setting {
  readonly variable: string;
  readonly value: string;
}

/**
 * The proxy that the environment names for addresses of a scheme: `http_proxy` or `https_proxy`, else `all_proxy`, each in small letters
 * or else in capitals. Without a scheme of its own a proxy is an http one.
 *
 * @throws FailedAttempt when the variable holds no URL of an http or https proxy; its value, which may hold a password, is not told
 */
export function proxyFor(scheme: Scheme, environment: Environment): Proxy | undefined {
  const setting = proxySetting(scheme, environment);
  if (setting === undefined) return undefined;
  const proxy = parse(setting.value);
  if (proxy !== undefined) return proxy;
  throw new FailedAttempt(
    `the variable ${setting.variable}: expected the URL of an http or https proxy, got something else`,
    false,
  );
}

/** The hosts that are asked without a proxy, as `no_proxy` lists them. */
export function hostsWithoutProxy(environment: Environment): string {
  return settingOf(['no_proxy'], environment)?.value ?? '';
}

/** A line for the hint of a download that failed; none where no proxy is named. Never the proxy itself: it may hold a password. */
export function proxyHint(environment: Environment = process.env): string[] {
  const settings = [proxySetting('https', environment), proxySetting('http', environment)];
  const variables = [...new Set(settings.flatMap((setting) => setting?.variable ?? []))];
  if (variables.length === 0) return [];
  const name = variables.length === 1 ? 'names a proxy' : 'name proxies';
  return [`${variables.join(' and ')} ${name}; no_proxy lists the hosts that are asked without one.`];
}

function proxySetting(scheme: Scheme, environment: Environment): Setting | undefined {
  return settingOf([`${scheme}_proxy`, 'all_proxy'], environment);
}

/** The first of the variables that is set. */
function settingOf(names: readonly string[], environment: Environment): Setting | undefined {
  for (const variable of names.flatMap((name) => [name, name.toUpperCase()])) {
    const value = environment[variable];
    if (value) return { variable, value };
  }
  return undefined;
}

function parse(value: string): Proxy | undefined {
  const written = value.includes('://') ? value : `http://${value}`;
  if (!URL.canParse(written)) return undefined;
  const { protocol, origin, username, password, pathname, search, hash } = new URL(written);
  if (!/^https?:$/.test(protocol) || pathname !== '/' || search !== '' || hash !== '') return undefined;
  if (username === '' && password === '') return { url: origin, authorization: undefined };
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { url: origin, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  } catch {
    return undefined;
  }
}
