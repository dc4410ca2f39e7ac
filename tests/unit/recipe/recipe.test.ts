import { isAbsolute } from 'node:path';
import { expect, it } from 'vitest';
import type { DatasetDefaults } from '../../../src/recipe/table.js';
import { checkTrainOptions } from '../../../src/recipe/check.js';
import { dataSource } from '../../../src/recipe/data-source.js';
import { resolveExecution } from '../../../src/recipe/execution.js';
import { completed, fingerprinted, resolveRecipe, trainingFacts } from '../../../src/recipe/recipe.js';
import { regimes } from '../../../src/recipe/regime.js';
import { stepOptions } from '../../../src/training/native-model.js';
import { trainOptions, type TrainOptions } from '../../../src/recipe/table.js';
import { advError } from '../support.js';

const character: DatasetDefaults = {
  tokenizer: ['nfc@1', 'characters@1'],
  sizes: {
    big: { embedding: 20, hidden: 200, mlp: 256 },
    small: { embedding: 10, hidden: 50, mlp: 64 },
  },
  maxTokens: 400,
  unknownRate: 0.02,
  learningRate: 0.002,
  batchSize: 32,
  embeddingRange: 1,
  clipNorm: 5,
  epsilon: 0.05,
  epochs: 50,
  patience: 10,
};

/** A dataset of characters whose words have sizes of their own. */
const dataset = {
  level: 'char',
  defaults: {
    char: character,
    word: {
      ...character,
      tokenizer: ['nfc@1', 'whitespace@1'],
      sizes: { ...character.sizes, big: { embedding: 200, hidden: 200, mlp: 256 } },
    },
  },
  best: { char: {}, word: {} },
} as const;

const wrong: [Record<string, unknown>, RegExp][] = [
  [{ epochs: 0 }, /--epochs: expected an integer from 1 to 9007199254740991, got 0/],
  [{ epochs: 1.5 }, /--epochs: expected an integer/],
  [{ epochs: 'ten' }, /--epochs: expected an integer from 1 to 9007199254740991, got 'ten'/],
  [{ patience: -1 }, /--patience: expected/],
  [{ batchSize: 70_000 }, /--batch-size: expected an integer from 1 to 65536, got 70000/],
  [{ learningRate: 0 }, /--lr: expected a number above 0 \(from 1\.2e-38 to 1000000\), got 0/],
  [{ learningRate: Number.NaN }, /--lr: expected .* got NaN/],
  [{ epsilon: -0.1 }, /--epsilon: expected/],
  [{ epsilon: Infinity }, /--epsilon: expected .* got Infinity/],
  [{ epsilonUnit: 'absolute' }, /expected --epsilon beside --epsilon-unit absolute, got none/],
  [{ epsilonUnit: 'sigma' }, /--epsilon-unit: expected one of std, absolute, got 'sigma'/],
  ...(['learningRate', 'epsilon', 'alpha', 'unknownRate', 'clipNorm', 'embeddingRange'] as const).flatMap(
    (name) =>
      // 0 or infinite in the engine's float.
      [1e-46, 1e-40, 1e39].map((value): [Record<string, unknown>, RegExp] => [
        { [name]: value },
        new RegExp(`expected .*, got ${String(value).replace('+', '\\+')}$`, 'u'),
      ]),
  ),
  [{ learningRate: 3e38 }, /--lr: expected .* got 3e\+38/],
  [{ clipNorm: 1e-16 }, /--clip-norm: expected .* from 1e-15/],
  [{ alpha: 1.01 }, /--alpha: expected a number from 0 to 1/],
  [{ unknownRate: 1 }, /--unk-rate: expected a number from 0 to below 1 .*, got 1/],
  [{ clipNorm: -5 }, /--clip-norm: expected/],
  [{ weightDecay: -1 }, /--weight-decay: expected a number of at least 0/],
  [{ embeddingRange: 0 }, /--embedding-range: expected/],
  [{ embedding: 0 }, /--embedding: expected an integer from 1 to 2147483647, got 0/],
  [{ hidden: 2.5 }, /--hidden: expected an integer from 1 to 2147483647, got 2.5/],
  [{ hidden: 2 ** 31 }, /--hidden: expected an integer from 1 to 2147483647, got 2147483648/],
  [{ seed: 2 ** 53 }, /--seed: expected an integer from 0 to 9007199254740991, got 9007199254740992/],
  [{ mlp: 'big' }, /--mlp: expected an integer from 1 to 2147483647, got 'big'/],
  [{ schedule: 'step' }, /--schedule: expected one of constant, linear, cosine, got 'step'/],
  [{ warmUp: 1 }, /--warm-up: expected a number from 0 to below 1, got 1/],
  [{ warmUp: -0.1 }, /--warm-up: expected/],
  [{ ema: 1 }, /--ema: expected a number from 0 to below 1 .*, got 1/],
  [{ ema: 1e-39 }, /--ema: expected/],
  [{ layers: 0 }, /--layers: expected an integer from 1 to 8, got 0/],
  [{ layers: 9 }, /--layers: expected an integer from 1 to 8, got 9/],
  [
    { pooling: [] },
    /--pooling: expected a list of different poolings among last, max, mean, attention, got \[\]/,
  ],
  [{ pooling: ['max', 'max'] }, /--pooling: expected a list of different poolings/],
  [{ pooling: ['median'] }, /--pooling: expected a list of different poolings/],
  [{ pooling: 'max' }, /--pooling: expected a list of different poolings .* got 'max'/],
  [{ maxTokens: 0 }, /--max-tokens: expected/],
  [{ seed: -1 }, /--seed: expected/],
  [{ seed: 2 ** 53 }, /--seed: expected/],
  [{ threads: 257 }, /--threads: expected an integer from 1 to 256, got 257/],
  [{ limit: 0 }, /--limit: expected/],
  [{ level: 'byte' }, /--level: expected one of char, word, got 'byte'/],
  [{ tokenizer: [] }, /--tokenizer: expected a list of steps such as nfc, lowercase, words, got \[\]/],
  [{ tokenizer: [''] }, /--tokenizer: expected a list of steps/],
  [{ tokenizer: 'words' }, /--tokenizer: expected a list of steps .* got 'words'/],
  [{ tokenizer: ['nfc', 'word'] }, /--tokenizer: expected steps among nfc@1, .*words@1.*got 'word'/],
  [{ tokenizer: ['nfc'] }, /--tokenizer: expected text steps, then exactly one split/],
  [{ resume: 'runs/x', tokenizer: ['words'] }, /--tokenizer cannot be combined with --resume/],
  [{ regime: 'both' }, /--regime: expected one of vanilla, dropout/],
  [{ size: 'huge' }, /--size: expected/],
  [{ cell: 'LSTM' }, /--cell: expected one of gru, gru-cho, lstm, got 'LSTM'/],
  [{ device: 'cuda' }, /--device: expected one of cpu, auto, got 'cuda'/],
  [{ onMalformed: 'ignore' }, /--on-malformed: expected/],
  [{ offline: 'yes' }, /--offline: expected true or false/],
  [{ out: '' }, /--out: expected a string/],
  [{ learning_rate: 0.1 }, /unknown option 'learning_rate'/],
  [{ dataset: 'dsl', train: 'a.tsv' }, /either --dataset or --train/],
  [{ valid: 'v.tsv' }, /expected --train FILE beside --valid/],
  [{ test: 't.tsv' }, /expected --train FILE beside --test/],
  [{ format: 'csv' }, /expected --train FILE beside --format/],
  [{ dataset: 'dsl', textColumn: 'review' }, /expected --train FILE beside --text-column/],
  [{ labelColumn: 'stars' }, /expected --train FILE beside --label-column/],
  [{ train: 'a.csv', format: 'xml' }, /--format: expected one of tsv, csv, jsonl, json, parquet, got 'xml'/],
  [{ learningRate: 0.5, weightDecay: 2.5 }, /--weight-decay: expected at most 2, .* --lr of 0.5, got 2.5/],
  [{ delimiter: ';' }, /expected --train FILE beside --delimiter/],
  [{ header: false }, /expected --train FILE beside --no-header,/],
  [{ train: 'a.csv', delimiter: ';;' }, /--delimiter: expected one ASCII character but a quote .* got ';;'/],
  [{ train: 'a.tsv', header: 'no' }, /--header or --no-header: expected true or false, got 'no'/],
  [{ train: 'a.tsv', header: false, textColumn: 'a' }, /either --no-header or --text-column, got both/],
  [{ train: 'a.csv', textColumn: '' }, /--text-column: expected a string that is not empty/],
  [{ train: 'a.csv', textColumn: 'label' }, /different columns for texts and labels, got 'label' for both/],
  [{ resume: 'runs/x', epochs: 3 }, /--epochs cannot be combined with --resume/],
  [{ resume: 'runs/x', cell: 'lstm' }, /--cell cannot be combined with --resume/],
  [{ resume: 'runs/x', textColumn: 'review' }, /--text-column cannot be combined with --resume/],
  [{ resume: 'runs/x', learningRate: 1 }, /--lr cannot be combined with --resume/],
  [{ resume: 'runs/x', subwords: false }, /^--no-subwords cannot be combined with --resume/],
  [{ loss: 'squared', ngrams: ['word:1'] }, /^--loss squared cannot be combined with --ngrams: /],
  [{ recurrent: false, loss: 'squared' }, /^--loss cannot be combined with --no-recurrent/],
  [{ recurrent: false, subwords: false }, /^--no-subwords cannot be combined with --no-recurrent/],
];

it.each(wrong)('refuses %j', (options, message) => {
  expect(() => {
    checkTrainOptions(options);
  }).toThrow(advError('USAGE', message, /.?/));
});

it('says that there is no CUDA backend', () => {
  expect(() => {
    checkTrainOptions({ device: 'cuda' as 'cpu' });
  }).toThrow(advError('USAGE', /cuda/, /no CUDA backend/));
});

it('accepts what does not change a result beside resume', () => {
  checkTrainOptions({
    resume: 'runs/x',
    threads: 2,
    dataDir: '/data',
    offline: true,
    device: 'auto',
    seed: undefined,
  });
});

it('overlays the defaults of the dataset by what the user set', () => {
  expect(resolveRecipe({}, dataset)).toMatchObject({
    data: { dataset: 'babi-sim-1' },
    limit: null,
    level: 'char',
    tokenizer: ['nfc@1', 'characters@1'],
    cell: 'gru',
    regime: 'adversarial',
    dimensions: { embedding: 20, hidden: 200, mlp: 256 },
    epsilon: 0.05,
    epsilonUnit: 'std',
    alpha: 0.5,
    unknownRate: 0.02,
    dropoutKeep: 1,
    seed: 1,
    epochs: 50,
  });
  const own = resolveRecipe({ size: 'small', unknownRate: 0, epochs: 2, seed: 0 }, dataset);
  expect(own).toMatchObject({ dimensions: { embedding: 10 }, unknownRate: 0, epochs: 2, seed: 0 });
  expect(resolveRecipe({ level: 'word' }, dataset)).toMatchObject({
    level: 'word',
    dimensions: { embedding: 200 },
  });
  expect(resolveRecipe({ cell: 'lstm' }, dataset).cell).toBe('lstm');
});

it('takes dimensions that were set one by one for those of the size', () => {
  const set = resolveRecipe({ size: 'small', hidden: 64, mlp: 7 }, dataset);
  expect(set.dimensions).toEqual({ embedding: 10, hidden: 64, mlp: 7 });
  expect(resolveRecipe({ embedding: 3 }, dataset).dimensions).toEqual({
    embedding: 3,
    hidden: 200,
    mlp: 256,
  });
  expect(trainingFacts(set)).toMatchObject({ size: 'small', embedding: 10, hidden: 64, mlp: 7 });
});

it('takes the tokenizer of the level unless one is named', () => {
  expect(resolveRecipe({ level: 'word' }, dataset).tokenizer).toEqual(['nfc@1', 'whitespace@1']);
  const named = resolveRecipe({ tokenizer: ['lowercase', 'words@1'] }, dataset);
  expect(named).toMatchObject({ level: 'char', tokenizer: ['lowercase@1', 'words@1'] });
});

it('keeps half of the units in the dropout regimes and all in the others', () => {
  const keep = regimes.map((regime) => resolveRecipe({ regime }, dataset).dropoutKeep);
  expect(keep).toEqual([1, 0.5, 1, 0.5, 1, 0.5]);
});

it('keeps as many units as the user says, in regimes with dropout alone', () => {
  const said = { regime: 'random+dropout', dropoutKeep: 0.8 } as const;
  expect(resolveRecipe(said, dataset).dropoutKeep).toBe(0.8);
  expect(resolveRecipe({ regime: 'vanilla', dropoutKeep: 1 }, dataset).dropoutKeep).toBe(1);
  expect(() => resolveRecipe({ dropoutKeep: 0.8 }, dataset)).toThrow(
    advError(
      'USAGE',
      /expected a regime with dropout beside --dropout-keep 0\.8, got adversarial/,
      /adversarial\+dropout/,
    ),
  );
  expect(() => {
    checkTrainOptions({ regime: 'dropout', dropoutKeep: 0 });
  }).toThrow(advError('USAGE', /--dropout-keep: expected a number above 0 and at most 1.*, got 0/, /.?/));
});

it('makes the paths of own data absolute, so that a run resumes from any folder', () => {
  const source = dataSource({ train: 'a.tsv', test: 'b.tsv' });
  expect(source).toMatchObject({ valid: null });
  expect('train' in source && isAbsolute(source.train) && isAbsolute(source.test ?? '')).toBe(true);
});

it('records how own data is read, as the user said it', () => {
  expect(dataSource({ train: 'a.csv' })).toMatchObject({ format: null, textColumn: null, labelColumn: null });
  expect(dataSource({ train: 'a.csv', format: 'tsv', labelColumn: 'stars' })).toMatchObject({
    format: 'tsv',
    textColumn: null,
    labelColumn: 'stars',
  });
});

it('records the delimiter, and what the first line of TSV was taken for', () => {
  const recorded = (options: TrainOptions) => resolveRecipe({ train: 'a', ...options }, dataset).data;
  expect(recorded({})).toMatchObject({ delimiter: null, header: false });
  expect(recorded({ header: false })).toEqual(recorded({}));
  expect(recorded({ delimiter: ';', labelColumn: 'stars' })).toMatchObject({ delimiter: ';', header: true });
  expect(recorded({ header: true })).toMatchObject({ textColumn: null, header: true });
  // Before its files have been read, nobody knows.
  expect(dataSource({ train: 'a' })).toMatchObject({ delimiter: null, header: null });
});

it('lets a resumed run keep its threads and place of data unless told otherwise', () => {
  const before = { threads: 3, device: 'cpu', dataDir: '/data', offline: true } as const;
  // Runs from before there was a baseline get one when they go on.
  expect(resolveExecution({ resume: 'x' }, before)).toEqual({ ...before, baseline: true });
  const earlier = { ...before, baseline: false };
  expect(resolveExecution({ resume: 'x' }, earlier)).toEqual(earlier);
  expect(resolveExecution({ resume: 'x', threads: 1, dataDir: '/other' }, earlier)).toEqual({
    ...earlier,
    threads: 1,
    dataDir: '/other',
  });
});

it('hands weight decay and learning rate to the engine', () => {
  expect(stepOptions(resolveRecipe({ weightDecay: 0.1 }, dataset)).weightDecay).toBe(0.1);
  expect(stepOptions(resolveRecipe({ learningRate: 0.3 }, dataset)).learningRate).toBe(0.3);
  expect(stepOptions(resolveRecipe({}, dataset), 0.07).learningRate).toBe(0.07);
});

it("refuses n-grams beside the squared loss, the user's and the preset's", () => {
  const why = /n-grams beside the network are weighed by the cross-entropy of both/u;
  expect(resolveRecipe({ loss: 'squared' }, dataset)).toMatchObject({ loss: 'squared', ngrams: null });
  expect(() => resolveRecipe({ loss: 'squared', ngrams: ['word:1'] }, dataset)).toThrow(
    advError('USAGE', /^--loss squared cannot be combined with --ngrams: /u, /Leave one/u),
  );
  const best = { ...dataset, best: { ...dataset.best, char: { ngrams: ['char:1-5'] } } };
  expect(() => resolveRecipe({ preset: 'best', loss: 'squared' }, best)).toThrow(
    advError('USAGE', /^expected --no-ngrams beside --loss squared, got the preset's char:1-5$/u, why),
  );
  expect(resolveRecipe({ preset: 'best', loss: 'squared', ngrams: false }, best).loss).toBe('squared');
});

it('lets runs from before an option go on', () => {
  const recipe = resolveRecipe({}, dataset);
  const { weightDecay, schedule, warmUp, pooling, layers, ema, select, loss, ...others } = recipe;
  const { subwords, buckets, ngrams, recurrent, ...before } = others;
  const added = { weightDecay, schedule, warmUp, layers, ema, select, loss };
  const usual = {
    weightDecay: 0,
    schedule: 'constant',
    warmUp: 0,
    layers: 1,
    ema: 0,
    select: 'loss',
    loss: 'cross-entropy',
  };
  expect(added).toEqual(usual);
  expect(pooling).toEqual(['last']);
  expect({ subwords, buckets, ngrams }).toEqual({ subwords: null, buckets: 100_000, ngrams: null });
  expect(recurrent).toBe(true);
  expect(completed(before as typeof recipe)).toEqual(recipe);
  expect(fingerprinted(recipe)).toEqual(before);
  expect(trainingFacts(recipe)).toMatchObject({ ...added, pooling: 'last' });
  expect(trainingFacts({ ...recipe, pooling: ['max', 'mean'] })).toMatchObject({ pooling: 'max,mean' });
  for (const chosen of [
    { weightDecay: 0.1 },
    { schedule: 'linear' },
    { warmUp: 0.1 },
    { layers: 2 },
    { select: 'accuracy' },
    { ema: 0.99 },
    { level: 'word', subwords: [2, 5] },
    { ngrams: ['char:1-5', 'word:1-2'] },
    { recurrent: false },
    { pooling: ['max'] },
    { pooling: ['last', 'max'] },
  ] as const) {
    expect(fingerprinted({ ...recipe, ...chosen })).toMatchObject(chosen);
  }
});

it('refuses n-grams of characters, and buckets for none', () => {
  const refused = (options: TrainOptions) => () => {
    checkTrainOptions(options);
    resolveRecipe(options, { ...dataset, level: 'char' });
  };
  const chars = /^--subwords: expected tokens that are words, got characters$/u;
  expect(refused({ subwords: [2, 5] })).toThrow(advError('USAGE', chars, /--level word/u));
  expect(refused({ subwords: [2, 5], level: 'word', buckets: 9 })).not.toThrow();
  const alone = /^expected --subwords beside --buckets, got none$/u;
  expect(refused({ buckets: 9 })).toThrow(advError('USAGE', alone, /--subwords 2-5 and --level word/u));
  expect(refused({ buckets: 9, level: 'word' })).toThrow(advError('USAGE', alone, /--subwords 2-5\.$/u));
  for (const lengths of ['2-5', [2], [5, 2], [0, 3], [2, 17], [2, 3, 4], [1.5, 2]]) {
    const wrong = { subwords: lengths } as unknown as TrainOptions;
    expect(refused(wrong)).toThrow(advError('USAGE', /^--subwords: expected lengths from 1 to 16/u, /^/u));
  }
  const { typed } = trainOptions.subwords.rule;
  expect(['2-5', '3-3', '3', '2-10'].map((text) => typed?.(text))).toEqual([
    ...[
      [2, 5],
      [3, 3],
    ],
    ...[
      [3, 3],
      [2, 10],
    ],
  ]);
  const wrong = ['2-', '-1-2', '0', '0-2', '5-2', '', '2-5-6', '2.5', ' 2'];
  expect(wrong.map((text) => typed?.(text))).toEqual(wrong);
});

it.each(['characters', 'graphemes'])('takes %s for what they are, at whatever level', (split) => {
  const subwords = { subwords: [2, 5] } as const;
  const best = { char: {}, word: subwords };
  const resolve = (options: TrainOptions) =>
    resolveRecipe(options, { level: 'word', defaults: dataset.defaults, best });
  const tokenizer = ['nfc', split];
  expect(resolve({}).subwords).toEqual([2, 5]);
  expect(resolve({ tokenizer }).subwords).toBeNull();
  const chars = /^--subwords: expected tokens that are words, got characters$/u;
  const another = /^Take a --tokenizer that splits into words, or leave --subwords out/u;
  expect(() => resolve({ tokenizer, ...subwords })).toThrow(advError('USAGE', chars, another));
  const buckets = { tokenizer, buckets: 9 };
  expect(() => resolve(buckets)).toThrow(
    advError('USAGE', /beside --buckets/u, /a --tokenizer that splits/u),
  );
  const words = { level: 'char', tokenizer: ['whitespace'], ...subwords } as const;
  expect(resolve(words)).toMatchObject({ ...subwords, level: 'char' });
});

it('refuses a weight decay that would take more than all of a weight away, at the default learning rate too', () => {
  checkTrainOptions({ learningRate: 0.5, weightDecay: 2 });
  expect(resolveRecipe({ weightDecay: 500 }, dataset).weightDecay).toBe(500);
  expect(() => resolveRecipe({ weightDecay: 501 }, dataset)).toThrow(
    advError('USAGE', /--weight-decay: expected at most 500, .* --lr of 0.002, got 501/, /lower one/),
  );
});

it('takes no network where there are n-grams, and then says nothing of one', () => {
  const ngrams = ['char:1-5'];
  const bare: TrainOptions = { recurrent: false, ngrams, limit: 7, seed: 3, baseline: false };
  checkTrainOptions(bare);
  const recipe = resolveRecipe(bare, dataset);
  expect(recipe.recurrent).toBe(false);
  const facts = { preset: 'best', limit: 7, ngrams: 'char:1-5', seed: 3, splitSeed: 1 };
  expect(trainingFacts(recipe)).toEqual(facts);
  expect(resolveRecipe({ recurrent: false }, dataset).ngrams).toEqual(['char:1-6', 'word:1-2']);
  const ofNetwork: TrainOptions[] = [
    ...[
      { regime: 'vanilla' },
      { epsilon: 0.1 },
      { learningRate: 0.1 },
      { epochs: 3 },
      { hidden: 5 },
      { ema: 0.9 },
    ],
    ...[
      { level: 'word' },
      { tokenizer: ['nfc', 'words'] },
      { maxTokens: 9 },
      { pooling: ['max'] },
      { cell: 'lstm' },
    ],
  ] as TrainOptions[];
  for (const option of ofNetwork) {
    const said = /^--[a-z-]+ cannot be combined with --no-recurrent: it says something of the network/u;
    const refusal = advError('USAGE', said, /^Leave one of the two out\.$/u);
    expect(() => {
      checkTrainOptions({ ...bare, ...option });
    }).toThrow(refusal);
  }
});
