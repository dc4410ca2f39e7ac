import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { python } from '../../src/bench/quality/measured-program.js';
import type { QualityResult } from '../../src/bench/quality/result.js';
import type { Absence } from '../../src/bench/quality/run.js';
import { Command, films, temporaryFolder, type Outcome } from './support.js';

interface Printed {
  readonly results: readonly QualityResult[];
  readonly absences: readonly Absence[];
}

const folder = await temporaryFolder();
const script = fileURLToPath(new URL('../../bench/quality.js', import.meta.url));

/** Starts the bench; where there is a path, programs are looked for there alone. */
function start(options: readonly string[], path = process.env['PATH']): Command {
  return new Command(folder, [process.execPath, script, ...options], { PATH: path });
}

async function printed(command: Command): Promise<Printed & { readonly outcome: Outcome }> {
  const outcome = await command.ended;
  return { ...(JSON.parse(outcome.stdout) as Printed), outcome };
}

const ownFiles = async (): Promise<string[]> => {
  const files = { train: films(300), valid: films(60), test: films(90) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, `${name}.tsv`), text);
  return Object.keys(files).flatMap((name) => [`--${name}`, `${name}.tsv`]);
};

const small = [
  '--settings',
  'none',
  '--setting',
  'tiny=--preset paper --size small --epochs 3 --regime vanilla --lr 0.01',
];

describe.runIf(process.platform === 'linux' && existsSync(python))('bench:quality', () => {
  it('measures a setting and the peers that are here on own files, and measures nothing twice', async () => {
    const peers = ['--peers', 'fasttext,svm,svm-char,svm-tuned'];
    const options = [
      ...(await ownFiles()),
      '--name',
      'films',
      ...small,
      ...peers,
      '--seeds',
      '1',
      '--out',
      'quality',
    ];
    const { results, absences, outcome } = await printed(start([...options, '--json']));
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(absences.filter(({ status }) => status === 'failed')).toEqual([]);
    const names = [...results, ...absences.map(({ name }) => ({ system: name }))].map(({ system }) => system);
    expect(names.toSorted()).toEqual(['fasttext', 'svm', 'svm-char', 'svm-tuned', 'tiny']);
    for (const result of results) {
      expect(result).toMatchObject({ dataset: 'films', seed: 1, classes: 2 });
      expect(result.examples).toEqual({ train: 300, valid: 60, test: 90 });
      for (const { n, accuracy, macroF1, loss, calibrationError } of [result.valid, result.test]) {
        expect(n).toBe(result.valid.n === n ? 60 : 90);
        expect({ system: result.system, accuracy, macroF1 }).toMatchObject({ accuracy: 1, macroF1: 1 });
        expect(loss).toBeLessThan(0.6);
        // All are right: what is missing to full confidence is the error, and confidence is at least e to the minus loss.
        expect(calibrationError).toBeLessThanOrEqual(loss + 1e-6);
      }
      expect(result.seconds).toBeGreaterThan(0);
      expect(result.peakBytes).toBeGreaterThan(2 ** 24);
      expect(result.modelBytes).toBeGreaterThan(1000);
    }
    const path = join(folder, 'quality', 'films', 'tiny-seed1.json');
    const before = await readFile(path, 'utf8');
    const again = await printed(start([...options, '--json']));
    expect(again.outcome.stderr).not.toContain('tiny');
    expect(again.results).toEqual(results);
    expect(await readFile(path, 'utf8')).toBe(before);
    const table = await start(['--table', 'quality']).ended;
    expect(table.stdout).toMatch(/^### films$/m);
    expect(table.stdout).toMatch(/^\| tiny +\| 1 +\| 1\.000 /m);
  });

  it('says which peers and datasets are missing, and what to install', async () => {
    const options = ['--datasets', 'dsl', '--peers', 'fasttext', ...small, '--out', 'none', '--json'];
    const { results, absences, outcome } = await printed(start(options, join(folder, 'nothing')));
    expect(outcome.code).toBe(0);
    expect(results).toEqual([]);
    expect(absences).toEqual([
      {
        name: 'fasttext',
        status: 'missing',
        reason: 'fastText is not installed (Debian: apt-get install fasttext)',
      },
      {
        name: 'dsl',
        status: 'missing',
        reason: expect.stringMatching(/lacks train-dev\/train\.txt/) as string,
      },
    ]);
  });

  it('fails where a system does, and keeps the others', async () => {
    const wrong = ['--setting', 'wrong=--size huge'];
    const options = [
      ...['--datasets', 'babi-sim-1:40', '--peers', 'none', '--seeds', '1'],
      ...small,
      ...wrong,
    ];
    const { results, absences, outcome } = await printed(start([...options, '--out', 'some', '--json']));
    expect(outcome.code).toBe(1);
    expect(results.map(({ system }) => system)).toEqual(['tiny']);
    expect(absences).toMatchObject([
      {
        name: 'babi-sim-1:40, wrong, seed 1',
        status: 'failed',
        reason: expect.stringMatching(/--size/) as string,
      },
    ]);
  });

  it('keeps what it has when it is interrupted', async () => {
    const long = ['--setting', 'long=--epochs 5000 --patience 5000'];
    const options = [
      ...['--datasets', 'babi-sim-1:40', '--peers', 'none', '--seeds', '1'],
      ...small,
      ...long,
    ];
    const command = start([...options, '--out', 'stopped', '--json']);
    const { code, stderr } = await command.stopped('SIGINT', 'epoch 0/5000');
    expect({ code, stderr }).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(/interrupted/) as string,
    });
    expect(await readdir(join(folder, 'stopped', 'babi-sim-1-40'))).toEqual(['tiny-seed1.json']);
  });

  it('refuses wrong usage', async () => {
    const { code, stderr } = await start(['--peers', 'torch']).ended;
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/got 'torch'/) as string,
    });
    expect(await start(['--table', 'nowhere']).ended).toMatchObject({ code: 2, stdout: '' });
  });
});
