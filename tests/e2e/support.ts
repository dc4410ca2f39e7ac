import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { RunRecord } from '../../src/training/run-record.js';
import type { SchedulePosition } from '../../src/training/schedule-state.js';
import { readTensorFile } from '../../src/training/safetensors.js';

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
    const env = { ...process.env, ...places, ...environment };
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
      await new Promise((resume) => setTimeout(resume, 5));
    }
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

/** The error object that a failed command prints with --json. */
export function errorOf(outcome: Outcome): { code: string; message: string; hint?: string } {
  return (JSON.parse(outcome.stdout) as { error: { code: string; message: string; hint?: string } }).error;
}
