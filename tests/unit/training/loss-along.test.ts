import { expect, it } from 'vitest';
import type { NetworkRun } from '../../../src/training/active-run.js';
import { lossAlong } from '../../../src/training/loss-along.js';
import { FakeClassifier, recipe, split } from './support.js';

async function measured(
  texts: number,
  changes: { readonly seed?: number; readonly batchSize?: number } = {},
) {
  const classifier = new FakeClassifier();
  const labels: number[] = [];
  const evaluate = classifier.evaluateUnder.bind(classifier);
  const draws: number[] = [];
  classifier.evaluateUnder = (batch, options) => {
    labels.push(...batch.labels);
    draws.push(options.draw);
    return evaluate(batch, options);
  };
  const run = {
    classifier,
    data: { valid: await split(texts, 4) },
    recipe: { ...recipe, ...changes },
    watch: {},
  };
  return { along: await lossAlong(run as unknown as NetworkRun), labels, draws };
}

it('means the losses of validation texts at each size of both perturbations, from none at all', async () => {
  const { along, labels, draws } = await measured(11);
  expect(along).toMatchObject({ texts: 11, embeddingStd: 0.25 });
  expect(labels).toHaveLength(11);
  expect(along.epsilons[0]).toBe(0);
  expect(along.epsilons).toEqual([...along.epsilons].sort((a, b) => a - b));
  for (const losses of [along.fastGradientSign, along.random]) {
    // The untrained fake: the same loss for every class, and what it adds for ε.
    expect(losses).toHaveLength(along.epsilons.length);
    losses.forEach((loss, place) => {
      expect(loss).toBeCloseTo(Math.log(3) + (along.epsilons[place] ?? NaN), 9);
    });
  }
  // Of a classifier that has taken no step.
  expect(draws).toEqual([1, 2, 3]);
});

it('takes some of many texts, the same ones whatever the seed of the run', async () => {
  const { along, labels } = await measured(700);
  expect(along.texts).toBe(256);
  expect(labels).toHaveLength(256);
  expect(new Set(labels).size).toBe(3);
  expect((await measured(700, { seed: 8 })).labels).toEqual(labels);
});

it('weighs a smaller last batch by its texts', async () => {
  const { along } = await measured(11, { batchSize: 10 });
  expect(along.fastGradientSign[0]).toBeCloseTo(Math.log(3), 9);
});
