import { isMainThread } from 'node:worker_threads';
import { AdvError } from '../base/errors.js';

/** What ONNX Runtime asks, once and when it starts, whether it may queue and send what it learns of models. */
const variable = 'ORT_DISABLE_TELEMETRY';

/** How long the main thread may take to answer, in milliseconds: it may be busy in a call of its own. */
const patience = 10_000;

/**
 * Turns the telemetry of ONNX Runtime off in this process, whatever its environment says of it. To be called before the runtime
 * starts; later it has no effect.
 *
 * The environment of a worker thread is a copy, which native code does not see, so there the main thread is asked to do it.
 *
 * @throws AdvError MODEL in a worker whose main thread cannot be asked, unless the process was started with it turned off
 */
export async function turnTelemetryOff(): Promise<void> {
  const inherited = process.env[variable];
  if (!isMainThread) {
    await setInMainThread().catch((error: unknown) => {
      // Where it can be asked, it is: the copy may say what whoever made the worker wrote into it.
      if (inherited !== '1') throw notTurnedOff(error);
    });
  }
  process.env[variable] = '1';
}

function notTurnedOff(error: unknown): AdvError {
  return new AdvError(
    'MODEL',
    `the telemetry of ONNX Runtime cannot be turned off from this worker thread: ${error instanceof Error ? error.message : String(error)}`,
    `Start the process with ${variable}=1 in its environment.`,
    { cause: error },
  );
}

/** Sets the variable where native code looks for it, by the debugging protocol: no port is opened. */
async function setInMainThread(): Promise<void> {
  // Not every Node has it.
  const { Session } = await import('node:inspector');
  const session = new Session();
  session.connectToMainThread();
  try {
    await new Promise<void>((done, fail) => {
      // A session alone does not keep the worker from ending; the timer does.
      const timer = setTimeout(() => {
        fail(new Error(`the main thread has not answered for ${patience / 1000} seconds`));
      }, patience);
      const expression = `globalThis.process.env.${variable} = '1'`;
      session.post('Runtime.evaluate', { expression, silent: true }, (error, answer) => {
        clearTimeout(timer);
        if (error !== null) fail(error);
        else if (answer.exceptionDetails !== undefined) fail(new Error(answer.exceptionDetails.text));
        else done();
      });
    });
  } finally {
    session.disconnect();
  }
}
