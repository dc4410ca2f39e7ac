import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { AdvError } from '../../../../src/base/errors.js';
import type { TuneOptions } from '../../../../src/study/tune/options.js';
import { readTune } from '../../../../src/study/tune/read-tune.js';
import { expectRefused, fileWith } from '../../support.js';
import { epochs, Searches } from './support.js';

const asked: TuneOptions = {
  dataset: 'babi-sim-6',
  limit: 40,
  regime: 'adversarial',
  epochs,
  budget: 14,
  range: { epsilon: '0.01..3:log', cell: 'gru,lstm' },
};

it('trains many a little and few of them whole, and the defaults whole in any case', async () => {
  const searches = await Searches.in();
  const result = await searches.tune(asked);
  const reached = (epoch: number): number => searches.told.filter(({ to }) => to === epoch).length;
  // 13 beside the defaults: 5 of them go on.
  expect([reached(3), reached(9)]).toEqual([13, 6]);
  expect(searches.told.every(({ from, to }) => from < to)).toBe(true);
  const { best, defaults, leaders } = result;
  expect(result).toMatchObject({
    method: 'successive halving',
    trials: 14,
    testPart: 'not read',
    sweep: null,
  });
  expect(defaults).toMatchObject({ trial: 1, epochs: 9, status: 'whole', options: { cell: 'gru' } });
  expect(best?.best?.loss).toBeLessThan(defaults?.best?.loss ?? 0);
  expect(Math.abs(Math.log((best?.options.epsilon ?? 0) / 0.3))).toBeLessThan(0.5);
  expect(leaders[0]).toEqual(best);
  const { epsilon, cell } = result.options;
  expect(result.command).toBe(
    `npx advnative train --dataset babi-sim-6 --limit 40 --regime adversarial --cell ${cell ?? ''} --epochs 9 --epsilon ${epsilon ?? ''}`,
  );
  expect(JSON.parse(await searches.file('best.json'))).toMatchObject({
    trial: best?.trial,
    options: result.options,
  });
});

it('has states of those alone that may go on', async () => {
  const searches = await Searches.in();
  searches.onEpoch = ({ out }) =>
    mkdir(join(out ?? '', 'checkpoint'), { recursive: true }).then(() => undefined);
  await searches.tune(asked);
  const left = await Promise.all(
    Array.from({ length: 14 }, (_, place) =>
      readdir(join(searches.folder, 'trials', String(place + 1).padStart(4, '0'))),
    ),
  );
  expect(left.flat()).not.toContain('checkpoint');
});

/** trials.csv and best.json, which hold no times here. */
const outcome = async (searches: Searches): Promise<string> =>
  (await searches.file('trials.csv')) + (await searches.file('best.json'));

it('gives the same with several at a time, and when it is stopped again and again', async () => {
  const whole = await Searches.in();
  await whole.tune(asked);
  const several = await Searches.in();
  several.onEpoch = () => setTimeout(3);
  await several.tune({ ...asked, jobs: 3 });
  expect(several.most).toBe(3);
  expect(await outcome(several)).toBe(await outcome(whole));
  const stopped = await Searches.in();
  for (const stopAfter of [1, 2, 5, 9, 4]) {
    const controller = new AbortController();
    let count = 0;
    stopped.onEpoch = () => {
      count += 1;
      if (count === stopAfter) controller.abort();
    };
    const running = stopped.tune({ ...asked, jobs: 2 }, controller.signal);
    await expectRefused(
      running,
      'INTERRUPTED',
      /states of its trials are saved/,
      /npx advnative tune --out \/.*tune/,
    );
  }
  stopped.onEpoch = () => undefined;
  // The folder says it all.
  await stopped.tune({});
  expect(await outcome(stopped)).toBe(await outcome(whole));
  const trained = stopped.told.reduce((sum, { from, to }) => sum + to - from, 0);
  expect(trained).toBe(whole.told.reduce((sum, { from, to }) => sum + to - from, 0));
});

it('counts a trial that fails as the worst and goes on', async () => {
  const searches = await Searches.in();
  searches.onEpoch = ({ cell }) => {
    if (cell === 'lstm') throw new AdvError('NOT_FINITE', 'the loss is NaN');
  };
  const { best } = await searches.tune(asked);
  expect(best?.options.cell).toBe('gru');
  const { trials } = await readTune(searches.folder);
  const failed = trials.filter(({ status }) => status === 'failed');
  expect(failed.length).toBeGreaterThan(3);
  expect(failed[0]).toMatchObject({
    best: null,
    rung: 0,
    epochs: 0,
    error: 'the loss is NaN',
    options: { cell: 'lstm' },
  });
});

it('says so when all trials failed, and ends at once where others would fail too', async () => {
  const searches = await Searches.in();
  searches.onEpoch = () => {
    throw new AdvError('NOT_FINITE', 'the loss is NaN');
  };
  await expectRefused(
    searches.tune(asked),
    'NOT_FINITE',
    /no trial has a validation loss; trial 1: the loss is NaN/,
  );
  const full = await Searches.in();
  full.onEpoch = ({ epsilon }, epoch) => {
    if (epsilon !== undefined && epoch === 1) throw new AdvError('STORAGE', 'the disk is full', 'Free some.');
  };
  await expectRefused(full.tune(asked), 'STORAGE', /disk is full/);
  full.onEpoch = () => undefined;
  const whole = await Searches.in();
  await whole.tune(asked);
  await full.tune(asked);
  expect(await outcome(full)).toBe(await outcome(whole));
});

it('goes on with a larger budget, and does nothing where it has been used', async () => {
  const searches = await Searches.in();
  await searches.tune({ ...asked, budget: 5 });
  const told = searches.told.length;
  await searches.tune({});
  expect(searches.told).toHaveLength(told);
  const { trials } = await searches.tune({ budget: 11 });
  expect(trials).toBe(11);
  expect((await readTune(searches.folder)).asked).toMatchObject({ budget: 11, rounds: [4, 6] });
});

it('ends where a space has no other point', async () => {
  const searches = await Searches.in();
  const { trials } = await searches.tune({
    ...asked,
    range: { cell: 'gru,lstm', layers: '1,2' },
    budget: 100,
  });
  expect(trials).toBe(4);
});

it('fits rounds into a budget of time, decides once how many trials they have, and stops in time', async () => {
  const searches = await Searches.in();
  searches.onEpoch = () => setTimeout(4);
  const began = performance.now();
  const { trials, defaults } = await searches.tune({ ...asked, budget: '4s' });
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(defaults?.status).toBe('whole');
  expect(trials).toBeGreaterThan(2);
  const before = (await readTune(searches.folder)).asked;
  expect(before.rounds.length).toBeGreaterThan(0);
  const told = searches.told.length;
  await searches.tune({});
  expect(searches.told.length - told).toBeLessThan(3);
  expect((await readTune(searches.folder)).asked.rounds.slice(0, before.rounds.length)).toEqual(
    before.rounds,
  );
});

it('tries others in a budget of time where the defaults fail, and gives up where those fail too', async () => {
  const searches = await Searches.in();
  searches.onEpoch = ({ epsilon }) => {
    if (epsilon === undefined) throw new AdvError('NOT_FINITE', 'the loss is NaN');
    return setTimeout(4);
  };
  const { defaults, best } = await searches.tune({ ...asked, budget: '3s' });
  expect(defaults).toMatchObject({ status: 'failed', error: 'the loss is NaN' });
  expect(best?.trial).toBeGreaterThan(1);
  const all = await Searches.in();
  all.onEpoch = () => {
    throw new AdvError('NOT_FINITE', 'the loss is NaN');
  };
  await expectRefused(all.tune({ ...asked, budget: '1h' }), 'NOT_FINITE', /no trial has a validation loss/);
});

it('says that a budget of time was too short', async () => {
  const searches = await Searches.in();
  searches.onEpoch = () => setTimeout(1500);
  const running = searches.tune({ ...asked, budget: '0.2s' });
  await expectRefused(running, 'USAGE', /used up before the first epoch of the defaults/, /larger --budget/);
});

it('trains every value of a sweep whole with every seed', async () => {
  const searches = await Searches.in();
  const { budget, range, ...fixed } = asked;
  expect([budget, range]).toBeDefined();
  const result = await searches.tune({ ...fixed, sweep: { epsilon: '0.1,0.3,1' }, seeds: 2 });
  expect(searches.told.every(({ to }) => to === epochs)).toBe(true);
  expect(searches.told).toHaveLength(6);
  expect(result).toMatchObject({ method: 'sweep', best: null, defaults: null, options: { epsilon: 0.3 } });
  expect(result.sweep).toHaveLength(3);
  expect(result.sweep?.[1]).toMatchObject({ options: { epsilon: 0.3 }, loss: { n: 2, mean: 0.1015 } });
  const [low = 0, high = 0] = result.sweep?.[1]?.loss?.ci95 ?? [];
  expect(low).toBeLessThan(0.101);
  expect(high).toBeGreaterThan(0.102);
  expect(result.command).toMatch(/ --epsilon 0\.3$/);
  const lines = (await searches.file('sweep.csv')).trim().split('\n');
  expect(lines[0]).toMatch(/^epsilon,seeds,validLoss,validLossLow,validLossHigh,validAccuracy,/);
  expect(lines).toHaveLength(4);
  expect((await searches.file('trials.csv')).split('\n')[0]).toMatch(/^trial,epsilon,seed,rung,epochs,/);
});

it('makes a grid of two options', async () => {
  const searches = await Searches.in();
  const { budget, range, ...fixed } = asked;
  expect([budget, range]).toBeDefined();
  const { sweep } = await searches.tune({
    ...fixed,
    sweep: { epsilon: '0.1,0.3', cell: 'gru,lstm' },
    seeds: 1,
  });
  expect(sweep?.map(({ options }) => Object.values(options).join(' '))).toEqual([
    '0.1 gru',
    '0.1 lstm',
    '0.3 gru',
    '0.3 lstm',
  ]);
  expect(sweep?.[0]?.loss?.ci95).toBeNull();
});

it('varies ε, α, dropout and the learning rate where nothing is said, but for what is set', async () => {
  const { range, ...rest } = asked;
  expect(range).toBeDefined();
  const searches = await Searches.in();
  await searches.tune({ ...rest, preset: 'paper', budget: 2, alpha: 0.4 });
  const { space } = (await readTune(searches.folder)).asked;
  expect(space).toEqual({ epsilon: '0.002..0.2:log', learningRate: '0.000667..0.006:log' });
  const dropping = await Searches.in();
  await dropping.tune({ ...rest, preset: 'paper', budget: 1, regime: 'dropout', learningRate: 0.1 });
  expect((await readTune(dropping.folder)).asked.space).toEqual({ dropoutKeep: '0.3..0.9' });
  const set = { epsilon: 1, alpha: 1, learningRate: 0.1 };
  const other = await Searches.in();
  await expectRefused(other.tune({ ...rest, ...set }), 'USAGE', /expected an option to choose/, /--range/);
});

it('refuses what does not go together, before it makes a folder', async () => {
  const searches = await Searches.in();
  const wrong = (options: TuneOptions, problem: RegExp): Promise<void> =>
    expectRefused(searches.tune(options), 'USAGE', problem);
  await wrong({ dataset: 'babi-sim-6' }, /expected --budget or --sweep, got neither/);
  await wrong({ ...asked, sweep: { epsilon: '1,2' } }, /--range cannot be combined with --sweep/);
  await wrong({ budget: 5, sweep: { epsilon: '1,2' } }, /--budget cannot be combined with --sweep/);
  await wrong({ budget: 5, seeds: 3 }, /expected --sweep beside --seeds/);
  await wrong(
    { sweep: { epsilon: '1,2', alpha: '0,1', layers: '1,2' } },
    /expected one option or two, got 3/,
  );
  await wrong(
    { ...asked, preset: 'fast', range: { epsilon: '1,2' } },
    /cannot be combined|expected a network/,
  );
  await wrong({ ...asked, test: 'test.tsv' }, /expected --train FILE beside --test/);
  await wrong({ ...asked, dataset: 'none-such' }, /expected a dataset among/);
  await wrong({ ...asked, budget: '30' }, /--budget: expected a duration/);
  await wrong({ ...asked, resume: 'x' } as TuneOptions, /unknown option 'resume'/);
  await expect(readdir(searches.folder)).rejects.toThrow('ENOENT');
});

it('refuses a folder that was asked something else, or is no folder of a search', async () => {
  const searches = await Searches.in();
  await searches.tune({ ...asked, budget: 1 });
  await expectRefused(
    searches.tune({ ...asked, seed: 2 }),
    'USAGE',
    /tune\.json asks for something else/,
    /--out/,
  );
  await expectRefused(
    searches.tune({ ...asked, range: { alpha: '0..1' } }),
    'USAGE',
    /asks for something else/,
  );
  await rm(join(searches.folder, 'tune.json'));
  await expectRefused(searches.tune(asked), 'USAGE', /which holds best\.json|clock\.json|trials\.csv/);
});

it('reads a folder only when it is one and whole', async () => {
  const searches = await Searches.in();
  await expectRefused(readTune(searches.folder), 'RUN_DIRECTORY', /holds no tune\.json/);
  await searches.tune({ ...asked, budget: 2 });
  const { asked: told, trials } = await readTune(searches.folder);
  expect(told).toMatchObject({ testPart: 'not read', dataset: 'babi-sim-6', epochs, divisors: [3, 1] });
  expect(trials).toHaveLength(2);
  await writeFile(join(searches.folder, 'trials', '0002.json'), '{"options": 1}');
  await expectRefused(
    readTune(searches.folder),
    'RUN_DIRECTORY',
    /0002\.json is damaged: options: expected an object/,
  );
});

it('never opens a test file', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => `text ${n}\t${n % 2 ? 'a' : 'b'}\n`).join('');
  const train = await fileWith(rows, 'train.tsv');
  const searches = await Searches.in();
  const { dataset, limit, ...rest } = asked;
  expect([dataset, limit]).toBeDefined();
  const { options, command } = await searches.tune({ ...rest, budget: 2, train, test: '/no/such/file.tsv' });
  expect(options.test).toBe('/no/such/file.tsv');
  expect(command).toContain('--test /no/such/file.tsv');
});
