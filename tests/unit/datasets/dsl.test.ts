import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { catalogue } from '../../../src/datasets/catalogue.js';
import { dslLabels } from '../../../src/datasets/dsl.js';
import { serve, whole } from '../corpora/fetch/download-server.js';
import { collect, collectTest, expectMalformed, expectRefused, put } from '../support.js';
import { temporaryFolder, withoutCorpora } from '../support.js';

const lines = (perClass: number, labels: readonly string[] = dslLabels) =>
  labels.flatMap((label) => Array.from({ length: perClass }, (_, n) => `věta ${n}\t${label}\n`)).join('');

/** A data directory with a small corpus in the official layout. */
async function dataDirectory(train = lines(5), valid = lines(1), gold = lines(2)): Promise<string> {
  const folder = await temporaryFolder();
  await put(folder, 'dsl/train-dev/train.txt', train);
  await put(folder, 'dsl/train-dev/devel.txt', valid);
  await put(folder, 'dsl/gold/test-gold.txt', gold);
  return folder;
}

const open = async (more: object = {}) => catalogue.open('dsl', { seed: 1, ...more });

const realData = process.env['ADVNATIVE_DATA'];

beforeEach(async () => {
  await withoutCorpora();
  vi.stubEnv('ADVNATIVE_MIRROR_DSL', 'http://127.0.0.1:1');
});

describe('DSL', () => {
  test('streams its splits from a data directory, with all 14 labels', async () => {
    const dataset = await open({ dataDir: await dataDirectory() });
    expect(dataset.labels).toEqual(dslLabels);
    expect(dslLabels).toEqual(dslLabels.toSorted());
    expect((await collect(dataset.train()))[0]).toEqual({ id: 'train:1', text: 'věta 0', label: 'bg' });
    expect(await collect(dataset.train())).toHaveLength(70);
    expect(await collect(dataset.valid())).toHaveLength(14);
    expect((await collectTest(dataset)).at(-1)).toEqual({ id: 'test:28', text: 'věta 1', label: 'xx' });
  });

  test('takes labels with an underscore and refuses unknown ones with their place', async () => {
    const train = 'uno\tes_AR\num\tpt_BR\n';
    const dataset = await open({ dataDir: await dataDirectory(train) });
    expect((await collect(dataset.train())).map(({ label }) => label)).toEqual(['es-AR', 'pt-BR']);
    const dataDir = await dataDirectory('uno\tes-AR\nun\tfr\n');
    const said = /train\.txt:2: unknown label 'fr', expected one of bg, .*xx/;
    await expectMalformed(open({ dataDir }), said);
  });

  test('draws a balanced limit by the seed, and says which classes were too small', async () => {
    const dataDir = await dataDirectory(lines(30) + lines(100, ['bg', 'xx']) + lines(1));
    const counts = async (limit: number, seed: number) => {
      const dataset = await open({ seed, limit, dataDir });
      const byLabel = new Map(dslLabels.map((label) => [label, 0]));
      const examples = await collect(dataset.train());
      for (const { label } of examples) byLabel.set(label, (byLabel.get(label) ?? 0) + 1);
      return { ids: examples.map(({ id }) => id), counts: [...byLabel.values()], notes: dataset.facts.notes };
    };
    expect((await counts(282, 1)).counts.toSorted()).toEqual([...Array<number>(12).fill(20), 21, 21]);
    expect((await counts(282, 1)).ids).toEqual((await counts(282, 1)).ids);
    expect((await counts(282, 1)).ids).not.toEqual((await counts(282, 2)).ids);
    const uneven = await counts(500, 1);
    expect(uneven.counts).toEqual([64, ...Array<number>(12).fill(31), 64]);
    expect(uneven.notes.at(-1)).toMatch(
      /500 examples .* classes with fewer give all they have \(bs 31, .*sr 31\)/,
    );
  });

  test('refuses a limit above what exists, with the numbers', async () => {
    const dataDir = await dataDirectory();
    await expectRefused(open({ limit: 71, dataDir }), 'USAGE', /at most 70 training examples.*got 71/);
  });

  test('records files and says that a pool is not the official data', async () => {
    const dataDir = await dataDirectory();
    const { facts } = await open({ dataDir });
    const content = await readFile(join(dataDir, 'dsl/gold/test-gold.txt'));
    expect(facts.files.map(({ name }) => name)).toEqual([
      'dsl/train-dev/train.txt',
      'dsl/train-dev/devel.txt',
      'dsl/gold/test-gold.txt',
    ]);
    expect(facts.files[2]).toEqual({
      name: 'dsl/gold/test-gold.txt',
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect(facts.notes[0]).toMatch(
      /train\.txt is a pool of 70 sentences, not the official training data \(252,000/,
    );
    expect(facts.notes[1]).toMatch(/devel\.txt is another set, not the official development data \(28,000/);
    expect(facts.notes[2]).toMatch(/test-gold\.txt is another set, not the official test data \(14,000/);
  });

  test('refuses training data of one class', async () => {
    const dataDir = await dataDirectory(lines(5, ['bg']));
    await expectMalformed(open({ dataDir }), /at least two classes, got only 'bg'/);
  });
});

describe('finding DSL', () => {
  test('says what an explicit data directory lacks, and downloads nothing', async () => {
    const { url, seen } = await serve(whole('x'));
    vi.stubEnv('ADVNATIVE_MIRROR_DSL', url);
    const dataDir = await temporaryFolder();
    await put(dataDir, 'dsl/train-dev/train.txt', lines(1));
    await expectRefused(
      open({ dataDir }),
      'DATA_MISSING',
      /dsl \(--data-dir\): lacks train-dev\/devel\.txt, gold\/test-gold\.txt$/,
      /datasets fetch dsl --data-dir \S+\. By hand:[^]* curl .*\/dsl\/gold\/test-gold\.txt http:\S+gold\/test-gold\.txt/,
    );
    expect(seen).toHaveLength(0);
  });

  test('lists every place tried when it may not download', async () => {
    vi.stubEnv('ADVNATIVE_DATA', await temporaryFolder());
    const said = /\(ADVNATIVE_DATA\): lacks[^]*\(cache\): lacks[^]*download: not allowed/;
    const hint = /datasets fetch dsl\. By hand:\n {2}mkdir -p/;
    await expectRefused(open({ offline: true }), 'DATA_MISSING', said, hint);
  });

  test('prefers ADVNATIVE_DATA, then the cache', async () => {
    const cache = await dataDirectory(lines(3));
    vi.stubEnv('ADVNATIVE_CACHE', cache);
    expect(await collect((await open()).train())).toHaveLength(42);
    vi.stubEnv('ADVNATIVE_DATA', await temporaryFolder());
    expect(await collect((await open()).train())).toHaveLength(42);
    vi.stubEnv('ADVNATIVE_DATA', await dataDirectory(lines(4)));
    expect(await collect((await open()).train())).toHaveLength(56);
  });

  test('downloads what the cache lacks from a mirror, and refuses what is not the official file', async () => {
    const { url, seen } = await serve(whole(lines(1)));
    const cache = await temporaryFolder();
    vi.stubEnv('ADVNATIVE_CACHE', cache);
    vi.stubEnv('ADVNATIVE_MIRROR_DSL', `${url}mirror/`);
    await put(cache, 'dsl/train-dev/devel.txt', lines(1));
    await put(cache, 'dsl/train-dev/train.txt', lines(1));
    const other = /gold\/test-gold\.txt.* expected SHA-256 a5b3d632b8.*got [0-9a-f]{64}/;
    await expectRefused(open(), 'DOWNLOAD', other);
    expect(seen.map(({ path }) => path)).toEqual(['/mirror/gold/test-gold.txt']);

    vi.stubEnv('ADVNATIVE_CACHE', await temporaryFolder());
    const blob = /train-dev\/train\.txt.* expected git blob id bd6ab10be6.*got [0-9a-f]{40}/;
    await expectRefused(open(), 'DOWNLOAD', blob);
  });
});

describe('datasets', () => {
  test('lists what there is and where', async () => {
    const dataDir = await dataDirectory();
    const listed = await catalogue.list({ dataDir });
    expect(listed.map(({ name, labels, builtIn, found }) => [name, labels, builtIn, found])).toEqual([
      ['babi-sim-1', 6, true, undefined],
      ['babi-sim-2', 6, true, undefined],
      ['babi-sim-6', 2, true, undefined],
      ['babi-1', 6, false, undefined],
      ['babi-1-10k', 6, false, undefined],
      ['babi-2', 6, false, undefined],
      ['babi-2-10k', 6, false, undefined],
      ['babi-6', 2, false, undefined],
      ['babi-6-10k', 2, false, undefined],
      ['subjectivity', 2, false, undefined],
      ['czech-facebook', 4, false, undefined],
      ['czech-facebook-3', 3, false, undefined],
      ['czech-csfd', 3, false, undefined],
      ['czech-mall', 3, false, undefined],
      ['dsl', 14, false, join(dataDir, 'dsl')],
    ]);
    expect((await catalogue.list()).at(-1)?.found).toBeUndefined();
  });

  test('refuses an unknown name', async () => {
    const said = /babi-sim-1, .*dsl, or a package or file .*got 'dls'/;
    await expectRefused(catalogue.open('dls', { seed: 1 }), 'USAGE', said, /--train/);
  });
});

describe.runIf(realData)('the real DSL corpus', () => {
  test('gives its official gold test set and balanced draws of its training data', async () => {
    const dataset = await open({ limit: 10_000, dataDir: realData });
    const gold = await collectTest(dataset);
    expect(gold).toHaveLength(14_000);
    for (const label of dslLabels) expect(gold.filter((one) => one.label === label)).toHaveLength(1_000);
    const train = await collect(dataset.train());
    const counts = dslLabels.map((label) => train.filter((one) => one.label === label).length);
    expect(counts.toSorted()).toEqual([...Array<number>(10).fill(714), ...Array<number>(4).fill(715)]);
    expect((await collect(dataset.valid())).every(({ label }) => dataset.labels.includes(label))).toBe(true);
    expect(dataset.skipped.count).toBe(0);
  });
});
