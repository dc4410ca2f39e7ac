import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../../src/datasets/catalogue.js';
import type { Example } from '../../../../src/text/types.js';
import { tokenizerOf } from '../../../../src/text/tokenizers/pipeline.js';
import { solve } from './story-solver.js';
import { collect, collectTest, expectRefused } from '../../support.js';

const open = (task: number, options: { seed?: number; limit?: number } = {}) =>
  catalogue.open(`babi-sim-${task}`, { seed: 1, ...options });
const countLabels = (examples: readonly Example[]) => {
  const counts: Record<string, number> = {};
  for (const { label } of examples) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
};

describe.each([1, 2, 6])('the simulator of bAbI task %i', (task) => {
  test('tells stories whose questions have the answer that follows from them', async () => {
    for (const { text, label } of await collect((await open(task, { limit: 2000 })).train())) {
      expect([text, solve(text)]).toEqual([text, label]);
    }
  });

  test('answers with every label about equally often', async () => {
    const dataset = await open(task, { limit: 6000 });
    const counts = countLabels(await collect(dataset.train()));
    expect(Object.keys(counts).toSorted()).toEqual(dataset.labels);
    const even = 6000 / dataset.labels.length;
    for (const count of Object.values(counts)) expect(Math.abs(count - even)).toBeLessThan(0.12 * even);
  });

  test('is the same for the same seed, and another for another seed or split', async () => {
    const texts = async (seed: number) =>
      (await collect((await open(task, { seed, limit: 200 })).train())).map((e) => e.text);
    const first = await texts(1);
    expect(await texts(1)).toEqual(first);
    expect(await texts(2)).not.toEqual(first);
    const valid = await collect((await open(task, { limit: 2000 })).valid());
    expect(valid.map(({ text }) => text)).not.toEqual(first);
  });

  test('asks the same test questions whatever the limit', async () => {
    const questions = async (limit: number) => collectTest(await open(task, { limit }));
    const few = await questions(10);
    expect(few).toHaveLength(1000);
    expect(await questions(5000)).toEqual(few);
    expect(new Set(few.map(({ id }) => id)).size).toBe(1000);
  });

  test('keeps every text below the longest that is not cut', async () => {
    const dataset = await open(task, { limit: 20_000 });
    const tokenizer = tokenizerOf(dataset.defaults.word.tokenizer);
    const lengths = (await collect(dataset.train())).map(({ text }) => tokenizer.tokenize(text).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(dataset.defaults.word.maxTokens);
  });
});

describe('a simulated story', () => {
  test.each([1, 6])('of task %i has five questions, each after two more moves', async (task) => {
    const examples = await collect((await open(task, { limit: 50 })).train());
    const sentences = examples.map(({ text }) => text.split('.').length - 1);
    expect(sentences).toEqual(Array.from({ length: 50 }, (_, question) => 2 + 2 * (question % 5)));
  });

  test('of task 2 has things taken and dropped', async () => {
    const texts = (await collect((await open(2, { limit: 500 })).train())).map(({ text }) => text).join(' ');
    for (const verb of ['grabbed', 'took', 'got', 'picked up', 'dropped', 'put down', 'discarded', 'left']) {
      expect(texts).toContain(` ${verb} the `);
    }
  });
});

describe('sizes of the simulated splits', () => {
  const sizes = async (limit?: number) => {
    const dataset = await open(1, limit === undefined ? {} : { limit });
    return [(await collect(dataset.train())).length, (await collect(dataset.valid())).length];
  };

  test('are 10,000 and 1,000, or the limit and a tenth of it from 100 to 1,000', async () => {
    expect(await sizes()).toEqual([10_000, 1_000]);
    expect(await sizes(7)).toEqual([7, 100]);
    expect(await sizes(3_000)).toEqual([3_000, 300]);
    expect(await sizes(20_000)).toEqual([20_000, 1_000]);
  });

  test('have a limit of their own', async () => {
    await expectRefused(open(1, { limit: 1_000_001 }), 'USAGE', /at most 1000000 .* got 1000001/);
  });
});

test('the facts say that the data is simulated', async () => {
  const { facts } = await open(6);
  expect(facts.files).toEqual([]);
  expect(facts.notes.join('\n')).toMatch(
    /simulated with seed 1.*not the published bAbI corpus[^]*tells of moves only/,
  );
});
