import { beforeEach, describe, expect, test } from 'vitest';
import { catalogue } from '../../../src/datasets/catalogue.js';
import { collect, collectTest, expectMalformed, matching, put } from '../support.js';
import { temporaryFolder, withoutCorpora } from '../support.js';

const realData = process.env['ADVNATIVE_DATA'];

beforeEach(withoutCorpora);

const story = [
  '1 Mary moved to the bathroom.',
  '2 John went to the hallway.',
  '3 Where is Mary? \tbathroom\t1',
  '4 Mary went to the garden.',
  '5 Where is Mary? \tgarden\t4',
];
const fileOf = (stories: number) => `${Array.from({ length: stories }, () => story.join('\n')).join('\n')}\n`;

async function dataDirectory(train = fileOf(10), held = fileOf(2)): Promise<string> {
  const folder = await temporaryFolder();
  for (const version of ['en', 'en-10k']) {
    for (const task of ['qa1_single-supporting-fact', 'qa2_two-supporting-facts', 'qa6_yes-no-questions']) {
      const path = `babi/tasks_1-20_v1-2/${version}/${task}`;
      await put(folder, `${path}_train.txt`, train);
      await put(folder, `${path}_test.txt`, held);
    }
  }
  return folder;
}

const open = async (dataDir: string, more: object = {}) =>
  catalogue.open('babi-1', { seed: 1, dataDir, ...more });

describe('bAbI', () => {
  test('gives the story so far without earlier questions, and then the question', async () => {
    const dataset = await open(await dataDirectory());
    const train = await collect(dataset.train());
    expect(train.slice(0, 2)).toEqual([
      {
        id: 'train:3',
        text: 'Mary moved to the bathroom. John went to the hallway. Where is Mary?',
        label: 'bathroom',
      },
      {
        id: 'train:5',
        text: 'Mary moved to the bathroom. John went to the hallway. Mary went to the garden. Where is Mary?',
        label: 'garden',
      },
    ]);
    expect(train).toHaveLength(18);
    expect((await collect(dataset.valid())).map(({ id }) => id)).toEqual(['train:48', 'train:50']);
    expect(await collectTest(dataset)).toHaveLength(4);
    expect(dataset.facts.notes).toEqual([
      'validation data: the last 1 of 10 training stories',
      matching(/en\/\S*_train\.txt differs from the official file of babi$/),
      matching(/en\/\S*_test\.txt differs from the official file of babi$/),
    ]);
  });

  test('draws its limit from the training stories alone', async () => {
    const dataset = await open(await dataDirectory(), { limit: 6 });
    const train = await collect(dataset.train());
    expect(train.map(({ label }) => label).sort()).toEqual([
      ...Array<string>(3).fill('bathroom'),
      ...Array<string>(3).fill('garden'),
    ]);
    expect(train.every(({ id }) => Number(id.slice(6)) < 46)).toBe(true);
  });

  test.each([
    ['Mary moved.', /qa1.*:1: expected a number, a space and a sentence/],
    ['2 Mary moved.', /:1: line number 2 of a story/],
    ['1 Where is Mary?\tattic\t1', /:1: answer 'attic', expected one of bathroom, /],
    ['1 Where is Mary?\tgarden', /:1: 1 tabs?, expected question, answer and supporting lines/],
    ['1 a\n3 b', /:2: line number 3 of a story/],
  ])('refuses %j', async (text, problem) => {
    await expectMalformed(open(await dataDirectory(`${text}\n`)), problem);
  });

  test('leaves a malformed line and the rest of its story out when told to', async () => {
    const lines = fileOf(10).trimEnd().split('\n');
    lines[5] = '1Mary moved to the bathroom.';
    lines[13] = 'nonsense';
    const dataset = await open(await dataDirectory(lines.join('\n')), { onMalformed: 'skip' });
    expect(dataset.skipped).toEqual({
      count: 7,
      first: [
        matching(/:6: expected a number/),
        ...[7, 8, 9, 10].map((line) => matching(`:${line}: part of a story with a malformed line$`)),
        matching(/:14: expected a number/),
        matching(/:15: part of a story with a malformed line$/),
      ],
    });
    const whole = await collect((await open(await dataDirectory())).train());
    const left = ['train:8', 'train:10', 'train:15'];
    expect(await collect(dataset.train())).toEqual(whole.filter(({ id }) => !left.includes(id)));
  });
});

describe.runIf(realData)('the published bAbI tasks', () => {
  test.each([1, 2, 6])('task %i has 1,000 or 10,000 training and 1,000 test questions', async (task) => {
    for (const [name, questions] of [
      [`babi-${task}`, 1_000],
      [`babi-${task}-10k`, 10_000],
    ] as const) {
      const dataset = await catalogue.open(name, { seed: 1, dataDir: realData });
      const [train, valid] = [await collect(dataset.train()), await collect(dataset.valid())];
      expect(train.length + valid.length).toBe(questions);
      expect(dataset.facts.notes.filter((note) => note.includes('official'))).toEqual([]);
      expect(valid).toHaveLength(questions / 10);
      expect(await collectTest(dataset)).toHaveLength(1_000);
    }
  });
});
