import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { ReportResult } from '../../src/index.js';
import type { TrainResult } from '../../src/training/run.js';
import type { TuneResult } from '../../src/study/tune/result.js';
import { expectError, films, temporaryFolder, Workplace } from './support.js';

let place: Workplace;
let whole: TuneResult;

const asked = [
  ...[
    'tune',
    '--dataset',
    'babi-sim-6',
    '--preset',
    'paper',
    '--size',
    'small',
    '--limit',
    '200',
    '--epochs',
    '9',
  ],
  ...['--range', 'lr=0.001..0.02:log', '--range', 'epsilon=0.01..0.3:log', '--range', 'cell=gru,lstm'],
];

beforeAll(async () => {
  place = new Workplace(await temporaryFolder());
  const { code, stdout } = await place.run(...asked, '--budget', '6', '--out', 'whole', '--json', '--quiet');
  expect(code).toBe(0);
  whole = JSON.parse(stdout) as TuneResult;
}, 300_000);

/** What a search found, without the times, which no two have. */
async function found(folder: string): Promise<string> {
  const trials = await readFile(join(place.folder, folder, 'trials.csv'), 'utf8');
  return (
    trials.replaceAll(/,[\d.]+,(\w+)$/gmu, ',$1') +
    (await readFile(join(place.folder, folder, 'best.json'), 'utf8'))
  );
}

it('finds what is no worse than the defaults, and training with it gives that loss', async () => {
  expect(whole).toMatchObject({ trials: 6, testPart: 'not read', defaults: { status: 'whole' } });
  const loss = whole.best?.best?.loss ?? Infinity;
  expect(loss).toBeLessThanOrEqual(whole.defaults?.best?.loss ?? 0);
  // The command that was printed.
  const [, , ...command] = whole.command.split(' ');
  const trained = await place.json<TrainResult>(...command, '--no-baseline');
  expect(trained.best.validLoss).toBe(loss);
  expect(trained.test?.n).toBe(1000);
});

it('finds the same when it is killed at any moment, and two trials go on at once', async () => {
  for (const wait of [1500, 2500, 4000]) {
    const search = place.start(...asked, '--budget', '6', '--jobs', '2', '--out', 'killed', '--quiet');
    await setTimeout(wait);
    search.child.kill('SIGKILL');
    await search.ended;
  }
  const { code } = await place.run(...asked, '--budget', '6', '--out', 'killed', '--quiet');
  expect(code).toBe(0);
  expect(await found('killed')).toBe(await found('whole'));
});

it('saves its trials on Ctrl-C and names the command that goes on', async () => {
  const search = place.start(...asked, '--budget', '6', '--out', 'stopped');
  const { code, stderr } = await search.stopped('SIGINT', 'rung 1', 1500);
  expect(code).toBe(130);
  expect(stderr).toMatch(/Continue it with: npx advnative tune --out stopped/);
  const { stdout } = await place.run('tune', '--out', 'stopped');
  expect(await found('stopped')).toBe(await found('whole'));
  expect(stdout).toMatch(/^trial +learningRate +epsilon +cell +valid loss/);
  expect(stdout).toContain(`test once, by:\n${whole.command}`);
});

it('searches for as long as it may, and goes on with what is left of it', async () => {
  const { code, stdout } = await place.run(...asked, '--budget', '5s', '--out', 'timed', '--json', '--quiet');
  expect(code).toBe(0);
  const { seconds, trials } = JSON.parse(stdout) as TuneResult;
  expect(trials).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeGreaterThan(1);
  const again = JSON.parse((await place.run('tune', '--out', 'timed', '--json')).stdout) as TuneResult;
  expect(again.best?.best?.loss).toBeLessThanOrEqual(
    (JSON.parse(stdout) as TuneResult).best?.best?.loss ?? 0,
  );
});

it('never opens a test part: neither a file of own data nor that of a definition', async () => {
  await place.write('films.tsv', films(60));
  const small = [
    '--preset',
    'paper',
    '--size',
    'small',
    '--epochs',
    '1',
    '--budget',
    '2',
    '--range',
    'lr=0.001,0.002',
  ];
  const own = await place.run(
    'tune',
    '--train',
    'films.tsv',
    '--test',
    'none.tsv',
    ...small,
    '--out',
    'own',
    '--json',
  );
  expect(own.code).toBe(0);
  expect((JSON.parse(own.stdout) as TuneResult).command).toMatch(/--test \S*none\.tsv/);
  await place.write(
    'sealed.mjs',
    `const some = async function* () { for (let n = 0; n < 40; n += 1) yield { text: 'word ' + n, label: 'ab'[n % 2], id: String(n) }; };
    const none = () => { throw new Error('the test part was opened'); };
    export default { name: 'own', description: 'one', labels: ['a', 'b'], licence: 'none', citation: 'none',
      examples: { train: some, valid: some, test: none } };`,
  );
  const defined = await place.run(
    'tune',
    '--dataset',
    './sealed.mjs',
    ...small,
    '--out',
    'defined',
    '--json',
  );
  expect(defined.code).toBe(0);
  const trained = await place.run('train', '--dataset', './sealed.mjs', '--epochs', '1', '--json');
  expectError(trained, 1, 'DATA_MALFORMED', /the test part was opened/);
});

it('trains a sweep and draws it', async () => {
  const few = asked.slice(0, 11);
  const { code, stdout } = await place.run(
    ...few,
    ...['--epochs', '2', '--sweep', 'epsilon=0.01,0.1', '--seeds', '2', '--out', 'swept', '--quiet'],
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^epsilon +seeds +valid loss +95 % interval +accuracy +valid loss from low to high\n/,
  );
  expect(stdout).toMatch(/^ *0\.01 +2 +[\d.]+ +[\d.]+ to [\d.]+ +[\d.]+ +.*o/mu);
  expect(await readFile(join(place.folder, 'swept', 'sweep.csv'), 'utf8')).toMatch(
    /^epsilon,seeds,validLoss,/,
  );
  const reported = await place.json<ReportResult>('report', 'swept');
  expect(reported).toMatchObject({ kind: 'tune', html: join('swept', 'report.html') });
  expect(await place.text('swept', 'report.html')).toContain('Validation loss against epsilon');
  const own = await place.run('report', 'swept', '--csv', join('swept', 'trials.csv'), '--json');
  expectError(own, 2, 'USAGE', /another file for --csv than a part of the search/);
});

it('refuses wrong usage', async () => {
  const wrong = (...args: string[]) => place.run('tune', ...args, '--json');
  expectError(await wrong(), 2, 'USAGE', /expected --budget or --sweep, got neither/, /--budget 30m/);
  expectError(await wrong('--budget', '5x'), 2, 'USAGE', /--budget: expected a duration/, /s, m or h/);
  expectError(
    await wrong('--budget', '5', '--range', 'lr'),
    2,
    'USAGE',
    /--range: expected NAME=FROM/,
    /epsilon=/,
  );
  expectError(
    await wrong('--budget', '5', '--range', 'nix=1,2'),
    2,
    'USAGE',
    /among level, .*, got 'nix'/,
    /name/,
  );
  expectError(
    await wrong('--budget', '5', '--range', 'lr=2..1'),
    2,
    'USAGE',
    /--range lr: expected/,
    /lr=FROM/,
  );
  expectError(
    await wrong('--seed', '7', '--budget', '5', '--out', 'whole'),
    2,
    'USAGE',
    /whole\/tune\.json asks/,
    /--out/,
  );
});
