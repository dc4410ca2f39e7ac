import { AdvError } from '../base/errors.js';
import { checkOptions } from '../base/check-options.js';
import { writtenFlag } from '../base/option.js';
import { columnsOf } from '../files/columns.js';
import { refuseDataFile } from '../files/data-file.js';
import { tokenizerOf } from '../text/tokenizers/pipeline.js';
import type { Level } from '../text/types.js';
import type { TrainOption } from './option.js';
import { withDropout } from './regime.js';
import { trainOptions, type RecordedOptions, type TrainOptions } from './table.js';

/**
 * Checks the options one by one and against each other, before any data is touched.
 *
 * @throws AdvError USAGE
 */
export function checkTrainOptions(options: TrainOptions): void {
  checkOptions(options, trainOptions);
  if (options.tokenizer !== undefined) tokenizerOf(options.tokenizer);
  if (options.resume !== undefined) {
    const fixed = firstSet(options, ({ resumable }) => resumable !== true);
    if (fixed === undefined) return;
    throw new AdvError(
      'USAGE',
      `${fixed} cannot be combined with --resume: a resumed run keeps the options it began with`,
      'Leave it out, or start a new run without --resume.',
    );
  }
  if (options.train !== undefined && options.dataset !== undefined) {
    throw new AdvError('USAGE', 'expected either --dataset or --train, got both', 'Leave one of them out.');
  }
  if (options.dataset !== undefined) refuseDataFile(options.dataset);
  if (options.epsilonUnit === 'absolute' && options.epsilon === undefined) {
    throw new AdvError(
      'USAGE',
      'expected --epsilon beside --epsilon-unit absolute, got none',
      "The dataset's own epsilon counts standard deviations: say how large the absolute one is.",
    );
  }
  const orphan = firstSet(options, ({ ownData }) => options.train === undefined && ownData === true);
  if (orphan !== undefined) {
    throw new AdvError(
      'USAGE',
      `expected --train FILE beside ${orphan}, got none`,
      'Own data needs at least a training file.',
    );
  }
  const { learningRate, loss, ngrams, weightDecay } = options;
  checkNetworkOptions(options);
  if (loss !== undefined && Array.isArray(ngrams)) checkLoss({ loss, ngrams }, options);
  if (learningRate !== undefined && weightDecay !== undefined) {
    checkDecay({ learningRate, weightDecay }, options);
  }
  columnsOf(options);
}

/**
 * Checks weight decay against the learning rate; either may be the default of the dataset and the preset.
 *
 * @param said what the user said: the error is about that
 * @throws AdvError USAGE when a step would take more than all of a weight away
 */
export function checkDecay(
  { learningRate, weightDecay }: Pick<RecordedOptions, 'learningRate' | 'weightDecay'>,
  said: TrainOptions,
): void {
  if (weightDecay * learningRate <= 1) return;
  const rate = { flag: '--lr', value: learningRate };
  const decay = { flag: '--weight-decay', value: weightDecay };
  const [wrong, other] = said.weightDecay === undefined ? [rate, decay] : [decay, rate];
  throw new AdvError(
    'USAGE',
    `${wrong.flag}: expected at most ${1 / other.value}, which is 1 / ${other.flag} of ${other.value}, got ${wrong.value}`,
    'A step takes --weight-decay times --lr of each weight away, which cannot be more than all of it: lower one of the two.',
  );
}

/**
 * Checks that where words have n-grams, tokens are words, and that where they have none, nobody asks for their vectors: what tokens are and
 * whether there are n-grams may be the defaults of the dataset and the preset.
 *
 * @param tokens what the tokenizer makes
 * @param said what the user said
 * @throws AdvError USAGE
 */
export function checkSubwords(
  subwords: RecordedOptions['subwords'],
  tokens: Level,
  said: TrainOptions,
): void {
  const toWords = said.tokenizer === undefined ? '--level word' : 'a --tokenizer that splits into words';
  if (subwords === null && said.buckets !== undefined) {
    if (said.subwords === false) {
      throw notTogether('--buckets', '--no-subwords', 'without n-grams there is nothing that shares vectors');
    }
    throw new AdvError(
      'USAGE',
      'expected --subwords beside --buckets, got none',
      'Without n-grams there is nothing that shares vectors: leave it out, or add ' +
        (tokens === 'word'
          ? '--subwords 2-5.'
          : `--subwords 2-5 and ${toWords}: characters have no n-grams.`),
    );
  }
  if (subwords === null || tokens === 'word') return;
  throw new AdvError(
    'USAGE',
    '--subwords: expected tokens that are words, got characters',
    `Take ${toWords}, or leave --subwords out.`,
  );
}

/**
 * Checks that where there is to be no network, nothing is said of one.
 *
 * @throws AdvError USAGE
 */
function checkNetworkOptions(options: TrainOptions): void {
  const { preset, recurrent = preset !== 'fast' } = options;
  const idle = recurrent ? undefined : firstSet(options, ({ network }) => network === true);
  if (idle === undefined) return;
  throw notTogether(idle, withoutNetwork(options), 'it says something of the network, and there is none');
}

/**
 * Checks that a run without a network has n-grams, which may be the preset's.
 *
 * @param said what the user said
 * @throws AdvError USAGE
 */
export function checkRecurrent(
  { ngrams, recurrent }: Pick<RecordedOptions, 'ngrams' | 'recurrent'>,
  said: TrainOptions,
): void {
  if (recurrent || ngrams !== null) return;
  const why = 'without a network the n-grams are the whole model';
  throw notTogether('--no-ngrams', withoutNetwork(said), why);
}

/**
 * Checks that no n-grams stand beside a network of the squared loss: their scores and its logits are weighed by the cross-entropy of a
 * softmax of both. The n-grams may be the preset's.
 *
 * @param said what the user said
 * @throws AdvError USAGE
 */
export function checkLoss(
  { loss, ngrams }: Pick<RecordedOptions, 'loss' | 'ngrams'>,
  said: TrainOptions,
): void {
  if (loss !== 'squared' || ngrams === null) return;
  const why = 'n-grams beside the network are weighed by the cross-entropy of both';
  if (said.ngrams !== undefined) throw notTogether('--loss squared', '--ngrams', why);
  throw new AdvError(
    'USAGE',
    `expected --no-ngrams beside --loss squared, got the preset's ${ngrams.join(',')}`,
    `Add --no-ngrams, or --preset paper: ${why}.`,
  );
}

/**
 * Checks that units are dropped in regimes with dropout alone; the regime may be the preset's.
 *
 * @throws AdvError USAGE
 */
export function checkDropout({ dropoutKeep, regime }: Pick<RecordedOptions, 'dropoutKeep' | 'regime'>): void {
  if (dropoutKeep === 1 || regime.includes('dropout')) return;
  throw new AdvError(
    'USAGE',
    `expected a regime with dropout beside --dropout-keep ${dropoutKeep}, got ${regime}`,
    `Add --regime ${withDropout(regime) ?? 'dropout'}, or leave --dropout-keep out.`,
  );
}

/** What the user said for there to be no network. */
const withoutNetwork = ({ recurrent }: TrainOptions): string =>
  recurrent === false ? '--no-recurrent' : '--preset fast';

function notTogether(one: string, other: string, why: string): AdvError {
  return new AdvError(
    'USAGE',
    `${one} cannot be combined with ${other}: ${why}`,
    'Leave one of the two out.',
  );
}

/** The first option that is set and of a kind, as the user wrote it. */
function firstSet(options: TrainOptions, kind: (option: TrainOption) => boolean): string | undefined {
  for (const [name, option] of Object.entries<TrainOption>(trainOptions)) {
    const value = options[name as keyof TrainOptions];
    if (value !== undefined && kind(option)) return writtenFlag(option, value);
  }
  return undefined;
}
