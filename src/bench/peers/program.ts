import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How to start a program. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Starts a program as the leader of a process group of its own, so that what it starts, such as the passes of a
 * compiler, can be killed with it.
 */
function start({ command, args, environment }: Launch): ChildProcessWithoutNullStreams {
  return spawn(command, args, { env: environment, detached: true });
}

/** Kills a program and what it started. Does nothing where it has ended or was never there. */
function killGroup({ pid, exitCode, signalCode }: ChildProcessWithoutNullStreams): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(-pid, 'SIGKILL');
}

/** Kills a program when the signal fires and when this process exits; the returned function ends that. */
function killOn(child: ChildProcessWithoutNullStreams, signal: AbortSignal | undefined): () => void {
  const kill = (): void => {
    killGroup(child);
  };
  signal?.addEventListener('abort', kill, { once: true });
  process.once('exit', kill);
  if (signal?.aborted) kill();
  return () => {
    signal?.removeEventListener('abort', kill);
    process.off('exit', kill);
  };
}

/** Characters of a program's last words that are kept. */
const wordsKept = 2000;

/**
 * A program of bench/ that answers requests with JSON lines. It ends with its input, so that it never outlives this
 * process; the signal, stop() and this process's exit kill it.
 */
export class PeerProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;
  readonly #release: () => void;
  #lastWords = '';

  constructor(launch: Launch, signal?: AbortSignal) {
    this.#child = start(launch);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-wordsKept);
    });
    // Writing to a program that has ended fails here; that it ended is reported where its answer is missed.
    this.#child.stdin.on('error', () => undefined);
    this.#child.on('error', (error) => {
      this.#lastWords = error.message;
    });
    this.#ended = once(this.#child, 'close').catch(() => undefined);
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#release = killOn(this.#child, signal);
  }

  /**
   * The next answer, as the program printed it.
   *
   * @throws Error with the program's last words when it ends instead
   */
  async answer(): Promise<unknown> {
    const next = await this.#answers.next();
    if (next.done !== true) return parseAnswer(next.value);
    await this.#ended;
    throw new Error(lastLine(this.#lastWords) ?? `${this.#child.spawnfile} ended without an answer`);
  }

  /** Asks for one more answer. */
  async ask(): Promise<unknown> {
    this.#child.stdin.write('step\n');
    return await this.answer();
  }

  /** Kills the program and waits until it is gone. */
  async stop(): Promise<void> {
    this.#release();
    killGroup(this.#child);
    await this.#ended;
  }
}

function parseAnswer(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`expected an answer in JSON, got '${line.slice(0, 200)}'`);
  }
}

/** What a program says last is what went wrong: a traceback ends with its exception. */
export function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .at(-1);
}

/** How a program ended. */
export interface ProgramEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/**
 * Runs a program until it ends, however it does.
 *
 * @param onErrors receives what it writes to standard error, as it comes
 * @throws Error when it cannot be started
 */
export async function endOfProgram(
  launch: Launch,
  signal?: AbortSignal,
  onErrors?: (text: string) => void,
): Promise<ProgramEnd> {
  const child = start(launch);
  const release = killOn(child, signal);
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
    onErrors?.(text);
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output, errors };
  } finally {
    release();
  }
}

/**
 * Runs a program that is to succeed.
 *
 * @returns its standard output
 * @throws Error with its standard error when it fails or cannot be started
 */
export async function runProgram(launch: Launch, signal?: AbortSignal): Promise<string> {
  const { code, output, errors } = await endOfProgram(launch, signal);
  if (code !== 0) throw new Error(errors.trim() || `${launch.command} failed`);
  return output;
}
