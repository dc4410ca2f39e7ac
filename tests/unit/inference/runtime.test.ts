import { expect, it } from 'vitest';
import { findRuntime } from '../../../src/inference/runtime.js';

/** What Node throws when an import fails. */
function importError(code: string, message: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(message), { code }));
}

it('finds the package that the tests run with', async () => {
  expect(await findRuntime()).toHaveProperty('InferenceSession');
});

it('knows what Node says of a package that is not installed', async () => {
  const missing = 'advnative-package-that-is-nowhere';
  const error: unknown = await import(/* @vite-ignore */ missing).catch((reason: unknown) => reason);
  const message = (error as Error).message.replace(missing, 'onnxruntime-node');
  // vitest resolves imports in its own words; the code and Node's wording are what the next test relies on.
  expect(message).toContain("package 'onnxruntime-node'");
  expect(error).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
});

it('is undefined when the package is not installed', async () => {
  const message = "Cannot find package 'onnxruntime-node' imported from /app/runtime.js";
  expect(await findRuntime(importError('ERR_MODULE_NOT_FOUND', message))).toBeUndefined();
});

it.each([
  ['ERR_MODULE_NOT_FOUND', "Cannot find package 'onnxruntime-common' imported from /app/index.js"],
  ['MODULE_NOT_FOUND', "Cannot find module '../bin/napi-v6/linux/x64/onnxruntime_binding.node'"],
  ['ERR_DLOPEN_FAILED', 'libonnxruntime.so.1: cannot open shared object file'],
])('gives the reason when it is installed and broken (%s)', async (code, message) => {
  await expect(findRuntime(importError(code, message))).rejects.toMatchObject({
    code: 'MODEL',
    message: `onnxruntime-node is installed but does not load: ${message}`,
    cause: { code },
  });
});
