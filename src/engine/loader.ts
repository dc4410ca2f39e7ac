import { createRequire } from 'node:module';
import { AdvError } from '../base/errors.js';
import { packageRoot } from '../base/package.js';
import type { NativeAddon } from './addon.js';
import { buildHint } from './build-hint.js';

/** The part of pkg-prebuilds that is used: it looks in build/ first and in prebuilds/ then. */
interface PrebuildLoader {
  (root: string, options: unknown): unknown;
  resolve(root: string, options: unknown, verifyPrebuild: boolean, throwOnMissing: boolean): string | null;
}

let loaded: NativeAddon | undefined;

/**
 * The native addon, loaded on the first call. A local build (build/Release) wins over a prebuilt binary.
 *
 * @param root folder of the package; only tests name another than their own
 * @throws AdvError NATIVE that lists what was tried and what to do
 */
export function loadAddon(root: string = packageRoot): NativeAddon {
  if (root !== packageRoot) return loadFrom(root);
  loaded ??= loadFrom(root);
  return loaded;
}

function loadFrom(root: string): NativeAddon {
  const require = createRequire(import.meta.url);
  const prebuilds = require('pkg-prebuilds') as PrebuildLoader;
  const options: unknown = require('../../binding-options.cjs');
  let path: string | null = null;
  try {
    path = prebuilds.resolve(root, options, false, true);
    return prebuilds(root, options) as NativeAddon;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const what = path === null ? 'no native addon was found' : `the native addon ${path} could not be loaded`;
    const machine = `${process.platform} ${process.arch}, Node ${process.versions.node}`;
    throw new AdvError('NATIVE', `${what} (${machine}). ${reason}`, buildHint(root), { cause: error });
  }
}
