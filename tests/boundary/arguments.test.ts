import { describe, expect, it } from 'vitest';
import { loadAddon } from '../../src/engine/loader.js';
import type {
  NativeBatch,
  NativeClassifier,
  NativeClassifierConfig,
  NativeState,
  NativeStepOptions,
} from '../../src/engine/addon.js';
import { adversarial, attack, batch, createClassifier, smallConfig, vanilla } from './fixtures.js';

const ints = (...values: number[]): Int32Array => Int32Array.from(values);

/** Something right with a change; what is no object stands for all of it. */
function instead(right: object, change: unknown): unknown {
  const isChange = typeof change === 'object' && change !== null && !Array.isArray(change);
  return isChange ? { ...right, ...change } : change;
}

describe('the constructor refuses', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /config: expected an object, got undefined/],
    ['an array', [], /config: expected an object, got an array/],
    ['a missing cell', { cell: undefined }, /config\.cell: expected .*gru.*gru-cho.*lstm.*, got undefined/],
    ['a cell in capitals', { cell: 'LSTM' }, /config\.cell: expected .*, got 'LSTM'/],
    ['a cell in a list', { cell: ['lstm'] }, /config\.cell: expected .*, got an array/],
    ...([undefined, 'max', [], ['max', 'max'], ['median'], [7]] as const).map(
      (pooling): [string, unknown, RegExp] => [
        `poolings ${JSON.stringify(pooling)}`,
        { pooling },
        /config\.pooling: expected an array of different names among 'last', 'max', 'mean' and 'attention', got /,
      ],
    ),
    [
      'an unknown loss',
      { loss: 'hinge' },
      /config\.loss: expected 'cross-entropy' or 'squared', got 'hinge'/,
    ],
    ['a missing average', { ema: undefined }, /config\.ema: expected a number, got undefined/],
    ['an average that never moves', { ema: 1 }, /config\.ema: expected .* below 1 .*, got 1/],
    ['a negative average', { ema: -0.5 }, /config\.ema: expected a number of at least 0 .*, got -0\.5/],
    ['an average that float has as 0', { ema: 1e-39 }, /config\.ema: expected .*, got 1e-39/],
    ['no layers', { layers: 0 }, /config\.layers: expected an integer from 1 to 8, got 0/],
    ['negative buckets', { buckets: -1 }, /config\.buckets: expected an integer from 0 to \d+, got -1/],
    ['no count of buckets', { buckets: undefined }, /config\.buckets: expected a number, got undefined/],
    ['buckets beyond all memory', { buckets: 2 ** 30 }, /at most 2,000,000,000 parameters/],
    ['too many layers', { layers: 9 }, /config\.layers: expected an integer from 1 to 8, got 9/],
    ['a missing size', { hiddenSize: undefined }, /config\.hiddenSize: expected a number, got undefined/],
    ['a size as text', { hiddenSize: '5' }, /config\.hiddenSize: expected a number, got '5'/],
    ['size 0', { mlpSize: 0 }, /config\.mlpSize: expected an integer from 1 to \d+, got 0/],
    ['a fraction', { embeddingSize: 2.5 }, /config\.embeddingSize: expected an integer .* got 2\.5/],
    ['NaN', { vocabularySize: NaN }, /config\.vocabularySize: .* got NaN/],
    ['one class', { classCount: 1 }, /config\.classCount: expected an integer from 2 to \d+, got 1/],
    ['an unknown id out of range', { unknownId: 12 }, /config\.unknownId: .* from 0 to 11, got 12/],
    ['a negative seed', { seed: -1 }, /config\.seed: .* got -1/],
    ['a seed beyond 2^53', { seed: 2 ** 60 }, /config\.seed: expected an integer/],
    ['no threads', { threads: 0 }, /config\.threads: expected an integer from 1 to 256, got 0/],
    [
      'range 0',
      { embeddingRange: 0 },
      /config\.embeddingRange: expected a number above 0 \(from 1\.2e-38 to 3\.4e38\), got 0/,
    ],
    ['an infinite range', { embeddingRange: Infinity }, /config\.embeddingRange: .* got Infinity/],
    ['a model beyond all memory', { hiddenSize: 2 ** 30 }, /at most 2,000,000,000 parameters/],
  ])('%s', (_, config, message) => {
    const { Classifier } = loadAddon();
    expect(() => new Classifier(instead(smallConfig, config) as NativeClassifierConfig)).toThrow(message);
  });
});

describe('a batch is refused with', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /batch: expected an object, got undefined/],
    ['ids as an array', { ids: [1, 2] }, /batch\.ids: expected an Int32Array, got an array/],
    [
      'ids of another type',
      { ids: new Float32Array(9) },
      /batch\.ids: expected an Int32Array, got Float32Array of 9/,
    ],
    [
      'no texts',
      { ids: ints(), offsets: ints(0), labels: ints() },
      /batch\.offsets: expected at least 2 entries/,
    ],
    ['offsets that begin late', { offsets: ints(1, 3, 8, 9) }, /batch\.offsets\[0\]: expected 0, got 1/],
    ['an empty text', { offsets: ints(0, 3, 3, 9) }, /batch\.offsets\[2\]: expected more than 3 .* got 3/],
    [
      'offsets that end early',
      { offsets: ints(0, 3, 7, 8) },
      /a last entry of 9, the length of batch\.ids, got 8/,
    ],
    [
      'an id of V',
      { ids: ints(1, 2, 3, 4, 5, 6, 7, 8, 12) },
      /batch\.ids\[8\]: expected an integer in \[0, 12\), got 12/,
    ],
    ['a negative id', { ids: ints(-1, 2, 3, 4, 5, 6, 7, 8, 9) }, /batch\.ids\[0\]: .* got -1/],
    ['too few labels', { labels: ints(0, 1) }, /batch\.labels: expected 3 labels, one for each text, got 2/],
    ['a label of C', { labels: ints(0, 1, 3) }, /batch\.labels\[2\]: expected an integer in \[0, 3\), got 3/],
    ['no labels', { labels: undefined }, /batch\.labels: expected an Int32Array, got undefined/],
  ])('%s', async (_, change, message) => {
    const classifier = createClassifier();
    const wrong = instead(batch, change) as NativeBatch;
    await expect(classifier.trainStep(wrong, vanilla)).rejects.toThrow(message);
    await expect(classifier.evaluate(wrong)).rejects.toThrow(message);
    // A refused call leaves the classifier usable and untouched.
    expect(classifier.step).toBe(0);
    await classifier.trainStep(batch, vanilla);
  });
});

describe('words are refused', () => {
  const words = { ids: ints(3, 0, 11), offsets: ints(0, 2, 2, 3), buckets: ints(4, 0, 4) };
  const ofWords = { ids: ints(0, 1, 2, 2), offsets: ints(0, 3, 4), labels: ints(0, 2), words };

  it.each<[string, unknown, RegExp]>([
    ['that are none', undefined, /batch\.words: expected an object, got undefined/],
    ['that are a list', [], /batch\.words: expected an object, got an array/],
    ['with ids as an array', { ids: [3, 0, 1] }, /batch\.words\.ids: expected an Int32Array, got an array/],
    ['without offsets', { offsets: undefined }, /batch\.words\.offsets: expected an Int32Array/],
    ['without buckets', { buckets: undefined }, /batch\.words\.buckets: expected an Int32Array/],
    ['that are empty', { ids: ints(), offsets: ints(0) }, /words\.ids: expected 1 to 4 different .*got 0/],
    ['more than tokens', { ids: new Int32Array(5) }, /words\.ids: expected 1 to 4 different words, .*got 5/],
    ['with an id of V', { ids: ints(3, 0, 12) }, /words\.ids\[2\]: expected an integer in \[0, 12\), got 12/],
    ['with a negative id', { ids: ints(3, -1, 0) }, /words\.ids\[1\]: .* got -1/],
    ['with few offsets', { offsets: ints(0, 2, 3) }, /words\.offsets: expected 4 entries, .* got 3/],
    ['with many offsets', { offsets: ints(0, 2, 2, 3, 3) }, /words\.offsets: expected 4 entries, .* got 5/],
    ['with offsets that begin late', { offsets: ints(1, 2, 2, 3) }, /words\.offsets\[0\]: expected 0, got 1/],
    [
      'with offsets that fall',
      { offsets: ints(0, 2, 1, 3) },
      /words\.offsets\[2\]: expected at least 2, got 1/,
    ],
    [
      'with offsets that end early',
      { offsets: ints(0, 2, 2, 2) },
      /words\.offsets: expected a last entry of 3, the length of batch\.words\.buckets, got 2/,
    ],
    [
      'with offsets that end late',
      { offsets: ints(0, 2, 2, 4) },
      /words\.offsets: expected a last entry of 3, the length of batch\.words\.buckets, got 4/,
    ],
    ['with a bucket too many', { buckets: ints(4, 0, 5) }, /words\.buckets\[2\]: .* in \[0, 5\), got 5/],
    ['with a negative bucket', { buckets: ints(-2, 0, 4) }, /words\.buckets\[0\]: .* got -2/],
  ])('%s', async (_, change, message) => {
    const classifier = createClassifier({ buckets: 5 });
    const wrong = { ...ofWords, words: instead(words, change) } as NativeBatch;
    await expect(classifier.trainStep(wrong, vanilla)).rejects.toThrow(message);
    await expect(classifier.evaluate(wrong)).rejects.toThrow(message);
    await expect(classifier.predict(wrong)).rejects.toThrow(message);
    expect(classifier.step).toBe(0);
    await expect(classifier.trainStep(ofWords, vanilla)).resolves.toMatchObject({ step: 1 });
  });

  it('of a batch with an id that is no place in them', async () => {
    const classifier = createClassifier({ buckets: 5 });
    const wrong = { ...ofWords, ids: ints(0, 1, 2, 3) };
    await expect(classifier.evaluate(wrong)).rejects.toThrow(
      /batch\.ids\[3\]: expected an integer in \[0, 3\), got 3/,
    );
  });

  it('by a model without buckets', async () => {
    const classifier = createClassifier();
    await expect(classifier.evaluate(ofWords)).rejects.toThrow(
      /batch\.words: expected none for a model without buckets, got an object/,
    );
  });
});

describe('step options are refused with', () => {
  const attacked = { attack, alpha: 0.5 };
  const by = (change: object) => ({ ...attacked, attack: { ...attack, ...change } });
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /options: expected an object, got undefined/],
    [
      'rate NaN',
      { learningRate: NaN },
      /options\.learningRate: expected a number above 0 \(from 1\.2e-38 to 1000000\), got NaN/,
    ],
    [
      'a rate that is infinite in float',
      { learningRate: 1e39 },
      /options\.learningRate: expected a number above 0 .*got 1e\+39/,
    ],
    ['rate 0', { learningRate: 0 }, /options\.learningRate: .* got 0/],
    ['keep 0', { dropoutKeep: 0 }, /options\.dropoutKeep: .* got 0/],
    ['keep above 1', { dropoutKeep: 1.5 }, /options\.dropoutKeep: .* got 1\.5/],
    ['unknown rate 1', { unknownRate: 1 }, /options\.unknownRate: .* got 1/],
    ['a negative clip', { clipNorm: -1 }, /options\.clipNorm: .* got -1/],
    [
      'a decay that takes more than all of a weight',
      { weightDecay: 101 },
      /options\.weightDecay: expected a number of at least 0 \(0: no decay, .*at most 1 \/ learningRate, got 101/,
    ],
    ['epsilon NaN', by({ epsilon: NaN }), /options\.attack\.epsilon: .* got NaN/],
    ['a negative epsilon', by({ epsilon: -0.1 }), /attack\.epsilon: .* got -0\.1/],
    ['alpha above 1', { ...attacked, alpha: 1.01 }, /options\.alpha: .* got 1\.01/],
    ['an unknown unit', by({ unit: 'px' }), /options\.attack\.unit: expected 'std' or 'absolute', got 'px'/],
    [
      'an unknown attack',
      by({ kind: 'pgd' }),
      /options\.attack\.kind: expected 'fast-gradient-sign' or 'random-sign', got 'pgd'/,
    ],
    ['an attack without alpha', { attack }, /options\.alpha: expected a number, got undefined/],
    ['attack null', { attack: null }, /options\.attack: expected an object, got null/],
  ])('%s', async (_, change, message) => {
    const classifier = createClassifier();
    const wrong = instead(vanilla, change) as NativeStepOptions;
    await expect(classifier.trainStep(batch, wrong)).rejects.toThrow(message);
    expect(classifier.step).toBe(0);
  });
});

describe('an attacked evaluation refuses', () => {
  const attacks = [attack];
  it.each<[string, unknown, RegExp]>([
    ['no options', undefined, /options: expected an object, got undefined/],
    ['no attacks', { draw: 1 }, /options\.attacks: expected a list of at least one attack, got undefined/],
    ['an empty list', { attacks: [], draw: 1 }, /options\.attacks: expected .*at least one attack/],
    [
      'a wrong attack',
      { attacks: [attack, null], draw: 1 },
      /options\.attacks\[1\]: expected an object, got null/,
    ],
    [
      'an unknown attack',
      { attacks: [{ ...attack, kind: 'pgd' }], draw: 1 },
      /options\.attacks\[0\]\.kind: expected 'fast-gradient-sign' or 'random-sign', got 'pgd'/,
    ],
    ['no draw', { attacks }, /options\.draw: expected/],
    ['half a draw', { attacks, draw: 0.5 }, /options\.draw: expected .* got 0\.5/],
    ['a negative draw', { attacks, draw: -1 }, /options\.draw: expected .* got -1/],
  ])('%s', async (_, options, message) => {
    const evaluation = createClassifier().evaluateUnder(
      batch,
      options as Parameters<NativeClassifier['evaluateUnder']>[1],
    );
    await expect(evaluation).rejects.toThrow(message);
  });

  it('a batch that training refuses too', async () => {
    const wrong = { ...batch, labels: Int32Array.of(0) };
    const evaluation = createClassifier().evaluateUnder(wrong, { attacks, draw: 1 });
    await expect(evaluation).rejects.toThrow(/batch\.labels/);
  });
});

it('gives the losses of an attacked evaluation in the order of its attacks', async () => {
  const classifier = createClassifier();
  const before = classifier.readState();
  const kinds = ['fast-gradient-sign', 'random-sign'] as const;
  const attacks = kinds.flatMap((kind) => [0, 0.5].map((epsilon) => ({ ...attack, kind, epsilon })));
  const evaluation = await classifier.evaluateUnder(batch, { attacks, draw: 1 });
  const { losses } = await classifier.evaluate(batch);
  expect(evaluation.loss).toBeCloseTo(losses.reduce((sum, one) => sum + one, 0) / losses.length, 6);
  const [untouched, adversary, still, random] = evaluation.attacks;
  for (const one of [untouched, still])
    expect(one).toEqual({ ...evaluation, attacks: undefined, epsilon: 0 });
  expect(adversary?.epsilon).toBeCloseTo(0.5 * classifier.embeddingStandardDeviation(), 6);
  expect(adversary?.loss).toBeGreaterThan(evaluation.loss);
  expect(random?.loss).not.toBe(evaluation.loss);
  expect(random?.loss).toBeLessThan(adversary?.loss ?? 0);
  expect(classifier.readState()).toEqual(before);
});

// What float makes of a number: 0 of the first two (denormals are flushed), infinity of 1e39.
describe('a number that float does not hold is refused', () => {
  const lost = [1e-46, 1e-40, 1e39, NaN, Infinity, -1, -1e-46];
  const within = (name: keyof typeof adversarial | 'epsilon', value: number): unknown =>
    name === 'epsilon'
      ? { ...adversarial, attack: { ...attack, unit: 'absolute', epsilon: value } }
      : { ...adversarial, [name]: value };
  const cases = (
    [
      ['learningRate', [3e38, 1.1e6]],
      ['dropoutKeep', [3e38, 1e-10]],
      ['unknownRate', [3e38]],
      ['clipNorm', [1e-16]],
      ['weightDecay', [101]],
      ['epsilon', []],
      ['alpha', [3e38]],
    ] as const
  ).flatMap(([name, more]) => [...lost, ...more].map((value) => [name, value] as const));
  it.each(cases)('%s of %d', async (name, value) => {
    const classifier = createClassifier();
    const before = classifier.readState();
    const options = within(name, value) as NativeStepOptions;
    await expect(classifier.trainStep(batch, options)).rejects.toThrow(RangeError);
    const text = String(value).replace('+', '\\+');
    await expect(classifier.trainStep(batch, options)).rejects.toThrow(
      new RegExp(`\\.${name}: expected .*, got ${text}$`, 'u'),
    );
    expect(classifier.readState()).toEqual(before);
  });

  it.each([...lost, 0])('embeddingRange of %d', (embeddingRange) => {
    expect(() => createClassifier({ embeddingRange })).toThrow(/config\.embeddingRange: expected/);
  });

  it.each([1e-37, 1e-3, 1, 1000, 1e6])('but a learning rate of %d is taken', async (learningRate) => {
    const classifier = createClassifier();
    await classifier.trainStep(batch, { ...vanilla, learningRate });
    expect(classifier.readParameters().every((parameter) => Number.isFinite(parameter))).toBe(true);
  });

  it.each([
    [0.5, 1.2e-38, /step 1: epsilon is \S+e-39 as an absolute number, which is 0 in 32-bit float; no update/],
    [1e3, 3e38, /step 1: epsilon is \S+e\+41 as an absolute number, which is infinite in 32-bit float/],
  ])('nor is its product with the standard deviation', async (embeddingRange, epsilon, message) => {
    const classifier = createClassifier({ embeddingRange });
    const options: NativeStepOptions = { ...adversarial, attack: { ...attack, epsilon } };
    await expect(classifier.trainStep(batch, options)).rejects.toThrow(message);
    expect(classifier.step).toBe(0);
  });
});

it.each([0, 1e-36, 1e-30, 0.3, 1])('the perturbation is the same for alpha %d', async (alpha) => {
  const step = async (share: number): Promise<{ epsilon: number; adversarialLoss: number }> => {
    const classifier = createClassifier();
    const options: NativeStepOptions = { ...vanilla, attack: { ...attack, epsilon: 0.5 }, alpha: share };
    const { epsilon, adversarialLoss, cleanLoss } = await classifier.trainStep(batch, options);
    expect(adversarialLoss).toBeGreaterThan(cleanLoss);
    return { epsilon, adversarialLoss };
  };
  expect(await step(alpha)).toEqual(await step(0.5));
});

describe('a state is refused with', () => {
  const state = new (loadAddon().Classifier)(smallConfig).readState();
  const changed = (index: number, value: number): Float32Array => {
    const values = Float32Array.from(state.parameters);
    values[index] = value;
    return values;
  };
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /state: expected an object/],
    ['a fractional step', { step: 0.5 }, /state\.step: expected an integer/],
    [
      'too few parameters',
      { parameters: new Float32Array(3) },
      /state\.parameters: expected \d+ numbers, .* got 3/,
    ],
    [
      'doubles',
      { firstMoment: new Float64Array(3) },
      /state\.firstMoment: expected a Float32Array, got Float64Array/,
    ],
    ['NaN', { parameters: changed(4, NaN) }, /state\.parameters\[4\]: expected a finite number, got NaN/],
    [
      'a negative second moment',
      { secondMoment: changed(0, -1) },
      /state\.secondMoment: expected numbers of at least 0/,
    ],
    [
      'a first moment that no training gives',
      { firstMoment: changed(0, 3e38) },
      /state\.firstMoment: expected numbers from -1\.8e19 to 1\.8e19.* got 3/,
    ],
  ])('%s', (_, wrong, message) => {
    const classifier = createClassifier({ seed: 9 });
    const before = classifier.readParameters();
    expect(() => {
      classifier.writeState(instead(state, wrong) as NativeState);
    }).toThrow(message);
    expect(classifier.readParameters()).toEqual(before);
  });
});

describe('the average of the parameters', () => {
  it('is part of the state, is what readParameters gives, and is made of what writeParameters wrote', async () => {
    const classifier = createClassifier({ ema: 0.9 });
    const plain = createClassifier();
    for (const each of [classifier, plain]) await each.trainStep(batch, vanilla);
    const { average, ...raw } = classifier.readState();
    expect(raw).toEqual(plain.readState());
    expect(classifier.readParameters()).toEqual(average);
    expect(average).not.toEqual(raw.parameters);
    plain.writeParameters(average ?? new Float32Array());
    expect(await classifier.evaluate(batch)).toEqual(await plain.evaluate(batch));
    classifier.writeParameters(raw.parameters);
    expect(classifier.readState()).toMatchObject({ parameters: raw.parameters, average: raw.parameters });
  });

  it('is asked for where the model keeps one, with its size, and refused where it keeps none', () => {
    const classifier = createClassifier({ ema: 0.9 });
    const state = classifier.readState();
    for (const [wrong, message] of [
      [createClassifier().readState(), /state\.average: expected a Float32Array, got undefined/],
      [{ ...state, average: new Float32Array(3) }, /state\.average: expected \d+ numbers, .* got 3/],
      [{ ...state, average: state.average?.map(() => NaN) }, /state\.average\[0\]: expected a finite/],
    ] as [NativeState, RegExp][]) {
      expect(() => {
        classifier.writeState(wrong);
      }).toThrow(message);
    }
    expect(() => {
      createClassifier().writeState(state);
    }).toThrow(/state\.average: expected undefined, as this model keeps no average, got Float32Array/);
    expect(classifier.readState()).toEqual(state);
  });
});

describe('a classifier that is busy or disposed of', () => {
  it('refuses every call but cancel while one runs', async () => {
    const classifier = createClassifier();
    const running = classifier.trainStep(batch, adversarial);
    await expect(classifier.trainStep(batch, vanilla)).rejects.toThrow(/trainStep: the classifier is busy/);
    await expect(classifier.evaluate(batch)).rejects.toThrow(/evaluate: the classifier is busy/);
    await expect(classifier.predict(batch)).rejects.toThrow(/predict: the classifier is busy/);
    const attacked = classifier.evaluateUnder(batch, { attacks: [attack], draw: 0 });
    await expect(attacked).rejects.toThrow(/evaluateUnder: the classifier is busy/);
    expect(() => classifier.readState()).toThrow(/readState: the classifier is busy/);
    await running;
    expect(classifier.readState().step).toBe(1);
  });

  it('refuses every call after dispose(), which may be repeated', async () => {
    const classifier = createClassifier();
    classifier.dispose();
    classifier.dispose();
    await expect(classifier.trainStep(batch, vanilla)).rejects.toThrow(/trainStep: .*dispose\(\)/);
    await expect(classifier.predict(batch)).rejects.toThrow(/predict: .*dispose\(\)/);
    expect(() => classifier.readParameters()).toThrow(/dispose\(\)/);
    // Nothing runs that could be cancelled, which is no error: signals may fire late.
    classifier.cancel();
  });

  it('notices a getter among the arguments that begins a call or disposes', async () => {
    const classifier = createClassifier();
    const whenRead = (act: () => void): NativeBatch => ({
      ...batch,
      get ids(): Int32Array {
        act();
        return batch.ids;
      },
    });
    let running: Promise<unknown> | undefined;
    const begins = whenRead(() => {
      running ??= classifier.trainStep(batch, vanilla);
    });
    await expect(classifier.trainStep(begins, vanilla)).rejects.toThrow(/trainStep: the classifier is busy/);
    await running;
    const disposes = whenRead(() => {
      classifier.dispose();
    });
    await expect(classifier.evaluate(disposes)).rejects.toThrow(/evaluate: .*dispose\(\)/);
    const other = createClassifier();
    const disposingState = {
      ...other.readState(),
      get step(): number {
        other.dispose();
        return 0;
      },
    };
    expect(() => {
      other.writeState(disposingState);
    }).toThrow(/writeState: .*dispose\(\)/);
  });

  it('refuses methods on a foreign object', () => {
    const classifier = createClassifier();
    const evaluate = (classifier as unknown as Record<string, (this: unknown) => unknown>)['evaluate'];
    expect(() => evaluate?.call({})).toThrow();
  });
});
