import { DownloadFailure } from './failure.js';

/** What is used of it: TypeScript has its types with those of browsers alone. */
declare const WebAssembly: { readonly Memory: new (pages: { initial: number }) => unknown };

/**
 * Makes sure that undici can read an answer: its parser is WebAssembly, whose every memory reserves gigabytes of addresses in
 * Node before 24. Where they are refused, as under `ulimit -v`, Node itself would end the process.
 *
 * @throws DownloadFailure with what to do
 */
export function requireAddressSpace(): void {
  try {
    new WebAssembly.Memory({ initial: 1 });
  } catch (error) {
    throw new DownloadFailure(
      'this process may not reserve the 10 GiB of addresses that a connection takes; ' +
        'raise ulimit -v, or set NODE_OPTIONS=--disable-wasm-trap-handler',
      false,
      { cause: error },
    );
  }
}
