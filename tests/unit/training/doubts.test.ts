import { describe, expect, it } from 'vitest';
import type { TrainingCourse } from '../../../src/training/advice.js';
import { jointDoubts, trainingDoubts } from '../../../src/training/doubts.js';
import { withoutLearning, type WithoutLearning } from '../../../src/training/without-learning.js';
import type { Warning } from '../../../src/base/warnings.js';
import { epochs, recipe } from './support.js';

type Losses = readonly (readonly [train: number, valid: number])[];

/** Training and validation losses, a pair an epoch. */
const losses = (...pairs: Losses): Losses => pairs;

/** Training on 360 and validation on 200 examples of two classes; the epoch of the least validation loss is selected. */
function course(pairs: Losses, rest: Partial<TrainingCourse> & { accuracy?: number } = {}): TrainingCourse {
  const { accuracy = 0.8, ...others } = rest;
  const history = epochs(0.69, pairs).map((record) => ({ ...record, validAccuracy: accuracy }));
  const selected = history
    .slice(1)
    .reduce((least, each) => (each.validLoss < least.validLoss ? each : least));
  return {
    history,
    selected,
    diverged: false,
    recipe: { ...recipe, epochs: 10, learningRate: 0.001, epsilon: 0.02 },
    train: { count: 360, classCounts: [180, 180] },
    valid: { count: 200, classCounts: [100, 100] },
    defaults: { learningRate: 0.001, epsilon: 0.02, clipNorm: 5 },
    ...others,
  };
}

const reached: WithoutLearning = {
  untrainedLoss: 0.69,
  priorLoss: 0.68,
  majorityAccuracy: 0.5,
  majorityLabel: 'neg',
};

function doubts(of: TrainingCourse, without: Partial<WithoutLearning> = {}): Warning[] {
  return trainingDoubts(of, { ...reached, ...without });
}

function codes(...given: Parameters<typeof doubts>): string[] {
  return doubts(...given).map(({ code }) => code);
}

it('tells what is reached without learning', () => {
  const of = course([[0.5, 0.4]], { valid: { count: 4, classCounts: [1, 3] } });
  expect(withoutLearning(of, ['neg', 'pos'])).toEqual({
    untrainedLoss: 0.69,
    priorLoss: expect.closeTo(Math.log(2), 12) as number,
    majorityAccuracy: 0.75,
    majorityLabel: 'pos',
  });
});

describe('a selected epoch', () => {
  const good = course([[0.5, 0.4]]);

  it('leaves no doubt where it is better than all that', () => {
    expect(codes(good)).toEqual([]);
  });

  it.each<[string, Partial<WithoutLearning>]>([
    ['WORSE_THAN_UNTRAINED', { untrainedLoss: 0.4 }],
    ['WORSE_THAN_UNTRAINED', { untrainedLoss: Number.NaN }],
    ['WORSE_THAN_PRIOR', { priorLoss: 0.4 }],
    ['WORSE_THAN_PRIOR', { priorLoss: Number.NaN }],
    ['WORSE_THAN_MAJORITY', { majorityAccuracy: 0.8 }],
    ['WORSE_THAN_MAJORITY', { majorityAccuracy: Number.NaN }],
  ])('raises %s alone where it is no better than %o', (code, without) => {
    expect(codes(good, without)).toEqual([code]);
  });

  it.each<[string, Partial<WithoutLearning>]>([
    ['WORSE_THAN_UNTRAINED', { untrainedLoss: 0.4 + 1e-10 }],
    ['WORSE_THAN_UNTRAINED', { untrainedLoss: 0.4035 }],
    ['WORSE_THAN_PRIOR', { priorLoss: 0.4 + 1e-10 }],
    ['WORSE_THAN_PRIOR', { priorLoss: 0.4035 }],
  ])('raises %s where its loss is less than 1 %% below: %o', (code, without) => {
    const [first, ...others] = doubts(good, without);
    expect(others).toEqual([]);
    expect(first?.code).toBe(code);
    expect(first?.message).toMatch(/is hardly better than .*: validation loss 0\.4000 against 0\.40/);
  });

  it('leaves no doubt where its losses are more than 1 % below, however near', () => {
    expect(codes(good, { untrainedLoss: 0.405, priorLoss: 0.405 })).toEqual([]);
  });

  it('is not held against always answering the only class of the validation data', () => {
    for (const count of [1, 20]) {
      const single = { valid: { count, classCounts: [count, 0] } };
      expect(codes(course([[0.5, 0.4]], { ...single, accuracy: 1 }), { majorityAccuracy: 1 })).toEqual([]);
      expect(codes(course([[0.5, 0.4]], { ...single, accuracy: 0 }), { majorityAccuracy: 1 })).toEqual([]);
    }
  });

  it('raises all where it is worse than everything, and NaN is worse', () => {
    const all = ['WORSE_THAN_UNTRAINED', 'WORSE_THAN_PRIOR', 'WORSE_THAN_MAJORITY'];
    expect(codes(course([[0.5, 1.5]], { accuracy: 0.3 }))).toEqual(all);
    expect(codes(course([[0.5, Number.NaN]], { accuracy: Number.NaN }))).toEqual(all);
  });

  it('names the epoch and both numbers, however large', () => {
    const [untrained, prior, majority] = doubts(course([[1e10, 3503.8488]], { accuracy: 0.3 }));
    expect(untrained?.message).toMatch(
      /^epoch 1, the selected one, is no better than the untrained model: validation loss 3504 against 0\.6900\. Try /,
    );
    expect(prior?.message).toMatch(/label frequencies of the training data: .* against 0\.6800$/);
    expect(majority?.message).toMatch(
      /always predicting 'neg': accuracy 0\.3000 against 0\.5000 on 200 validation examples$/,
    );
  });

  it('shows a part of a label that is a whole text', () => {
    const [first] = doubts(good, { majorityAccuracy: 0.9, majorityLabel: 'x'.repeat(5000) });
    expect(first?.message).toMatch(/always predicting 'x+…'/);
    expect(first?.message.length).toBeLessThan(400);
  });
});

it('says that training diverged, where it ended, and of the selected epoch nothing that does not hold', () => {
  const of = course(losses([0.5, 0.4], [1e9, 2e8], [5e8, 1e8]), { diverged: true });
  const [first, ...others] = doubts(of);
  expect(first?.code).toBe('DIVERGED');
  expect(first?.message).toMatch(
    /ended after epoch 3 of 10: .*training loss 5\.000e\+8, validation loss 1\.000e\+8, untrained model 0\.6900/,
  );
  expect(first?.message).toMatch(/Try a smaller --lr/);
  expect(others).toEqual([]);
});

describe('what to try', () => {
  const advised = (of: TrainingCourse, without?: Partial<WithoutLearning>): string =>
    /Try .*/.exec(doubts(of, without)[0]?.message ?? '')?.[0] ?? '';
  const withRecipe = (changes: Partial<TrainingCourse['recipe']>): Pick<TrainingCourse, 'recipe'> => ({
    recipe: { ...recipe, epochs: 10, learningRate: 0.001, epsilon: 0.02, ...changes },
  });

  it('is said once', () => {
    const messages = doubts(course([[0.5, 1.5]], { accuracy: 0.3 })).map(({ message }) => message);
    expect(messages.map((message) => message.includes('Try '))).toEqual([true, false, false]);
  });

  it('is a smaller rate where a loss grew, even if it came down again', () => {
    const fallen = losses([16, 0.75], [0.69, 0.7]);
    expect(advised(course(fallen, withRecipe({ learningRate: 0.1 })))).toBe(
      'Try a smaller --lr (it was 0.1, the default for this data is 0.001).',
    );
    expect(advised(course([[0.69, 3504]]))).toBe('Try a smaller --lr (it was 0.001).');
  });

  it('is a smaller perturbation and clipping too where they can be to blame', () => {
    const loud = withRecipe({ epsilon: 50, clipNorm: 0 });
    expect(advised(course([[9, 9]], loud))).toBe(
      'Try a smaller --lr (it was 0.001), a smaller --epsilon (it was 50) or --clip-norm 5.',
    );
    const random = withRecipe({ epsilon: 50, regime: 'random+dropout' });
    expect(advised(course([[9, 9]], random))).toMatch(/a smaller --epsilon \(it was 50\)/u);
    const plain = withRecipe({ epsilon: 50, regime: 'dropout' });
    expect(advised(course([[9, 9]], plain))).toBe('Try a smaller --lr (it was 0.001).');
  });

  it('is less of a model and more data where training alone got better', () => {
    const overfitted = losses([0.5, 0.8], [0.01, 0.9]);
    expect(advised(course(overfitted, withRecipe({ size: 'big' })))).toMatch(
      /^Try more training data, --regime adversarial\+dropout, --size small or .*datasets audit/,
    );
    expect(advised(course(overfitted, withRecipe({ regime: 'random' })))).toMatch(
      /--regime random\+dropout or/,
    );
    expect(advised(course(overfitted, withRecipe({ regime: 'random+dropout' })))).not.toMatch(/--regime/);
    const limited = withRecipe({ regime: 'vanilla', limit: 100 });
    expect(advised(course(overfitted, limited))).toMatch(
      /^Try a larger --limit \(it was 100\), --regime dropout or .*datasets audit/,
    );
  });

  it('is longer training and another rate where nothing moved', () => {
    const still = losses([0.69, 0.7], [0.69, 0.69]);
    expect(advised(course(still, withRecipe({ learningRate: 0.00001, epochs: 2 })))).toMatch(
      /^Try a larger --lr \(it was 0\.00001, the default for this data is 0\.001\), more --epochs \(it ran 2\) or a look at .*datasets audit/,
    );
    expect(advised(course(losses([0.69, 0.69], [0.69, 0.7])))).toMatch(
      /^Try another --lr \(it was 0\.001\) or a look at/,
    );
    expect(advised(course([[0.69, 0.69]], withRecipe({ epochs: 1 })))).toMatch(
      /^Try more --epochs \(it ran 1\), another --lr/,
    );
  });

  it('is a larger rate before all else where it was tiny', () => {
    const untouched = course(losses([0.69, 0.69 - 1e-10]), withRecipe({ learningRate: 1e-9, epochs: 1 }));
    expect(advised(untouched)).toMatch(
      /^Try a larger --lr \(it was 1e-9, the default for this data is 0\.001\), more --epochs/,
    );
  });

  it.each(['char', 'word'] as const)('is never another level: the script may have decided on %s', (level) => {
    for (const learningRate of [1e-5, 0.001, 0.002]) {
      const of = course([[0.69, 0.69]], withRecipe({ level, learningRate, tokenizer: ['nfc@1', 'words@1'] }));
      expect(advised(of)).not.toMatch(/--level|--tokenizer/);
    }
  });

  it('is more of the rare classes where the loss fell and the accuracy did not follow', () => {
    expect(advised(course([[0.5, 0.3]]), { majorityAccuracy: 0.9 })).toMatch(
      /rarer classes .*the loss did fall: look at macro F1/,
    );
  });

  it('tells how much chance there is in few validation examples', () => {
    const few = { valid: { count: 12, classCounts: [6, 6] } };
    expect(advised(course([[0.69, 0.7]], few))).toMatch(
      /On 12 validation examples chance plays a large part/,
    );
    const one = { valid: { count: 1, classCounts: [1, 0] } };
    expect(advised(course([[0.69, 0.7]], one))).toMatch(/On 1 validation example chance plays a large part/);
    expect(advised(course([[0.69, 0.7]]))).not.toMatch(/chance/);
    expect(advised(course([[0.69, 3504]], few))).not.toMatch(/chance/);
  });
});

it('speaks of n-grams where there is no network', () => {
  const ngrams = { ...recipe, recurrent: false, ngrams: ['char:1-5'], limit: 60 };
  const [first] = doubts(course([[0.7, 0.75]], { recipe: ngrams }));
  expect(first?.message).toMatch(/^the classifier of n-grams is no better than the untrained model: /u);
  expect(first?.message).toMatch(
    /Try a larger --limit \(it was 60\), other --ngrams \(they were char:1-5\), a network or a look/u,
  );
});

describe('training that falls back', () => {
  const fallen = losses([0.68, 0.6], [0.4, 0.5], [0.6931, 0.7], [0.6931, 0.69]);

  it('is told with what to try, although the selected epoch is good', () => {
    const [stalled, ...others] = doubts(course(fallen));
    expect(others).toEqual([]);
    expect(stalled?.code).toBe('STALLED');
    expect(stalled?.message).toMatch(
      /in epoch 4, the last one, .*\(training loss 0\.6931 against 0\.6931\)\. Try a smaller --lr \(it was 0\.001\) or another --seed\.$/,
    );
  });

  it.each<[string, Losses]>([
    ['whose training loss is still below the prior', losses([0.5, 0.6], [0.4, 0.9])],
    ['whose validation loss is', losses([0.5, 0.6], [0.7, 0.6])],
    ['that never left it', losses([0.7, 0.7], [0.69, 0.69])],
  ])('is not one %s', (_, pairs) => {
    expect(codes(course(pairs))).not.toContain('STALLED');
  });

  it('is not one that diverged, nor a fit of n-grams', () => {
    expect(codes(course(fallen, { diverged: true }))).toEqual(['DIVERGED']);
    expect(codes(course(fallen, { recipe: { ...recipe, recurrent: false } }))).toEqual([]);
  });
});

describe('a network and n-grams together', () => {
  const joint = (loss: number, accuracy: number, told = false): Warning[] =>
    jointDoubts({ loss, accuracy, n: 1 }, reached, { recipe, told });

  it('leave no doubt where they are better than answers without reading', () => {
    expect(joint(0.4, 0.8)).toEqual([]);
  });

  it('are told where they are not, with what to try unless that was said', () => {
    const [prior, majority, ...others] = joint(0.98, 0.5);
    expect(others).toEqual([]);
    expect(prior?.code).toBe('WORSE_THAN_PRIOR');
    expect(prior?.message).toMatch(
      /^the model, with its n-grams, is no better than .* 0\.9800 against 0\.6800\. Try /,
    );
    expect(majority?.message).toMatch(/on 1 validation example$/);
    expect(joint(0.98, 0.5, true)[0]?.message).toMatch(/0\.6800$/);
  });
});

it('advises no more epochs where later ones were no better', () => {
  const rare = { accuracy: 0.5 };
  const without = { majorityAccuracy: 0.5 };
  expect(doubts(course([[0.5, 0.4]], rare), without)[0]?.message).toMatch(
    /Try more --epochs or more examples/,
  );
  const early = doubts(
    course(
      [
        [0.5, 0.4],
        [0.1, 0.6],
      ],
      rare,
    ),
    without,
  )[0]?.message;
  expect(early).toMatch(/Try more examples of the rarer classes/);
});
