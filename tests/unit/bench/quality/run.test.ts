import { readdir } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { AdvError } from '../../../../src/base/errors.js';
import type { QualityPlan } from '../../../../src/bench/quality/options.js';
import { readResults } from '../../../../src/bench/quality/result.js';
import { runQuality, type QualityPlace } from '../../../../src/bench/quality/run.js';
import type { QualitySource } from '../../../../src/bench/quality/source.js';
import { catalogue } from '../../../../src/datasets/catalogue.js';
import { temporaryFolder } from '../../support.js';
import { machine } from '../fixtures.js';
import { fakeSystem, measured } from './fixtures.js';

const source: QualitySource = {
  name: 'simulated',
  trainArguments: [],
  open: (seed) => catalogue.open('babi-sim-1', { seed, limit: 20 }),
};

let place: QualityPlace;
let said: string;
let asked: string[];

/** A system that notes when it is measured. */
const noting = (name: string) =>
  fakeSystem(name, {
    measure: ({ seed }) => {
      asked.push(`${name} ${seed}`);
      return Promise.resolve(measured);
    },
  });

const plan = (overrides: Partial<QualityPlan> = {}): QualityPlan => ({
  sources: [source],
  systems: [noting('one'), noting('two')],
  seeds: [1, 2],
  threads: 1,
  ...overrides,
});

beforeEach(async () => {
  [said, asked] = ['', []];
  const [out, folder] = [await temporaryFolder(), await temporaryFolder()];
  const say = (text: string): void => void (said += text);
  place = { out, folder, machine, signal: undefined, say };
});

describe('a bench of quality', () => {
  it('measures each system with each seed and keeps the results', async () => {
    expect(await runQuality(plan(), place)).toEqual([]);
    expect(asked).toEqual(['one 1', 'two 1', 'one 2', 'two 2']);
    const results = await readResults(place.out);
    expect(results.map(({ system, seed }) => `${system} ${seed}`)).toEqual([
      'one 1',
      'one 2',
      'two 1',
      'two 2',
    ]);
    expect(results[0]).toMatchObject({ ...measured, dataset: 'simulated', classes: 6, options: ['--fake'] });
    expect(results[0]?.machine).toEqual(machine);
    expect(said).toContain('simulated, two, seed 2: test accuracy 0.8000, macro F1 0.7500, 0:13\n');
  });

  it('goes on where it stopped', async () => {
    let failing = true;
    const second = fakeSystem('two', {
      measure: (task) => {
        if (failing && task.seed === 1) return Promise.reject(new Error('killed'));
        return noting('two').measure(task);
      },
    });
    const systems = [noting('one'), second];
    expect(await runQuality(plan({ systems }), place)).toEqual([
      { name: 'simulated, two, seed 1', status: 'failed', reason: 'killed' },
    ]);
    expect(asked).toEqual(['one 1', 'one 2', 'two 2']);
    [failing, asked] = [false, []];
    expect(await runQuality(plan({ systems }), place)).toEqual([]);
    expect(asked).toEqual(['two 1']);
    expect(
      await runQuality(
        plan({ systems, sources: [{ ...source, open: () => Promise.reject(new Error()) }] }),
        place,
      ),
    ).toEqual([]);
  });

  it('says which systems and datasets are not here, and measures the others', async () => {
    const lacking = fakeSystem('gone', { lacks: () => Promise.resolve('Gone is not installed') });
    const open = () => Promise.reject(new AdvError('DATA_MISSING', 'lacks train.txt'));
    const sources = [{ ...source, name: 'elsewhere', open }, source];
    expect(await runQuality(plan({ sources, systems: [lacking, noting('one')] }), place)).toEqual([
      { name: 'gone', status: 'missing', reason: 'Gone is not installed' },
      { name: 'elsewhere', status: 'missing', reason: 'lacks train.txt' },
    ]);
    expect(asked).toEqual(['one 1', 'one 2']);
    expect(said).toContain('elsewhere: lacks train.txt\n');
  });

  it('ends when it is interrupted, with what it has', async () => {
    const controller = new AbortController();
    const stopped = fakeSystem('two', {
      measure: () => {
        controller.abort();
        return Promise.reject(new Error('killed by the signal'));
      },
    });
    const systems = [noting('one'), stopped, noting('three')];
    const running = runQuality(plan({ systems }), { ...place, signal: controller.signal });
    await expect(running).rejects.toThrow('killed by the signal');
    expect(asked).toEqual(['one 1']);
    expect(await readResults(place.out)).toHaveLength(1);
  });

  it('leaves a system an empty folder, and does not keep what the one before wrote', async () => {
    const found: string[][] = [];
    const writing = (name: string) =>
      fakeSystem(name, {
        measure: async ({ folder, splits }) => {
          found.push(await readdir(folder), await readdir(splits.folder));
          await splits.learning();
          return measured;
        },
      });
    await runQuality(plan({ systems: [writing('one'), writing('two')] }), place);
    const both = ['train.txt', 'valid.txt'];
    expect(found).toEqual([[], [], [], both, [], [], [], both]);
  });
});
