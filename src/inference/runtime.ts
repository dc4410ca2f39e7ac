import { AdvError } from '../base/errors.js';
import { errorCode } from '../base/system-error.js';
import { turnTelemetryOff } from './telemetry.js';

/** The part of onnxruntime-node that is used. */
export type OnnxRuntime = Pick<typeof import('onnxruntime-node'), 'InferenceSession' | 'Tensor'>;

/**
 * onnxruntime-node, an optional peer dependency that is loaded when it is first needed, with its telemetry turned off.
 *
 * @param importPackage imports the package; only tests give another one
 * @returns undefined when the package is not installed
 * @throws AdvError MODEL with the reason when it is installed but does not load, or its telemetry cannot be turned off
 */
export async function findRuntime(
  importPackage: () => Promise<OnnxRuntime> = () => import('onnxruntime-node'),
): Promise<OnnxRuntime | undefined> {
  await turnTelemetryOff();
  try {
    return await importPackage();
  } catch (error) {
    if (isNotInstalled(error)) return undefined;
    throw new AdvError(
      'MODEL',
      `onnxruntime-node is installed but does not load: ${error instanceof Error ? error.message : String(error)}`,
      `Install it again for this machine (${process.platform} ${process.arch}): npm install onnxruntime-node`,
      { cause: error },
    );
  }
}

/** True only when the package itself is absent: one of its own files or dependencies may be what was not found. */
function isNotInstalled(error: unknown): boolean {
  return errorCode(error) === 'ERR_MODULE_NOT_FOUND' && String(error).includes("package 'onnxruntime-node'");
}
