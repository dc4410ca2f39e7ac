import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { catalogue } from '../../../../src/datasets/catalogue.js';
import type { Dataset } from '../../../../src/datasets/types.js';
import type { Example } from '../../../../src/text/types.js';
import { collect, collectTest, expectMalformed, expectRefused, put, temporaryFolder } from '../../support.js';
import { withoutCorpora } from '../../support.js';

const realData = process.env['ADVNATIVE_DATA'];

beforeEach(withoutCorpora);

/** Film reviews: 30 of each class and some that occur twice. */
async function reviews(extra: Partial<Record<'negative' | 'neutral' | 'positive', string>> = {}) {
  const folder = await temporaryFolder();
  for (const label of ['negative', 'neutral', 'positive'] as const) {
    const lines = Array.from({ length: 30 }, (_, n) => `${label} recenze ${n}\r\n`).join('');
    await put(folder, `czech-csfd/${label}.txt`, lines + (extra[label] ?? ''));
  }
  return folder;
}

const openCsfd = async (more: object) => catalogue.open('czech-csfd', { seed: 1, ...more });

async function splitsOf(dataset: Dataset): Promise<Record<'train' | 'valid' | 'test', Example[]>> {
  return {
    train: await collect(dataset.train()),
    valid: await collect(dataset.valid()),
    test: await collectTest(dataset),
  };
}

describe('a corpus with a file a class', () => {
  test('is split 80/10/10, stratified, every example once', async () => {
    const dataset = await openCsfd({ dataDir: await reviews() });
    expect(dataset.labels).toEqual(['negative', 'neutral', 'positive']);
    const { train, valid, test: held } = await splitsOf(dataset);
    expect([train.length, valid.length, held.length]).toEqual([72, 9, 9]);
    const ids = [...train, ...valid, ...held].map(({ id }) => id);
    expect(new Set(ids).size).toBe(90);
    expect(ids).toContain('neutral:30');
    for (const label of dataset.labels) {
      expect(held.filter((example) => example.label === label)).toHaveLength(3);
    }
    expect(dataset.facts.found).toEqual({ negative: 30, neutral: 30, positive: 30 });
    expect(dataset.facts.notes).toContain(
      'split into 72 training, 9 validation and 9 test examples, stratified over classes and drawn by split seed 1',
    );
  });

  test('has the same splits for every seed, limit and regime, others for another split seed', async () => {
    const dataDir = await reviews();
    const held = async (options: { seed: number; limit?: number; splitSeed?: number }) =>
      collectTest(await catalogue.open('czech-csfd', { dataDir, ...options }));
    const first = await held({ seed: 1 });
    expect(await held({ seed: 2, limit: 30 })).toEqual(first);
    expect(await held({ seed: 1, splitSeed: 2 })).not.toEqual(first);
  });

  test('draws its limit from the training part alone', async () => {
    const dataset = await catalogue.open('czech-csfd', { seed: 3, limit: 30, dataDir: await reviews() });
    const { train, valid, test: held } = await splitsOf(dataset);
    expect(train).toHaveLength(30);
    const others = new Set([...valid, ...held].map(({ id }) => id));
    expect(train.filter(({ id }) => others.has(id))).toEqual([]);
    const tooMany = openCsfd({ limit: 73, dataDir: await reviews() });
    await expectRefused(tooMany, 'USAGE', /at most 72 training examples.*got 73/);
  });

  test('leaves duplicates out, counts those that contradict, and skips blank lines', async () => {
    const dataDir = await reviews({
      negative: '\r\n  \r\nNegative  RECENZE 1\r\n',
      positive: 'neutral recenze 2\r\npositive recenze 3',
    });
    const dataset = await openCsfd({ dataDir });
    const { train, valid, test: held } = await splitsOf(dataset);
    expect(train.length + valid.length + held.length).toBe(90);
    expect(dataset.facts.found).toEqual({ negative: 31, neutral: 30, positive: 32 });
    expect(dataset.facts.notes[0]).toBe(
      '3 duplicates were left out, the first of equal texts stays; 1 of them have another class than the first',
    );
  });

  test('refuses an empty file and broken UTF-8, or leaves the line out', async () => {
    const dataDir = await reviews();
    await put(dataDir, 'czech-csfd/neutral.txt', '\n\n');
    await expectMalformed(openCsfd({ dataDir }), /neutral\.txt: expected an example a line, got none/);
    await put(dataDir, 'czech-csfd/neutral.txt', Buffer.from('dobr\xfd\nd\u00edlo\njo\nne\n', 'latin1'));
    await expectMalformed(openCsfd({ dataDir }), /neutral\.txt:1: invalid UTF-8 at byte 5/);
    const dataset = await openCsfd({ dataDir, onMalformed: 'skip' });
    expect(dataset.skipped.count).toBe(2);
  });

  test('opens without the files of some classes for a look at the data, and says so', async () => {
    const dataDir = await reviews();
    await rm(join(dataDir, 'czech-csfd/neutral.txt'));
    await rm(join(dataDir, 'czech-csfd/positive.txt'));
    const dataset = await openCsfd({ dataDir, allowIncomplete: true });
    expect(dataset.labels).toEqual(['negative', 'neutral', 'positive']);
    expect(dataset.facts.found).toEqual({ negative: 30, neutral: 0, positive: 0 });
    expect(dataset.facts.files.map(({ name }) => name)).toEqual(['czech-csfd/negative.txt']);
    expect(dataset.facts.notes[0]).toMatch(
      /^incomplete: positive\.txt and neutral\.txt of czech-csfd missing/,
    );
    expect(dataset.facts.notes[0]).toContain(`\`datasets fetch czech-csfd --data-dir ${dataDir}\` gets them`);
    const { train, valid, test: held } = await splitsOf(dataset);
    expect([train.length, valid.length, held.length]).toEqual([24, 3, 3]);
    await put(dataDir, 'czech-csfd/neutral.txt', 'nic\n');
    await expectRefused(openCsfd({ dataDir }), 'DATA_MISSING', /lacks positive\.txt$/m, /czech-csfd/);
  });

  test('names every missing file and how to get them', async () => {
    const dataDir = await temporaryFolder();
    await put(dataDir, 'czech-mall/negative.txt', 'ne\n');
    const opening = catalogue.open('czech-mall', { seed: 1, dataDir });
    const lacks = /lacks .*(neutral\.txt.*positive\.txt|positive\.txt.*neutral\.txt)/;
    await expectRefused(opening, 'DATA_MISSING', lacks, /czech-mall/);
  });
});

test('subjectivity reads single bytes, of which 0x85 ends no line', async () => {
  const dataDir = await temporaryFolder();
  const quotes = Buffer.concat([
    Buffer.from('it is\x85 caf\xe9 \x93good\x94 \n', 'latin1'),
    ...Array.from({ length: 9 }, (_, n) => Buffer.from(`quote ${n} .\n`)),
  ]);
  await put(dataDir, 'subjectivity/rotten_imdb/quote.tok.gt9.5000', quotes);
  const plots = Array.from({ length: 10 }, (_, n) => `plot ${n} .\n`).join('');
  await put(dataDir, 'subjectivity/rotten_imdb/plot.tok.gt9.5000', plots);
  const dataset = await catalogue.open('subjectivity', { seed: 1, dataDir });
  const { train, valid, test: held } = await splitsOf(dataset);
  const all = [...train, ...valid, ...held];
  expect(all).toHaveLength(20);
  expect(all.find(({ id }) => id === 'subjective:1')).toEqual({
    id: 'subjective:1',
    text: 'it is… café “good”',
    label: 'subjective',
  });
});

describe('Czech Facebook', () => {
  const posts = (count: number) => Array.from({ length: count }, (_, n) => `příspěvek ${n} :-)\r\n`).join('');
  const folderWith = async (text: string, labels: string) => {
    const dataDir = await temporaryFolder();
    await put(dataDir, 'czech-facebook/gold-posts.txt', text);
    await put(dataDir, 'czech-facebook/gold-labels.txt', labels);
    return dataDir;
  };

  test('joins posts and labels by line', async () => {
    const dataDir = await folderWith(posts(40), 'p\r\n0\r\nn\r\nb\r\n'.repeat(10));
    const dataset = await catalogue.open('czech-facebook', { seed: 1, dataDir });
    expect(dataset.labels).toEqual(['bipolar', 'negative', 'neutral', 'positive']);
    expect(dataset.facts.found).toEqual({ bipolar: 10, negative: 10, neutral: 10, positive: 10 });
    const { train, valid, test: held } = await splitsOf(dataset);
    expect([train.length, valid.length, held.length]).toEqual([32, 4, 4]);
    const third = [...train, ...valid, ...held].find(({ id }) => id === 'post:3');
    expect(third).toEqual({ id: 'post:3', text: 'příspěvek 2 :-)', label: 'negative' });
  });

  test('leaves the bipolar posts out where it is of three classes', async () => {
    const dataDir = await folderWith(posts(40), 'p\r\n0\r\nn\r\nb\r\n'.repeat(10));
    const dataset = await catalogue.open('czech-facebook-3', { seed: 1, dataDir });
    expect(dataset.labels).toEqual(['negative', 'neutral', 'positive']);
    const { train, valid, test: held } = await splitsOf(dataset);
    expect([train.length, valid.length, held.length]).toEqual([24, 3, 3]);
    const ids = [...train, ...valid, ...held].map(({ id }) => id);
    expect(ids).toContain('post:3');
    expect(ids).not.toContain('post:4');
  });

  test('refuses files that do not go together, and unknown labels', async () => {
    for (const [count, labels, said] of [
      [
        3,
        'p\r\n0\r\n',
        /as many lines in .*gold-labels\.txt as in .*gold-posts\.txt, but it ends before line 3/,
      ],
      [2, 'p\r\nx\r\n', /gold-posts\.txt:2: its label .* is 'x', expected one of b, n, 0, p/],
    ] as const) {
      const dataDir = await folderWith(posts(count), labels);
      await expectMalformed(catalogue.open('czech-facebook', { seed: 1, dataDir }), said);
    }
  });
});

describe.runIf(realData)('real corpora', () => {
  test('have the published numbers of examples', async () => {
    const found = async (name: string) =>
      (await catalogue.open(name, { seed: 1, dataDir: realData })).facts.found;
    expect(await found('subjectivity')).toEqual({ objective: 5000, subjective: 5000 });
    expect(await found('czech-facebook')).toEqual({
      bipolar: 248,
      negative: 1991,
      neutral: 5174,
      positive: 2587,
    });
    expect(await found('czech-csfd')).toEqual({ negative: 6603, neutral: 7074, positive: 14187 });
  });
});
