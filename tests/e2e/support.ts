import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';
import type { RunRecord } from '../../src/training/run-record.js';
import type { SchedulePosition } from '../../src/training/schedule-state.js';
import { readTensorFile } from '../../src/training/safetensors.js';
import { put } from '../unit/support.js';

/** The command line as npm installs it: `npm run build:ts` makes it. */
export const mainScript = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How a command ended. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that is removed when the tests of the file are over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'advnative-e2e-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A table of texts and labels that one word tells apart: half of the films are bad, half are good. */
export function films(count: number): string {
  return Array.from({ length: count }, (_, n) =>
    n % 2 ? `good film ${n}\tpos\n` : `bad film ${n}\tneg\n`,
  ).join('');
}

/** The code of a dataset with the classes a and b, and what it does to give examples. */
export function datasetOf(examples: string): string {
  const facts = `name: 'own', description: 'one', labels: ['a', 'b'], licence: 'none', citation: 'none'`;
  return `export default { ${facts}, async *examples() { ${examples} } };`;
}

/** A command that runs. */
export class Command {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  #stderr = '';
  #stdout = '';

  /** @param args program and arguments */
  constructor(folder: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const [program = '', ...rest] = args;
    const places = { ADVNATIVE_DATA: undefined, ADVNATIVE_CACHE: join(folder, 'cache') };
    // Whoever runs the tests under nohup: what they start is not to know.
    const env = { ...process.env, ...places, _: undefined, ...environment };
    this.child = spawn(program, rest, { cwd: folder, env });
    this.child.stdout?.on('data', (part: Buffer) => (this.#stdout += part.toString()));
    this.child.stderr?.on('data', (part: Buffer) => (this.#stderr += part.toString()));
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code) => {
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  /** Waits until standard error holds a text. */
  async saying(text: string): Promise<void> {
    while (!this.#stderr.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`ended without saying '${text}': ${this.#stderr}`);
      await setTimeout(5);
    }
  }

  /** Sends a signal once standard error holds a text, or some milliseconds later, and waits for the end. */
  async stopped(signal: NodeJS.Signals, text: string, later = 0): Promise<Outcome> {
    await this.saying(text);
    if (later > 0) await setTimeout(later);
    this.child.kill(signal);
    return this.ended;
  }
}

/** The command line of advnative in a folder. */
export class Workplace {
  constructor(readonly folder: string) {}

  start(...args: readonly string[]): Command {
    return this.startIn({}, ...args);
  }

  /** Starts with more environment variables. */
  startIn(environment: NodeJS.ProcessEnv, ...args: readonly string[]): Command {
    return new Command(this.folder, [process.execPath, mainScript, ...args], environment);
  }

  async run(...args: readonly string[]): Promise<Outcome> {
    return this.start(...args).ended;
  }

  /** Runs with standard input. */
  async pipe(input: string | Uint8Array, ...args: readonly string[]): Promise<Outcome> {
    const command = this.start(...args);
    command.child.stdin?.end(input);
    return command.ended;
  }

  /** Runs a command that must succeed with --json and say nothing on standard error, and returns its object. */
  async json<Result>(...args: readonly string[]): Promise<Result> {
    const quiet = ['train', 'evaluate', 'export', 'bench'].includes(args[0] ?? '') ? ['--quiet'] : [];
    const { code, stdout, stderr } = await this.run(...args, '--json', ...quiet);
    if (code !== 0 || stderr !== '') throw new Error(`exit code ${String(code)}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as Result;
  }

  /** Runs a line of bash in which `"$0" "$@"` is the command line with these arguments. */
  async shell(line: string, ...args: readonly string[]): Promise<Outcome> {
    return new Command(this.folder, ['bash', '-c', line, process.execPath, mainScript, ...args]).ended;
  }

  /** Writes a file and returns its name. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    await put(this.folder, name, content);
    return name;
  }

  async text(...parts: readonly string[]): Promise<string> {
    return readFile(join(this.folder, ...parts), 'utf8');
  }

  async record(run: string): Promise<RunRecord> {
    return JSON.parse(await this.text(run, 'run.json')) as RunRecord;
  }

  /** Where the last checkpoint of a run stands. */
  async position(run: string): Promise<SchedulePosition> {
    const { document } = await readTensorFile(join(this.folder, run, 'checkpoint', 'last.safetensors'));
    return (document as { position: SchedulePosition }).position;
  }
}

/** The objects that `predict --json` printed, a line each. */
export function jsonLines<Result>(stdout: string): Result[] {
  if (!stdout.endsWith('\n')) throw new Error(`expected whole lines, got: ${stdout}`);
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Result);
}

/** An error as --json prints it. */
export interface PrintedError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** The error object that a failed command prints with --json. */
export function errorOf(outcome: Outcome): PrintedError {
  return (JSON.parse(outcome.stdout) as { error: PrintedError }).error;
}

/** Expects that a command that was run with --json failed, with this exit code and an error like this, which it returns. */
export function expectError(
  outcome: Outcome,
  exitCode: number,
  code: string,
  message = /^/,
  hint = /^/,
): PrintedError {
  const error = errorOf(outcome);
  expect({ exitCode: outcome.code, hint: '', ...error }).toMatchObject({
    exitCode,
    code,
    message: expect.stringMatching(message) as string,
    hint: expect.stringMatching(hint) as string,
  });
  return error;
}
