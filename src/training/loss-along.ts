import { inStage } from '../base/stage.js';
import { at } from '../base/at.js';
import { Random } from '../base/random.js';
import { anyNumber, integer } from '../base/rules.js';
import { fields, kept, listOf, type Kept } from '../base/schema.js';
import { sum } from '../statistics/sum.js';
import { cancellable, throwIfCancelled } from '../engine/calls.js';
import type { NativeAttack, NativeAttackedEvaluation } from '../engine/addon.js';
import { evaluationBatches } from '../text/batches.js';
import type { NetworkRun } from './active-run.js';

const measured = kept(anyNumber);
const losses = listOf(measured);

/** What a file must hold for a {@link LossAlong}. */
export const lossAlongSchema = fields({
  /** Validation texts that were perturbed. */
  texts: kept(integer(1)),
  /** What ε counts. */
  embeddingStd: measured,
  /** In standard deviations of the embedding table; the first is 0, the texts as they are. */
  epsilons: losses,
  /** Mean loss of the network at each ε, at e + ε·sign(∇ of the embedded tokens). */
  fastGradientSign: losses,
  /** The same at e + ε·(a random sign for each coordinate). */
  random: losses,
});

/** How the validation loss of a network grows along Δ and along random directions: how flat it is around its texts. */
export interface LossAlong extends Kept<typeof lossAlongSchema> {}

/** From far below what regimes train with to far beyond. */
const epsilons = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

const kinds = ['fast-gradient-sign', 'random-sign'] as const;

const attacks: readonly NativeAttack[] = kinds.flatMap((kind) =>
  epsilons.map((epsilon) => ({ kind, epsilon, unit: 'std' as const })),
);

/** Enough for a mean, few enough to take little time beside an epoch. */
const mostTexts = 256;

/**
 * Measures the selected network, whose parameters the engine holds, on validation texts without dropout: the same ones in every run of the
 * same split.
 *
 * @throws an error of code 'CANCELLED' when the signal fires, and what reading the token ids throws
 */
export async function lossAlong(run: NetworkRun): Promise<LossAlong> {
  return inStage('perturbing validation texts', run.watch, () => measure(run));
}

async function measure({ classifier, data, recipe, watch }: NetworkRun): Promise<LossAlong> {
  const rows = Int32Array.from({ length: data.valid.count }, (_, row) => row);
  const drawn = new Random(recipe.splitSeed, 'loss along perturbations').shuffle(rows).subarray(0, mostTexts);
  const texts = await data.valid.batch(drawn);
  const embeddingStd = classifier.embeddingStandardDeviation();
  const parts: { readonly texts: number; readonly evaluation: NativeAttackedEvaluation }[] = [];
  for (const { batch } of evaluationBatches(texts, recipe.batchSize)) {
    throwIfCancelled(watch.signal);
    // No training step had these numbers of random signs.
    const draw = classifier.step + 1 + parts.length;
    const evaluation = await cancellable(classifier, watch.signal, () =>
      classifier.evaluateUnder(batch, { attacks, draw }),
    );
    parts.push({ texts: batch.labels.length, evaluation });
  }
  const mean = (lossOf: (evaluation: NativeAttackedEvaluation) => number): number =>
    sum(parts.map((part) => part.texts * lossOf(part.evaluation))) / drawn.length;
  const along = (kind: number): number[] => [
    mean(({ loss }) => loss),
    ...epsilons.map((_, place) => mean((one) => at(one.attacks, kind * epsilons.length + place).loss)),
  ];
  return {
    ...{ texts: drawn.length, embeddingStd, epsilons: [0, ...epsilons] },
    ...{ fastGradientSign: along(0), random: along(1) },
  };
}
