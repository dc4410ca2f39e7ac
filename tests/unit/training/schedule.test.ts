import { expect, it } from 'vitest';
import type { EncodedSplit } from '../../../src/text/types.js';
import type { ProgressEvent } from '../../../src/base/events.js';
import { learningRateAt } from '../../../src/training/learning-rate.js';
import {
  runSchedule,
  runScheduleUntil,
  type FinishedSchedule,
  type PausedSchedule,
  type ScheduleJob,
} from '../../../src/training/schedule.js';
import { expectRefused } from '../support.js';
import { FakeClassifier, recipe, split } from './support.js';
import type { Recipe } from '../../../src/recipe/recipe.js';
import type { ScheduleState } from '../../../src/training/schedule-state.js';

const train = await split(43, 1);
const valid = await split(11, 4);
const batchesInEpoch = 9;

interface Outcome {
  readonly finished: FinishedSchedule;
  readonly saved: ScheduleState[];
  readonly events: ProgressEvent[];
  readonly classifier: FakeClassifier;
}

interface Setup {
  readonly recipe?: Partial<Recipe>;
  readonly from?: ScheduleState | undefined;
  readonly signal?: AbortSignal;
  readonly saved?: ScheduleState[];
  readonly prepare?: (classifier: FakeClassifier) => void;
  readonly train?: EncodedSplit;
  readonly valid?: EncodedSplit;
}

async function run(setup: Setup = {}): Promise<Outcome> {
  return through(setup, runSchedule);
}

async function through<Finished>(
  setup: Setup,
  how: (job: ScheduleJob) => Promise<Finished>,
): Promise<Omit<Outcome, 'finished'> & { readonly finished: Finished }> {
  const classifier = new FakeClassifier();
  setup.prepare?.(classifier);
  const saved = setup.saved ?? [];
  const events: ProgressEvent[] = [];
  const finished = await how({
    ...{ classifier, from: setup.from, signal: setup.signal },
    ...{ train: setup.train ?? train, valid: setup.valid ?? valid },
    classNames: ['a', 'b', 'c'],
    recipe: { ...recipe, ...setup.recipe },
    resumeHint: 'resume it',
    save: (state) => {
      saved.push(structuredClone(state));
      return Promise.resolve();
    },
    onProgress: (event) => events.push(event),
  });
  return { finished, saved, events, classifier };
}

/** What a run comes to, but for the times in its history, which no two runs share. */
function bitsOf({ finished, classifier }: Outcome): unknown {
  const timeless = { seconds: 0, trainSeconds: 0, tokensPerSecond: 0 };
  const history = finished.history.map((record) => ({ ...record, ...timeless }));
  return { ...finished, history, state: classifier.readState() };
}

it('evaluates the untrained model as epoch 0, trains the others, and selects among those', async () => {
  const { finished, saved } = await run();
  const [untrained, ...trained] = finished.history;
  expect(untrained).toMatchObject({ epoch: 0, trainLoss: null, best: false, epsilon: 0 });
  expect(untrained?.validLoss).toBeCloseTo(Math.log(3), 12);
  expect(trained.map((record) => record.epoch)).toEqual([1, 2, 3, 4]);
  const losses = trained.map((record) => record.validLoss);
  expect(finished.selected).toMatchObject({
    epoch: losses.indexOf(Math.min(...losses)) + 1,
    validLoss: Math.min(...losses),
  });
  expect(saved.map(({ position }) => position.epoch)).toEqual([1, 2, 3, 4, 5]);
});

it('returns the parameters of the selected epoch, not of the last', async () => {
  // A rate this large overshoots, so that an early epoch stays the best.
  const { finished, saved } = await run({ recipe: { learningRate: 40 } });
  expect(finished.selected.epoch).toBeLessThan(4);
  expect(finished.parameters).toEqual(saved[finished.selected.epoch]?.engine.parameters);
  expect(finished.parameters).not.toEqual(saved.at(-1)?.engine.parameters);
});

it('ends when patience is used up', async () => {
  const { finished } = await run({ recipe: { learningRate: 40, epochs: 30, patience: 2 } });
  expect(finished.history.at(-1)?.epoch).toBe(finished.selected.epoch + 2);
});

it('means the training loss, objective and accuracy over examples', async () => {
  const { finished, classifier } = await run({ recipe: { epochs: 1 } });
  const record = finished.history[1];
  expect(classifier.step).toBe(batchesInEpoch);
  expect((record?.trainObjective ?? 0) - (record?.trainLoss ?? 0)).toBeCloseTo(recipe.epsilon / 2, 12);
  expect(((record?.trainAccuracy ?? 0.01) * 43) % 1).toBeCloseTo(0, 9);
  expect((record?.adversarialLoss ?? 0) - (record?.trainLoss ?? 0)).toBeCloseTo(recipe.epsilon, 12);
  expect(record).toMatchObject({ epsilon: recipe.epsilon, embeddingStd: 0.25, gradientNorm: 1 });
  const plain = await run({ recipe: { epochs: 1, regime: 'vanilla' } });
  expect(plain.finished.history.map(({ adversarialLoss }) => adversarialLoss)).toEqual([null, null]);
  expect(plain.finished.history.map(({ gradientNorm }) => gradientNorm)).toEqual([null, 1]);
});

it('reports each step with a share that ends at 1', async () => {
  const { events } = await run({ recipe: { epochs: 2 } });
  const steps = events.filter((event) => event.kind === 'step');
  expect(steps).toHaveLength(2 * batchesInEpoch);
  expect(steps[0]).toMatchObject({ epoch: 1, batch: 1, batches: batchesInEpoch, validLoss: undefined });
  expect(steps.at(-1)).toMatchObject({ share: 1, secondsLeft: 0 });
});

const interruptions: [string, number][] = [
  ...Array.from({ length: 2 * batchesInEpoch }, (_, step): [string, number] => ['trainStep', step + 1]),
  ...[1, 2, 4, 7].map((count): [string, number] => ['evaluate', count]),
];

/** Runs until a call of this name and number, at which the user stops it, and gives the state to resume from. */
async function interrupted(
  call: string,
  count: number,
  setup: Setup = {},
): Promise<ScheduleState | undefined> {
  const controller = new AbortController();
  const saved: ScheduleState[] = [];
  const prepare = (classifier: FakeClassifier): void => {
    setup.prepare?.(classifier);
    classifier.onCall = (name, number) => {
      if (name === call && number === count) controller.abort();
    };
  };
  const running = run({ ...setup, signal: controller.signal, saved, prepare });
  await expectRefused(running, 'INTERRUPTED', /state is saved/, /resume it/);
  return structuredClone(saved.at(-1));
}

it.each(interruptions)('resumes to the same bits after an interruption in %s %i', async (call, count) => {
  const whole = await run();
  const resumed = await run({ from: await interrupted(call, count) });
  expect(bitsOf(resumed)).toEqual(bitsOf(whole));
});

/** Runs until an epoch, from where a run was that had paused. */
async function until(
  epoch: number,
  setup: Setup = {},
): Promise<{ readonly paused: PausedSchedule; readonly state: ScheduleState | undefined }> {
  const { finished: paused, saved } = await through(setup, (job) => runScheduleUntil(job, epoch));
  return { paused, state: structuredClone(saved.at(-1)) ?? setup.from };
}

it('pauses after an epoch, selects nothing, and goes on to the same bits', async () => {
  const first = await until(1);
  expect(first.paused).toMatchObject({ over: false, diverged: false });
  expect(first.paused.history.map(({ epoch }) => epoch)).toEqual([0, 1]);
  expect('selected' in first.paused).toBe(false);
  const again = await until(1, { from: first.state });
  expect(again.paused.history).toEqual(first.paused.history);
  const third = await until(3, { from: again.state });
  expect(third.paused.history).toHaveLength(4);
  expect(bitsOf(await run({ from: third.state }))).toEqual(bitsOf(await run()));
});

it('says that training is over at its last epoch, where patience is used up, and where it has diverged', async () => {
  expect((await until(4)).paused.over).toBe(true);
  const impatient = await until(30, { recipe: { learningRate: 40, epochs: 30, patience: 2 } });
  expect(impatient.paused).toMatchObject({ over: true, diverged: false });
  expect(impatient.paused.history.length).toBeLessThan(20);
  const lost = await until(20, { recipe: long, prepare: diverging });
  expect(lost.paused).toMatchObject({ over: true, diverged: true });
});

it('selects by accuracy where it is told to, also where a run goes on', async () => {
  // Losses grow and answers are all the first class but in epochs 3 and 4.
  const prepare = (classifier: FakeClassifier): void => {
    classifier.lossFactor = (step) => 1 + step / 10;
    const evaluate = classifier.evaluate.bind(classifier);
    classifier.evaluate = async (batch) => {
      const { losses, predictions } = await evaluate(batch);
      const epoch = classifier.step / batchesInEpoch;
      return { losses, predictions: epoch === 3 || epoch === 4 ? predictions : predictions.fill(0) };
    };
  };
  const setup = {
    recipe: { select: 'accuracy', learningRate: 0.01, epochs: 6, patience: 6 },
    prepare,
  } as const;
  const whole = await run(setup);
  expect(whole.finished.selected.epoch).toBe(3);
  const resumed = await run({ ...setup, from: await interrupted('trainStep', 5 * batchesInEpoch, setup) });
  expect(bitsOf(resumed)).toEqual(bitsOf(whole));
});

it('gives each step its learning rate, also where a run goes on', async () => {
  const falling = { recipe: { schedule: 'cosine', warmUp: 0.25 } } as const;
  const whole = await run(falling);
  const { learningRates } = whole.classifier;
  const steps = 4 * batchesInEpoch;
  expect(learningRates).toEqual(
    Array.from({ length: steps }, (_, step) =>
      learningRateAt({ ...recipe, ...falling.recipe }, { step, steps }),
    ),
  );
  const resumed = await run({ ...falling, from: await interrupted('trainStep', 13, falling) });
  expect(resumed.classifier.learningRates).toEqual(learningRates.slice(12));
  expect(bitsOf(resumed)).toEqual(bitsOf(whole));
});

it('stops between two calls as well, and before the first', async () => {
  const saved: ScheduleState[] = [];
  await expectRefused(run({ signal: AbortSignal.abort(), saved }), 'INTERRUPTED', /epoch 0/);
  expect(saved.at(-1)?.position).toMatchObject({ epoch: 0, nextBatch: 0 });
  expect((await run({ from: saved.at(-1) })).finished.history).toHaveLength(5);
});

it('does no step more when a finished schedule is resumed', async () => {
  const { saved, finished } = await run();
  const again = await run({ from: structuredClone(saved.at(-1)) });
  expect(again.classifier.calls).toEqual([]);
  expect(again.finished).toEqual(finished);
});

it('assembles the next batch while a step runs', async () => {
  const order: string[] = [];
  const watched = Object.create(train, {
    batch: {
      value: (rows: Int32Array) => {
        order.push('assemble');
        return train.batch(rows);
      },
    },
    lengthOf: { value: (row: number) => train.lengthOf(row) },
    count: { value: train.count },
  }) as EncodedSplit;
  const classifier = new FakeClassifier();
  classifier.onCall = (call) => order.push(`${call} computes`);
  await runSchedule({
    ...{ classifier, valid, train: watched, classNames: ['a', 'b', 'c'], resumeHint: '' },
    recipe: { ...recipe, epochs: 1 },
    save: () => Promise.resolve(),
  });
  const firstStep = order.indexOf('trainStep computes');
  // The first batch and the second have been asked for before the first step computes.
  expect(order.slice(0, firstStep).filter((each) => each === 'assemble')).toHaveLength(2);
});

it('ends with the reason and the last checkpoint when a loss is not finite', async () => {
  const saved: ScheduleState[] = [];
  const prepare = (classifier: FakeClassifier): void => {
    classifier.failAtStep = batchesInEpoch + 3;
  };
  await expectRefused(run({ saved, prepare }), 'NOT_FINITE', /step 12: the loss is NaN/, /--lr.*--clip-norm/);
  expect(saved.at(-1)?.position).toMatchObject({ epoch: 2, nextBatch: 0 });
});

const long = { epochs: 20, patience: 20 };
/** Loses epoch after epoch as soon as training has begun. */
const diverging = (classifier: FakeClassifier): void => {
  classifier.lossFactor = (step) => (step === 0 ? 1 : 1e6);
};

it('ends before its time when training has diverged, with the best of the epochs selected', async () => {
  const { finished, saved } = await run({ recipe: long, prepare: diverging });
  // The first epoch in which a hundred steps are lost: 12 of 9 each.
  expect(finished.history.at(-1)?.epoch).toBe(12);
  expect(finished.diverged).toBe(true);
  const losses = finished.history.slice(1).map((record) => record.validLoss);
  expect(finished.selected.validLoss).toBe(Math.min(...losses));
  expect(saved.at(-1)?.position.epoch).toBe(13);
});

it('goes on where a loss that was as large comes down before', async () => {
  const recovering = (classifier: FakeClassifier): void => {
    classifier.lossFactor = (step) => (step === 0 || step > 11 * batchesInEpoch ? 1 : 1e6);
  };
  const { finished } = await run({ recipe: long, prepare: recovering });
  expect(finished.history).toHaveLength(21);
  expect(finished.diverged).toBe(false);
  expect(finished.selected.epoch).toBeGreaterThan(11);
});

it('ends a diverging run at the same bits when it was interrupted, and again when it is resumed at its end', async () => {
  const whole = await run({ recipe: long, prepare: diverging });
  const stops: [string, number][] = [
    ['trainStep', 5],
    ['trainStep', 11 * batchesInEpoch + 4],
    // Validation takes three calls.
    ['evaluate', 3 * 12 + 2],
  ];
  for (const [call, count] of stops) {
    const from = await interrupted(call, count, { recipe: long, prepare: diverging });
    const resumed = await run({ recipe: long, from, prepare: diverging });
    expect(bitsOf(resumed)).toEqual(bitsOf(whole));
    expect(resumed.finished.diverged).toBe(true);
  }
  const again = await run({ recipe: long, from: structuredClone(whole.saved.at(-1)), prepare: diverging });
  expect(again.classifier.calls).toEqual([]);
  expect(again.finished).toEqual(whole.finished);
});

it('passes on what saving throws', async () => {
  const classifier = new FakeClassifier();
  const full = new Error('the disk is full');
  const job = { classifier, train, valid, recipe, classNames: ['a', 'b', 'c'], resumeHint: '' };
  await expect(runSchedule({ ...job, save: () => Promise.reject(full) })).rejects.toBe(full);
});

it('gives the same bits from the disk as from the memory', async () => {
  const stored = { train: await split(43, 1, 0), valid: await split(11, 4, 0) };
  const [fromMemory, fromDisk] = [await run(), await run(stored)];
  expect(bitsOf(fromDisk)).toEqual(bitsOf(fromMemory));
  await stored.train.close();
  await stored.valid.close();
});

it('ends with the first failure when a step and the next batch fail together', async () => {
  const failing = Object.assign(await split(43, 1), {
    batch: (() => {
      let calls = 0;
      return (rows: Int32Array) => (calls++ === 0 ? train.batch(rows) : Promise.reject(new Error('no disk')));
    })(),
  });
  const prepare = (classifier: FakeClassifier): void => {
    classifier.failAtStep = 1;
  };
  await expectRefused(run({ train: failing, prepare }), 'NOT_FINITE', /step 1/);
  await expect(run({ train: failing })).rejects.toThrow(/no disk/);
});

it('validates every example once', async () => {
  const { events } = await run({ recipe: { epochs: 1 } });
  const done = events.filter((event) => event.kind === 'examples' && event.text.endsWith('epoch 1'));
  expect(done.map((event) => 'done' in event && event.done)).toEqual([5, 10, 11]);
});
