import { anyNumber, flag, integer } from './rules.js';
import { fields, kept, optional, orNull, type Kept } from './schema.js';

const measured = kept(anyNumber);
const measuredInTraining = orNull(measured);

/** What a file must hold for an {@link EpochRecord}. */
export const epochRecordSchema = fields({
  epoch: kept(integer(0)),
  /** Mean clean loss over the epoch's training steps, in nats where it is cross-entropy. */
  trainLoss: measuredInTraining,
  /** Mean of what was minimised: α·J(e) + (1 − α)·J(e + Δ) where the regime perturbs, at random too, else trainLoss. */
  trainObjective: measuredInTraining,
  trainAccuracy: measuredInTraining,
  /** Mean loss of the passes over e + Δ; null where the regime does not perturb. Histories of earlier versions lack it, as the next one. */
  adversarialLoss: optional(measuredInTraining),
  /** Mean over the steps of the gradient's global norm before clipping, of all parameters together. */
  gradientNorm: optional(measuredInTraining),
  validLoss: measured,
  validAccuracy: measured,
  validMacroF1: measured,
  /** True when it was the best trained epoch so far, by what the run selects by. */
  best: kept(flag),
  /** Standard deviation of the embedding table's entries at the end of the epoch. */
  embeddingStd: measured,
  /** ε of the epoch's last step as an absolute number; 0 where the regime does not perturb. */
  epsilon: measured,
  /** Wall time of the epoch, validation included. */
  seconds: measured,
  /** Wall time of its training steps. */
  trainSeconds: measured,
  /** Training tokens a second; a token counts once, also where the step computes a clean and a perturbed pass. */
  tokensPerSecond: measuredInTraining,
});

/** One epoch as history.jsonl holds it. Epoch 0 is the untrained model: its training fields are null. */
export interface EpochRecord extends Kept<typeof epochRecordSchema> {}
