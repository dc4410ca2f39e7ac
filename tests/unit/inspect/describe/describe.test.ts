import { expect, test } from 'vitest';
import { describeDataset } from '../../../../src/inspect/describe/describe.js';
import type { ProgressEvent } from '../../../../src/base/events.js';
import { expectMalformed, expectRefused, fileWith, put, temporaryFolder } from '../../support.js';
import { catalogue } from '../../../../src/datasets/catalogue.js';
import { dslLabels } from '../../../../src/datasets/dsl.js';
import { resolveRecipe } from '../../../../src/recipe/recipe.js';

test('measures own files of which no text can be held out for validation', async () => {
  const { splits } = await describeDataset({ train: await fileWith('a b\tx\na b\tx\nc\ty\n') });
  expect(splits).toMatchObject([{ split: 'train', examples: 3 }]);
});

test('measures own files', async () => {
  const description = await describeDataset({
    train: await fileWith('a b a\tx\nc d. A b\tx\nc D. a B\ty\n'),
    valid: await fileWith('a z z\ty\n'),
    test: await fileWith('q q\tx\nb\ty\n'),
  });
  expect(description).toMatchObject({
    name: 'own-data',
    language: null,
    level: 'word',
    tokenizer: ['nfc@1', 'lowercase@1', 'words@1'],
    labels: ['x', 'y'],
    skipped: { count: 0, first: [] },
  });
  const [train, valid, test_] = description.splits;
  // Tokens: a b a, c d . a b, c d . a b.
  expect(train).toMatchObject({
    split: 'train',
    examples: 3,
    tokens: 13,
    characters: 5 + 8 + 8,
    cut: 0,
    unknown: null,
    classes: {
      counts: [
        { label: 'x', count: 2 },
        { label: 'y', count: 1 },
      ],
    },
  });
  expect(train?.tokensInText).toMatchObject({ mean: 13 / 3, least: 3, most: 5 });
  expect(train?.sentencesInText).toMatchObject({ most: 2 });
  expect(valid?.unknown).toEqual({ tokens: 2 / 3, types: 1 / 2 });
  expect(test_?.unknown).toEqual({ tokens: 2 / 3, types: 1 / 2 });
  // Counts: a 4, b 3, c d . 2 each; Σ f² = 16 + 9 + 12 = 37.
  expect(description.vocabulary).toMatchObject({ types: 5, typeTokenRatio: 5 / 13, onceShare: 0 });
  expect(description.vocabulary.yuleK).toBeCloseTo((1e4 * (37 - 13)) / 169, 9);
  expect(description.vocabulary.mostFrequent.slice(0, 3)).toEqual([
    { token: 'a', count: 4 },
    { token: 'b', count: 3 },
    { token: '.', count: 2 },
  ]);
  expect(description.labelNoise.contradicting).toEqual({ examples: 2, share: 2 / 3 });
  expect(description.facts.files).toHaveLength(3);
});

test('counts characters at their level, and says how many texts a model would cut', async () => {
  const long = 'xy'.repeat(300);
  const train = await fileWith(`${long}\tx\nz😀\ty\n`);
  const { splits, vocabulary, tokenizer } = await describeDataset({ train, valid: train }, { level: 'char' });
  expect(tokenizer).toEqual(['nfc@1', 'characters@1']);
  expect(splits[0]).toMatchObject({ tokens: 602, characters: 602, cut: 0.5 });
  expect(splits[1]).toMatchObject({ unknown: { tokens: 0, types: 0 } });
  expect(splits).toHaveLength(2);
  expect(vocabulary.types).toBe(4);
});

test('measures the tokens that training reads, which may be those of the preset', async () => {
  const dataDir = await temporaryFolder();
  const lines = dslLabels.map((label) => `věta jedna\t${label}\n`).join('');
  const files = ['train-dev/train.txt', 'train-dev/devel.txt', 'gold/test-gold.txt'];
  for (const file of files) await put(dataDir, `dsl/${file}`, lines);
  const words = await describeDataset('dsl', { dataDir });
  expect(words).toMatchObject({ level: 'word', tokenizer: ['nfc@1', 'lowercase@1', 'words@1'] });
  const dataset = await catalogue.open('dsl', { dataDir, seed: 1 });
  const { level, tokenizer, maxTokens } = resolveRecipe({}, dataset);
  expect(words).toMatchObject({ level, tokenizer, maxTokens });
  const characters = await describeDataset('dsl', { dataDir, level: 'char' });
  expect(characters).toMatchObject({ level: 'char', tokenizer: ['nfc@1', 'characters@1'] });
});

test('describes the simulator: templates, no wrong labels by contradiction alone', async () => {
  const events: ProgressEvent[] = [];
  const description = await describeDataset(
    'babi-sim-1',
    { limit: 5000 },
    { onProgress: (event) => events.push(event) },
  );
  expect(description.artificiality.templated).toBe(true);
  expect(description.artificiality.compressionRatio).toBeGreaterThan(5);
  expect(description.vocabulary.types).toBeLessThan(40);
  expect(description.language).toMatch(/English/);
  expect(description.labelNoise.reliable).toBe(false);
  expect(description.splits.map(({ examples }) => examples)).toEqual([5000, 500, 1000]);
  expect(events.some((event) => event.kind === 'examples' && event.text === 'reading train')).toBe(true);
});

test('gives the same numbers each time', async () => {
  const options = { limit: 300, seed: 2 };
  expect(await describeDataset('babi-sim-2', options)).toEqual(await describeDataset('babi-sim-2', options));
});

test('leaves malformed lines out when asked to, and stops at them otherwise', async () => {
  const train = await fileWith('a b\tx\nbroken\nc d\ty\n');
  const files = { train, valid: await fileWith('a\tx\n') };
  await expectMalformed(describeDataset(files), /:2: no tab/);
  const { skipped, splits } = await describeDataset(files, { onMalformed: 'skip' });
  expect(skipped.count).toBe(1);
  expect(splits[0]?.examples).toBe(2);
});

test('refuses wrong options', async () => {
  const ofBytes = describeDataset('babi-sim-1', { level: 'byte' as never });
  await expectRefused(ofBytes, 'USAGE', /--level: expected one of char, word, got 'byte'/, /^/);
  const threaded = describeDataset('babi-sim-1', { threads: 2 } as never);
  await expectRefused(threaded, 'USAGE', /unknown option 'threads'/);
});
