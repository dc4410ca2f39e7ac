import { resolve } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import {
  planQuality,
  regimeSettings,
  usualDatasets,
  type QualityOptions,
} from '../../../../src/bench/quality/options.js';
import { trainOptions } from '../../../../src/recipe/table.js';
import { advError } from '../../support.js';

const known = [...new Set(usualDatasets.map((name) => name.split(':')[0] ?? ''))];

function plan(options: QualityOptions) {
  return planQuality(options, known, 'main.js');
}

function names(options: QualityOptions): string[] {
  return plan(options).systems.map(({ name }) => name);
}

describe('a plan', () => {
  it('has the datasets of the tables, the peers, the presets and three seeds where nothing is said', () => {
    const { sources, seeds } = plan({});
    expect(sources.map(({ name }) => name)).toEqual(usualDatasets);
    expect(names({})).toEqual(['fasttext', 'svm', 'svm-char', 'paper', 'fast', 'best']);
    expect(seeds).toEqual([1, 2, 3]);
  });

  it('has what is chosen, each once', () => {
    const chosen = {
      datasets: ['dsl:10000'],
      peers: ['svm-tuned', 'svm-tuned'],
      settings: ['best'],
      seeds: ['7'],
    };
    expect(plan(chosen)).toMatchObject({ sources: [{ name: 'dsl:10000' }], seeds: [7] });
    expect(names(chosen)).toEqual(['svm-tuned', 'best']);
    expect(plan(chosen).sources[0]?.trainArguments).toEqual(['--dataset', 'dsl', '--limit', '10000']);
    expect(names({ peers: ['none'], settings: ['none'] })).toEqual([]);
  });

  it('has the regimes as `best` with another regime', () => {
    const { systems } = plan({ peers: ['none'], settings: [...regimeSettings] });
    expect(systems.map(({ options }) => options)).toEqual(
      regimeSettings.map((regime) => ['--preset', 'best', '--regime', regime]),
    );
    expect(regimeSettings.every((regime) => trainOptions.regime.rule.accepts(regime))).toBe(true);
  });

  it('has settings of the user in place of the presets', () => {
    const setting = ['tiny=--size small  --epochs 1', 'plain='];
    const { systems } = plan({ peers: ['none'], setting });
    expect(systems.map(({ name, options }) => [name, options])).toEqual([
      ['tiny', ['--size', 'small', '--epochs', '1']],
      ['plain', []],
    ]);
    expect(names({ peers: ['none'], settings: ['fast'], setting })).toEqual(['fast', 'tiny', 'plain']);
  });

  it('has own files, whole paths of which the command is given', () => {
    const { sources } = plan({ train: 'a.tsv', test: 'b.tsv', name: 'mine' });
    expect(sources).toMatchObject([
      { name: 'mine', trainArguments: ['--train', resolve('a.tsv'), '--test', resolve('b.tsv')] },
    ]);
  });

  test.each<[QualityOptions, RegExp]>([
    [{ datasets: ['dsk'] }, /expected NAME.*got 'dsk'/],
    [
      { peers: ['svm', 'none'] },
      /--peers: expected names among fasttext, svm, svm-char, svm-tuned.*got 'none'/,
    ],
    [{ settings: ['better'] }, /--settings: expected names among paper, fast, best, vanilla.*got 'better'/],
    [{ setting: ['--size small'] }, /--setting: expected NAME=OPTIONS with a new name, got '--size small'/],
    [{ setting: ['svm=--size small'] }, /with a new name, got 'svm=/],
    [{ seeds: ['1', 'two'] }, /--seeds: .*got 'two'/],
    [{ seeds: ['-1'] }, /--seeds: .*got '-1'/],
    [{ threads: 0 }, /--threads: expected an integer from 1 to 256, got 0/],
    [{ test: 'b.tsv' }, /expected --train FILE with --test, got none/],
    [{ train: 'a.tsv' }, /expected --test FILE with --train, got none/],
    [{ train: 'a.tsv', test: 'b.tsv', datasets: ['dsl'] }, /either --datasets or --train, got both/],
  ])('is refused of %j', (options, message) => {
    expect(() => plan(options)).toThrow(advError('USAGE', message, /^/));
  });
});
