import { Agent, EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici';
import { isUnknownHost, networkReason, refusal, Unreachable } from './failure.js';
import { hostsWithoutProxy, proxyFor, type Proxy, type Scheme } from './proxy.js';

type ConnectOptions = Parameters<Pool['connect']>[0];

/** Connections to the servers of a download, through the proxies that the environment names. */
export class Connections {
  readonly #dispatchers = new Map<Scheme, Dispatcher>();

  /**
   * What connects to the server of an http or https address.
   *
   * @throws FailedAttempt when the environment names an impossible proxy for it
   */
  to(url: string): Dispatcher {
    const scheme = url.startsWith('https:') ? 'https' : 'http';
    const open = this.#dispatchers.get(scheme);
    if (open !== undefined) return open;
    const proxy = proxyFor(scheme, process.env);
    const dispatcher = proxy === undefined ? new Agent() : behind(proxy);
    this.#dispatchers.set(scheme, dispatcher);
    return dispatcher;
  }

  /** Ends all connections at once. */
  async end(): Promise<void> {
    await Promise.all([...this.#dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
  }
}

/** http addresses are asked of an http proxy as they are: many proxies let tunnels lead to port 443 alone. */
function behind({ url, authorization }: Proxy): Dispatcher {
  return new EnvHttpProxyAgent({
    httpProxy: url,
    httpsProxy: url,
    noProxy: hostsWithoutProxy(process.env),
    ...(authorization === undefined ? {} : { token: authorization }),
    proxyTunnel: false,
    clientFactory: openTunnels,
  });
}

/**
 * Tunnels through a proxy. An error of undici's own would be taken for that of a server which closed a connection kept alive, and the proxy
 * asked again without a pause and without an end.
 */
function openTunnels(proxy: URL, options: object): Dispatcher {
  const pool = new Pool(proxy, options);
  const connect = pool.connect.bind(pool);
  return Object.assign(pool, { connect: async (to: ConnectOptions) => openTunnel(connect(to)) });
}

async function openTunnel(connecting: Promise<Dispatcher.ConnectData>): Promise<Dispatcher.ConnectData> {
  const tunnel = await connecting.catch((error: unknown) => {
    const reason = `the proxy opened no way through: ${networkReason(error)}`;
    throw new Unreachable(reason, !isUnknownHost(error), { cause: error });
  });
  const { socket, statusCode } = tunnel;
  if (statusCode === 200) return tunnel;
  socket.on('error', () => undefined).destroy();
  throw refusal('the proxy', statusCode, statusCode >= 500);
}
