import { FailedAttempt } from './failure.js';

/** What is used of it: TypeScript has its types with those of browsers alone. */
declare const WebAssembly: { readonly Memory: new (pages: { initial: number }) => unknown };

/**
 * Makes sure that Node's HTTP client can start: it is WebAssembly, whose every memory reserves gigabytes of addresses in Node
 * before 24. Where they are refused, as under `ulimit -v`, Node itself would end the process.
 *
 * @throws FailedAttempt with what to do
 */
export function requireAddressSpace(): void {
  try {
    new WebAssembly.Memory({ initial: 1 });
  } catch (error) {
    throw new FailedAttempt(
      'this process may not reserve the 10 GiB of addresses that a connection takes; ' +
        'raise ulimit -v, or set NODE_OPTIONS=--disable-wasm-trap-handler',
      false,
      { cause: error },
    );
  }
}
