import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Command, mainScript, temporaryFolder, type Outcome } from './support.js';

const folder = await temporaryFolder();
const home = join(folder, 'home');
const temporary = join(folder, 'temporary');
const inference = new URL('../../dist/inference/inference.js', import.meta.url).href;

/** ONNX Runtime is silent where it finds one of these, and reads or writes elsewhere for the others. */
const unset = [
  ...['CI', 'TF_BUILD', 'GITHUB_ACTIONS', 'GITLAB_CI', 'CIRCLECI', 'TRAVIS', 'JENKINS_URL', 'BUILDKITE'],
  ...['CODEBUILD_BUILD_ID', 'TEAMCITY_VERSION', 'APPVEYOR', 'BITBUCKET_BUILD_NUMBER'],
  ...['SYSTEM_TEAMFOUNDATIONCOLLECTIONURI', 'ORT_RUNNING_UNIT_TESTS', 'ORT_DISABLE_TELEMETRY'],
  ...['XDG_CACHE_HOME', 'ADVNATIVE_CACHE'],
];

const surroundings: NodeJS.ProcessEnv = {
  ...Object.fromEntries(unset.map((name) => [name, undefined])),
  HOME: home,
  TMPDIR: temporary,
};

/** Runs a program as on a user's own machine, with an empty home. */
async function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Command(folder, args, { ...surroundings, ...environment }).ended;
}

/** Runs a program that must succeed and leave nothing at home or among the temporary files. */
async function expectNoTrace(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<void> {
  const { code, stderr } = await run(args, environment);
  expect(code, stderr).toBe(0);
  expect(await readdir(home, { recursive: true })).toEqual([]);
  expect(await readdir(temporary, { recursive: true })).toEqual([]);
}

const advnative = (...args: readonly string[]): string[] => [process.execPath, mainScript, ...args];
const own = '--train own.tsv --test test.tsv --preset paper --size small --epochs 1 --threads 1'.split(' ');

/** A service that classifies a text in a worker, and stays for some seconds. */
const service = `
  import { Worker, isMainThread, workerData } from 'node:worker_threads';
  const depth = isMainThread ? 0 : workerData;
  if (depth < Number(process.argv[2])) {
    new Worker(new URL(import.meta.url), { argv: process.argv.slice(2), workerData: depth + 1 });
  } else {
    const { load } = await import('${inference}');
    const classifier = await load('model.onnx');
    const [first] = await classifier.classify(['Zyxwortha was seen by Quillbeam']);
    console.log(first.label);
    await new Promise((resume) => setTimeout(resume, 1000 * Number(process.argv[3] ?? 0)));
  }`;

/** In the main thread, in a worker, and in a worker's worker. */
const depths = [0, 1, 2];

beforeAll(async () => {
  const lines = Array.from({ length: 80 }, (_, n) => `Zyxwortha${n} was seen by Quillbeam\tgroup-${n % 2}\n`);
  await writeFile(join(folder, 'own.tsv'), lines.slice(0, 60).join(''));
  await writeFile(join(folder, 'test.tsv'), lines.slice(60).join(''));
  await writeFile(join(folder, 'service.mjs'), service);
  expect((await run(advnative('train', ...own, '--out', 'run'))).code).toBe(0);
  expect((await run(advnative('export', 'run', '--out', 'model.onnx'))).code).toBe(0);
});

beforeEach(async () => {
  for (const place of [home, temporary]) {
    await rm(place, { recursive: true, force: true });
    await mkdir(place);
  }
});

describe('nothing is written below HOME', () => {
  it.each([
    ['train', '--offline', ...own, '--out', 'offline'],
    ['train', ...own, '--out', 'online'],
    ['train', '--limit', '100', '--preset', 'paper', '--size', 'small', '--epochs', '1', '--out', 'built-in'],
    ['export', 'run', '--out', 'again.onnx'],
    ['evaluate', 'model.onnx', '--test', 'test.tsv'],
    ['evaluate', 'run'],
    ['predict', 'model.onnx', 'Zyxwortha was seen'],
    ['predict', 'run', 'Zyxwortha was seen'],
    ['datasets', 'describe', '--train', 'own.tsv'],
    ['datasets', 'audit', '--train', 'own.tsv'],
    ['datasets', 'list'],
    ['info'],
  ])('by %s %s', async (...args) => {
    await expectNoTrace(advnative(...args));
  });

  it.each(depths)('by a service that is %i threads from the main one', async (depth) => {
    await expectNoTrace([process.execPath, 'service.mjs', String(depth)]);
  });

  it.each(depths)(
    'whatever the environment says of telemetry, %i threads from the main one',
    async (depth) => {
      await expectNoTrace([process.execPath, 'service.mjs', String(depth)], { ORT_DISABLE_TELEMETRY: '0' });
    },
  );
});

describe('a worker that may not ask the main thread', () => {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const allowed = ['--allow-worker', '--allow-addons', '--allow-fs-read=*', '--allow-fs-write=*'];
  const restricted = [process.execPath, '--no-warnings', permission, ...allowed, 'service.mjs', '1'];

  it('refuses to load a model, and says what to set', async () => {
    const { code, stderr } = await run(restricted);
    expect(stderr).toContain('the telemetry of ONNX Runtime cannot be turned off from this worker thread');
    expect(stderr).toContain('Start the process with ORT_DISABLE_TELEMETRY=1 in its environment.');
    expect(code).toBe(1);
    expect(await readdir(home, { recursive: true })).toEqual([]);
  });

  it('loads it where telemetry is off from the start', async () => {
    await expectNoTrace(restricted, { ORT_DISABLE_TELEMETRY: '1' });
  });
});

/** Whether system calls can be watched here: strace is installed, and a container may forbid it. */
const canTrace = await promisify(execFile)('strace', ['--seccomp-bpf', '-f', 'true']).then(
  () => true,
  () => false,
);

describe.runIf(canTrace)('no name is looked up and nothing is connected to', () => {
  /** What asks a name server reads one of these first, or asks the daemon that does. */
  const lookUp = /"\/etc\/(resolv\.conf|hosts|nsswitch\.conf)"|nscd/;

  async function callsOf(args: readonly string[]): Promise<string[]> {
    const options = ['-f', '--seccomp-bpf', '-qq', '-e', 'trace=connect,openat', '-o', 'calls.txt'];
    const { code, stderr } = await run(['strace', ...options, ...args]);
    expect(code, stderr).toBe(0);
    return (await readFile(join(folder, 'calls.txt'), 'utf8')).split('\n');
  }

  async function expectSilent(args: readonly string[]): Promise<void> {
    const calls = await callsOf(args);
    expect(calls.filter((call) => call.includes('openat(')).length).toBeGreaterThan(10);
    expect(calls.filter((call) => call.includes('connect(') || lookUp.test(call))).toEqual([]);
  }

  it.each([
    ['train', ...own, '--out', 'traced'],
    ['export', 'run', '--out', 'traced.onnx'],
    ['evaluate', 'model.onnx', '--test', 'test.tsv'],
    ['predict', 'model.onnx', 'Zyxwortha was seen'],
  ])('by %s', async (...args) => {
    await expectSilent(advnative(...args));
  });

  it('by a service in a worker, in the time in which the runtime would', async () => {
    await expectSilent([process.execPath, 'service.mjs', '1', '12']);
  });

  it('and a look-up would be seen', async () => {
    const calls = await callsOf([process.execPath, '-e', "dns.lookup('localhost', () => {})"]);
    expect(calls.some((call) => lookUp.test(call))).toBe(true);
  });
});
