import { writeFileSync } from 'node:fs';
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
import { memoryFile } from '../fuzz/files.js';
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

/** The least numbers of inputs and of what is in them that a test is worth something with. */
interface Least {
  readonly valid: number;
  readonly refused: number;
  readonly examples: number;
  readonly skipped: number;
}

type Examples = AsyncIterable<{ readonly text: string }>;

/** Reads damaged inputs to the end, stopping at malformed lines or leaving them out; some end in each way. */
async function survives<Input extends object>(
  name: string,
  input: (random: Random) => Input,
  examplesOf: (
    input: Input,
    malformed: MalformedLines,
    place: number,
  ) => Examples | Promise<Examples | undefined>,
  least: Least,
): Promise<void> {
  let [read, skipped] = [0, 0];
  await fuzz({
    name,
    input: (random) => ({ ...input(random), policy: random.pick(['stop', 'skip'] as const) }),
    read: async (given, place) => {
      const malformed = new MalformedLines(given.policy);
      const examples = await examplesOf(given, malformed, place);
      if (examples === undefined) return;
      for (const { text } of await collect(examples)) {
        if (text.trim() === '') throw new Error('an example without text');
        read++;
      }
      skipped += malformed.skipped.count;
    },
    refusals: ['DATA_MALFORMED'],
    moreThan: least,
  });
  expect(read).toBeGreaterThan(least.examples);
  expect(skipped).toBeGreaterThan(least.skipped);
}

test('bAbI stories survive any damage', async () => {
  const stories = [
    '1 Mary moved to the bathroom.\n2 Where is Mary? \tbathroom\t1\n1 John went to the hallway.\n2 Where is John?\thallway\t1\n',
    '1 Where is Mary?\thallway\t\r\n',
  ];
  const answers = ['bathroom', 'hallway'];
  await survives(
    'bAbI',
    (random) => ({ bytes: damaged(random, ...stories) }),
    ({ bytes }, malformed) => questionsOf(linesIn(bytes), { path: 'stories', answers, malformed }),
    { valid: 5_000, refused: 1_000, examples: 3_000, skipped: 1_000 },
  );
});

test('posts and labels survive any damage', async () => {
  const seeds = { posts: 'dobré :-)\r\nšpatné!\r\nnevím\r\n', labels: 'p\r\nn\r\n0\r\n' };
  const files = { posts: 'posts', labels: 'labels' };
  const some = (random: Random, seed: string) =>
    random.below(2) === 0 ? Buffer.from(seed) : damaged(random, seed);
  await survives(
    'posts',
    (random) => ({ posts: some(random, seeds.posts), labels: some(random, seeds.labels) }),
    ({ posts, labels }, malformed) => joinPosts(linesIn(posts), linesIn(labels), files, malformed),
    { valid: 3_000, refused: 1_000, examples: 5_000, skipped: 1_000 },
  );
});

test('files of one class survive any damage, in every encoding', async () => {
  const texts = ['a fine\u0085film\n\n  \nlong , too\n', 'dobré\r\nšpatné\r\n', ' \n'];
  await survives(
    'classes',
    (random) => ({
      bytes: damaged(random, ...texts),
      encoding: random.pick(['utf-8', 'windows-1252'] as const),
    }),
    ({ bytes, encoding }, malformed) =>
      examplesOfClass(linesOf(chunksOf(bytes, 7), encoding), { path: 'file', label: 'fine', malformed }),
    { valid: 5_000, refused: 500, examples: 5_000, skipped: 500 },
  );
});

test('sentences and the labels of DSL survive any damage', async () => {
  const path = memoryFile('train.txt');
  const sentences =
    'Kde je?\tcz\nKde si?\tsk\n¿Dónde?\tes_AR\n¿Qué tal?\tes-ES\n¿Qué?\tes-AR\nGdje je?\thr\n…\txx\n';
  const rule = oneOf(dslLabels, (written) => written.replace('_', '-'));
  await survives(
    'DSL',
    (random) => ({ bytes: damaged(random, sentences) }),
    async ({ bytes }, malformed, place) => {
      writeFileSync(path, bytes);
      const file = { path, split: 'train', rule, malformed, signal: undefined };
      // What opening does before examples are read, and the reading itself.
      if (place % 4 > 1) return readExamples(file);
      if (place % 4 === 0) await checkForm(file);
      else expect((await scanLabels(file)).names.every((name) => dslLabels.includes(name))).toBe(true);
      return undefined;
    },
    { valid: 4_000, refused: 1_000, examples: 3_000, skipped: 1_000 },
  );
});
