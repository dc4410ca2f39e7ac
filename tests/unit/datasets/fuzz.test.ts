import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { questionsOf } from '../../../src/datasets/babi-stories.js';
import { joinPosts } from '../../../src/datasets/czech-facebook.js';
import { dslLabels } from '../../../src/datasets/dsl.js';
import { examplesOfClass } from '../../../src/datasets/labelled-by-file.js';
import { oneOf } from '../../../src/files/label-rule.js';
import { checkForm, readExamples, scanLabels } from '../../../src/files/labelled-file.js';
import { linesOf } from '../../../src/files/lines.js';
import { MalformedLines } from '../../../src/files/malformed.js';
import type { Random } from '../../../src/base/random.js';
import { memoryFolder, untilClosed } from '../fuzz/files.js';
import { fuzz } from '../fuzz/fuzz.js';
import { mutatedBytes } from '../fuzz/mutator.js';
import { chunksOf } from '../files/support.js';
import { collect } from '../support.js';

const words = ['\t', '\n', '\r\n', '\r', '\0', '\ufeff', '\u0085', ' ', '1 ', '999999999999999999999 '].map(
  (word) => Buffer.from(word),
);
const damaged = (random: Random, ...seeds: readonly string[]): Buffer =>
  mutatedBytes(random, { seeds: seeds.map((seed) => Buffer.from(seed)), words });
const linesIn = (bytes: Buffer) => linesOf(chunksOf(bytes, 61));
const policy = (random: Random) => random.pick(['stop', 'skip'] as const);

/** Reads to the end and counts examples and lines left out. */
class Tally {
  examples = 0;
  skipped = 0;

  async read(examples: AsyncIterable<{ text: string }>, malformed: MalformedLines): Promise<void> {
    for (const { text } of await collect(examples)) {
      if (text.trim() === '') throw new Error('an example without text');
      this.examples++;
    }
    this.skipped += malformed.skipped.count;
  }
}

test('bAbI stories survive any damage', async () => {
  const stories = [
    '1 Mary moved to the bathroom.\n2 Where is Mary? \tbathroom\t1\n1 John went to the hallway.\n2 Where is John?\thallway\t1\n',
    '1 Where is Mary?\thallway\t\r\n',
  ];
  const tally = new Tally();
  const outcomes = await fuzz({
    name: 'bAbI',
    input: (random) => ({ bytes: damaged(random, ...stories), policy: policy(random) }),
    read: async (input) => {
      const malformed = new MalformedLines(input.policy);
      const format = { path: 'stories', answers: ['bathroom', 'hallway'], malformed };
      await tally.read(questionsOf(linesIn(input.bytes), format), malformed);
    },
    refusals: ['DATA_MALFORMED'],
  });
  expect(outcomes.valid).toBeGreaterThan(5_000);
  expect(outcomes.refused).toBeGreaterThan(1_000);
  expect(tally.examples).toBeGreaterThan(3_000);
  expect(tally.skipped).toBeGreaterThan(1_000);
});

test('posts and labels survive any damage', async () => {
  const posts = 'dobré :-)\r\nšpatné!\r\nnevím\r\n';
  const labels = 'p\r\nn\r\n0\r\n';
  const tally = new Tally();
  const outcomes = await fuzz({
    name: 'posts',
    input: (random) => ({
      posts: random.below(2) === 0 ? Buffer.from(posts) : damaged(random, posts),
      labels: random.below(2) === 0 ? Buffer.from(labels) : damaged(random, labels),
      policy: policy(random),
    }),
    read: async (input) => {
      const malformed = new MalformedLines(input.policy);
      const files = { posts: 'posts', labels: 'labels' };
      await tally.read(joinPosts(linesIn(input.posts), linesIn(input.labels), files, malformed), malformed);
    },
    refusals: ['DATA_MALFORMED'],
  });
  expect(outcomes.valid).toBeGreaterThan(3_000);
  expect(outcomes.refused).toBeGreaterThan(1_000);
  expect(tally.examples).toBeGreaterThan(5_000);
  expect(tally.skipped).toBeGreaterThan(1_000);
});

test('files of one class survive any damage, in every encoding', async () => {
  const texts = ['a fine\u0085film\n\n  \nlong , too\n', 'dobré\r\nšpatné\r\n', ' \n'];
  const tally = new Tally();
  const outcomes = await fuzz({
    name: 'classes',
    input: (random) => ({
      bytes: damaged(random, ...texts),
      encoding: random.pick(['utf-8', 'windows-1252'] as const),
      policy: policy(random),
    }),
    read: async (input) => {
      const malformed = new MalformedLines(input.policy);
      const lines = linesOf(chunksOf(input.bytes, 7), input.encoding);
      await tally.read(examplesOfClass(lines, { path: 'file', label: 'fine', malformed }), malformed);
    },
    refusals: ['DATA_MALFORMED'],
  });
  expect(outcomes.valid).toBeGreaterThan(5_000);
  expect(outcomes.refused).toBeGreaterThan(500);
  expect(tally.examples).toBeGreaterThan(5_000);
  expect(tally.skipped).toBeGreaterThan(500);
});

test('sentences and the labels of DSL survive any damage', async () => {
  const folder = memoryFolder();
  const path = join(folder, 'train.txt');
  const sentences =
    'Kde je?\tcz\nKde si?\tsk\n¿Dónde?\tes_AR\n¿Qué tal?\tes-ES\n¿Qué?\tes-AR\nGdje je?\thr\n…\txx\n';
  const rule = oneOf(dslLabels, (written) => written.replace('_', '-'));
  const tally = new Tally();
  const outcomes = await fuzz({
    name: 'DSL',
    input: (random) => ({ bytes: damaged(random, sentences), policy: policy(random) }),
    read: async (input, place) => {
      writeFileSync(path, input.bytes);
      const malformed = new MalformedLines(input.policy);
      const file = { path, split: 'train', rule, malformed, signal: undefined };
      // What opening does before examples are read, and the reading itself.
      if (place % 4 === 0) await checkForm(file);
      else if (place % 4 === 1)
        expect((await scanLabels(file)).names.every((name) => dslLabels.includes(name))).toBe(true);
      else await tally.read(readExamples(file), malformed);
    },
    refusals: ['DATA_MALFORMED'],
  });
  await untilClosed(folder);
  expect(outcomes.valid).toBeGreaterThan(4_000);
  expect(outcomes.refused).toBeGreaterThan(1_000);
  expect(tally.examples).toBeGreaterThan(3_000);
  expect(tally.skipped).toBeGreaterThan(1_000);
});
