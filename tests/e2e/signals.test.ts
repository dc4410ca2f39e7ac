import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { Command, datasetOf, expectError, mainScript, temporaryFolder, Workplace } from './support.js';

const folder = await temporaryFolder();
const place = new Workplace(folder);
const model = ['--preset', 'paper', '--size', 'small', '--threads', '1', '--limit', '200'];
const long = [...model, '--epochs', '500', '--patience', '500'];
const short = [...model, '--epochs', '4', '--patience', '4'];

/** A dataset whose examples never end, and one that waits for its first; both tell when they are read. */
const facts = `name: 'invented', description: 'one', labels: ['no', 'yes'], licence: 'none', citation: 'none'`;
const pauseOf = (milliseconds: number): string =>
  `await new Promise((resume) => setTimeout(resume, ${milliseconds}));`;
const endless = `async function* read() {
  console.error('reading');
  for (let n = 0; ; n++) { ${pauseOf(2)} yield { id: String(n), text: 'text ' + n, label: n % 2 ? 'no' : 'yes' }; }
}
export default { ${facts}, examples: { train: read, valid: read, test: read } };`;
const stuck = datasetOf(`console.error('reading'); ${pauseOf(60_000)}`);

beforeAll(async () => {
  await place.write('endless.mjs', endless);
  await place.write('stuck.mjs', stuck);
  await place.json('train', ...model, '--dataset', 'babi-sim-6', '--epochs', '1', '--out', 'model');
});

async function statusOf(run: string): Promise<string> {
  return (await place.record(run)).status;
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('saves the state of training at %s and ends with %i', async (signal, code) => {
  const run = `by-${signal}`;
  const command = place.start('train', ...long, '--out', run, '--json');
  const outcome = await command.stopped(signal, 'epoch 1/500');
  expectError(outcome, code, 'INTERRUPTED');
  expect(outcome.stderr).toContain(`npx advnative train --resume ${run}`);
  expect(await statusOf(run)).toBe('interrupted');
  expect((await place.position(run)).epoch).toBeGreaterThan(1);
});

it.each([
  ['reading', 'train', '--dataset', './endless.mjs', '--out', 'never'],
  ['reading', 'evaluate', 'model', '--dataset', './endless.mjs'],
  ['reading', 'datasets', 'describe', './endless.mjs'],
  ['reading', 'datasets', 'audit', './endless.mjs'],
  ['measuring C1', 'bench', '--configurations', 'C1', '--peers', 'none', '--rounds', '500'],
])('ends at SIGTERM while it is %s: %s %s', async (saying, ...args) => {
  const command = place.start(...args, '--json');
  expectError(await command.stopped('SIGTERM', saying), 143, 'INTERRUPTED');
});

it('ends at SIGTERM while it waits for texts to predict', async () => {
  const command = place.start('predict', 'model');
  const answered = new Promise((resume) => command.child.stdout?.once('data', resume));
  command.child.stdin?.write('is Mary in the garden ?\n'.repeat(300));
  await answered;
  command.child.kill('SIGTERM');
  expect((await command.ended).code).toBe(143);
});

it('quits at once at a second signal, with its code', async () => {
  const command = place.start('datasets', 'describe', './stuck.mjs', '--json');
  await command.saying('reading');
  command.child.kill('SIGHUP');
  await command.saying('stopping because of SIGHUP; a second signal quits at once');
  // Signals that follow each other faster than this are one wish.
  await setTimeout(700);
  command.child.kill('SIGTERM');
  const { code, stdout } = await command.ended;
  expect({ code, stdout }).toEqual({ code: 143, stdout: '' });
});

it('saves when nobody reads its output any more', async () => {
  const command = place.start('train', ...long, '--out', 'unread', '--json');
  await command.saying('epoch 1/500');
  command.child.stdout?.destroy();
  command.child.stderr?.destroy();
  command.child.kill('SIGHUP');
  expect((await command.ended).code).toBe(129);
  expect(await statusOf('unread')).toBe('interrupted');
});

/** Trains in a terminal of its own, closes it after the first epoch, and waits for the exit code that a shell writes down. */
async function codeAfterClosing(trap: string, run: string, options: readonly string[]): Promise<string> {
  const line = ['train', ...options, '--out', run].join(' ');
  const command = `'${process.execPath}' '${mainScript}' ${line}`;
  const session = `trap ${trap} HUP; ${command} & run=$!; wait $run || wait $run; echo $? > ${run}.code`;
  const terminal = new Command(folder, ['script', '-qefc', session, '/dev/null'], { SHELL: '/bin/sh' });
  let said = '';
  terminal.child.stdout?.on('data', (part: Buffer) => (said += part.toString()));
  while (!said.includes('epoch 1/')) await setTimeout(10);
  terminal.child.kill('SIGKILL');
  for (;;) {
    const code = await place.text(`${run}.code`).catch(() => '');
    if (code.endsWith('\n')) return code.trim();
    await setTimeout(10);
  }
}

it('saves when its terminal is closed, and ends with the code of a hangup', async () => {
  // What a shell gets from its terminal it passes on.
  expect(await codeAfterClosing("'kill -HUP $run'", 'closed', long)).toBe('129');
  expect(await statusOf('closed')).toBe('interrupted');
});

it('goes on without its terminal where its shell ignores that, and ends with the code of success', async () => {
  expect(await codeAfterClosing("''", 'outlived', short)).toBe('0');
  expect(await statusOf('outlived')).toBe('done');
});

it.each([
  ['nohup', ['bash', '-c', 'nohup "$0" "$@" & echo $!; wait $!']],
  ['a script that ignores hangups', ['sh', '-c', 'trap "" HUP; "$0" "$@" & echo $!; wait $!']],
])('goes on at a hangup below %s', async (name, shell) => {
  const run = name.replaceAll(' ', '-');
  const args = [...shell, process.execPath, mainScript, 'train', ...short, '--out', run, '--json'];
  const command = new Command(folder, args);
  const started = new Promise<number>((resume) => {
    command.child.stdout?.once('data', (part: Buffer) => {
      resume(Number(part.toString().split('\n')[0]));
    });
  });
  await command.saying('epoch 1/4');
  process.kill(await started, 'SIGHUP');
  expect((await command.ended).code).toBe(0);
  expect(await statusOf(run)).toBe('done');
});
