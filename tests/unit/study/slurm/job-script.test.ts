import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { checkReproduceOptions } from '../../../../src/study/make-plan.js';
import { jobScript } from '../../../../src/study/slurm/job-script.js';
import { FakeSlurm } from './support.js';

const usual = {
  folder: '/shared/my study',
  tasks: 4,
  threads: 2,
  options: [],
  args: ['babi-6', '--offline'],
};

it('asks for an array that is requeued, and is warned before its time limit', () => {
  const options = ['--partition=long', "--comment=Anna's study"];
  const lines = jobScript({ ...usual, options, folder: '/shared/100 %' }).split('\n');
  expect(lines[0]).toBe('#!/bin/bash');
  expect(lines.filter((line) => line.startsWith('#SBATCH'))).toEqual([
    '#SBATCH --job-name=advnative',
    '#SBATCH --array=1-4',
    '#SBATCH --cpus-per-task=2',
    "#SBATCH '--output=/shared/100 %%/slurm/%A_%a.log'",
    '#SBATCH --open-mode=append',
    '#SBATCH --requeue',
    '#SBATCH --signal=B:USR1@120',
    '#SBATCH --partition=long',
    String.raw`#SBATCH '--comment=Anna'\''s study'`,
  ]);
  const command = `cli/main.js reproduce babi-6 --offline --out '/shared/100 %' --threads 2 &`;
  expect(lines.find((line) => line.endsWith('&'))).toContain(command);
});

/** How a task ends whose worker is this JavaScript, `seconds` after the script began; it gets a signal when the worker says something. */
async function task(
  worker: string,
  seconds: number,
  signal?: NodeJS.Signals,
): Promise<{ readonly code: number | null; readonly told: string[]; readonly stderr: string }> {
  const slurm = await FakeSlurm.onPath();
  const script = jobScript(usual).replace(/^.*main\.js.*$/mu, `SECONDS=${seconds}\n"$NODE" -e "$WORKER" &`);
  const env = { ...process.env, SLURM_JOB_ID: '43', NODE: process.execPath, WORKER: worker };
  const child = spawn('bash', ['-c', script], { env });
  let stderr = '';
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  child.stdout.once('data', () => {
    if (signal !== undefined) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, told: await slurm.told(), stderr };
}

/** Says that it is there and ends with 143 a little after SIGTERM, as a worker that saves its run. */
const saving =
  'process.on("SIGTERM", () => setTimeout(() => process.exit(143), 200)); setTimeout(() => {}, 20000); console.log("here")';

it('goes back into the queue near the time limit, when the worker has saved its run', async () => {
  const ended = await task(saving, 100, 'SIGUSR1');
  expect(ended).toMatchObject({ code: 143, told: ['scontrol requeue 43'] });
  expect(ended.stderr).toContain('goes back into the queue');
});

it('does not where it had time to do nothing but begin', async () => {
  const ended = await task(saving, 0, 'SIGUSR1');
  expect(ended).toMatchObject({ code: 143, told: [] });
  expect(ended.stderr).toContain('error: the time limit is too short');
});

it('leaves it to Slurm at SIGTERM', async () => {
  expect(await task(saving, 100, 'SIGTERM')).toMatchObject({ code: 143, told: [] });
});

it.each([0, 1, 143])('ends as its worker ends: %d', async (code) => {
  expect(await task(`process.exit(${code})`, 100)).toMatchObject({ code, told: [] });
});

it('ends as a worker that had just finished when the signal came', async () => {
  const finishing =
    'process.on("SIGTERM", () => process.exit(0)); setTimeout(() => {}, 20000); console.log("here")';
  expect(await task(finishing, 100, 'SIGUSR1')).toMatchObject({ code: 0, told: [] });
});

it('takes options of sbatch that it does not set itself', () => {
  const check =
    (slurm: unknown, more: object = {}) =>
    () => {
      checkReproduceOptions({ launcher: 'slurm', slurm: slurm as string[], ...more });
    };
  expect(check(['--partition=long', '--exclusive', '--mail-user=a@b.c'])).not.toThrow();
  for (const wrong of ['-p long', 'long', '--partition long', '--', '--comment=a\n#SBATCH --array=1-9', '']) {
    expect(check([wrong])).toThrow(/--slurm: expected options of sbatch as --name=value or --name/);
  }
  expect(check(['--array=1-9'])).toThrow(/without --array/);
  expect(check([])).toThrow(/--slurm: expected/);
  expect(check(['--exclusive'], { launcher: undefined })).toThrow(
    '--slurm expects --launcher slurm, got none',
  );
  expect(check(['--exclusive'], { shard: '1/2' })).toThrow('--shard cannot be combined with --launcher');
  expect(check(undefined, { launcher: 'pbs' })).toThrow(/--launcher: expected 'slurm', got 'pbs'/);
});
