import { Random } from '../../base/random.js';
import type { NativeAddon, NativeBatch } from '../../engine/addon.js';
import { cancellable } from '../../engine/calls.js';
import { warmStep } from '../../engine/warm-step.js';
import { subwordsOf, type Recipe } from '../../recipe/recipe.js';
import { naturalIds, withNgrams } from '../../text/natural-batch.js';
import { newClassifier, stepOptions } from '../../training/native-model.js';
import type { RowData } from './row-data.js';

/** Seconds a token on one core. */
export interface TokenSeconds {
  readonly train: number;
  readonly valid: number;
}

/** How long steps and evaluations of a model are timed at least. */
const turnMilliseconds = 100;

/**
 * Times training steps and evaluations of a recipe's model on one thread, with an invented batch whose texts all have the mean length. Nothing
 * else may compute in this process meanwhile.
 *
 * @throws AdvError of the engine, such as for a lack of memory; an error of code 'CANCELLED' when the signal fires
 */
export async function timeTokens(
  addon: NativeAddon,
  recipe: Recipe,
  data: RowData,
  signal?: AbortSignal,
): Promise<TokenSeconds> {
  const { vocabulary: vocabularySize, classes: classCount } = data;
  const classifier = newClassifier(addon, recipe, { vocabularySize, classCount }, 1);
  try {
    const batch = meanBatch(recipe, data);
    const options = stepOptions(recipe);
    const train = () => classifier.trainStep(batch, options);
    const valid = () => classifier.evaluate(batch);
    const seconds = async (call: () => Promise<unknown>): Promise<number> => {
      const timed = () => processorTime(() => cancellable(classifier, signal, call));
      return (await warmStep(timed, turnMilliseconds)).milliseconds / 1000 / batch.ids.length;
    };
    // It makes weights and the room for all that follow, which may take longer than a step.
    await cancellable(classifier, signal, train);
    return { train: await seconds(train), valid: await seconds(valid) };
  } finally {
    classifier.dispose();
  }
}

/** Of the processor: what else the machine does is not in it. */
async function processorTime(call: () => Promise<unknown>): Promise<{ readonly milliseconds: number }> {
  const began = process.cpuUsage();
  await call();
  const { user, system } = process.cpuUsage(began);
  return { milliseconds: (user + system) / 1000 };
}

function meanBatch(recipe: Recipe, { texts, tokens, vocabulary, classes }: RowData): NativeBatch {
  const size = Math.min(recipe.batchSize, texts);
  const length = Math.max(2, Math.round(tokens / texts));
  const random = new Random(1, 'forecast');
  const batch = {
    ids: naturalIds(random, new Array<number>(size).fill(length), vocabulary),
    offsets: Int32Array.from({ length: size + 1 }, (_, place) => place * length),
    labels: Int32Array.from({ length: size }, () => random.below(classes)),
  };
  const subwords = subwordsOf(recipe);
  return subwords === undefined ? batch : withNgrams(batch, subwords);
}
