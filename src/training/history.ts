import { anyNumber, integer } from '../base/rules.js';
import { epochRecordSchema, type EpochRecord } from '../base/epoch-record.js';
import { AdvError } from '../base/errors.js';
import { parseJson } from '../base/json.js';
import { checked, fields, kept, type Kept } from '../base/schema.js';
import { readIfThere } from '../base/storage/exclusive-file.js';

const count = kept(integer(0));
const measured = kept(anyNumber);

/** What a file must hold for {@link EpochSums}. */
export const epochSumsSchema = fields({
  examples: count,
  tokens: count,
  /** Sum of the minimised loss over the examples. */
  objective: measured,
  /** Sum of the clean loss over the examples. */
  cleanLoss: measured,
  correct: count,
  /** Sum of the loss at e + Δ over the examples; that of the clean one where the regime does not perturb. */
  adversarialLoss: measured,
  /** Sum of the gradient's norm over the steps. */
  gradientNorm: measured,
  /** ε of the last step. */
  epsilon: measured,
  seconds: measured,
});

/** Running sums of an epoch that is not over: what its record is made of. */
export interface EpochSums extends Kept<typeof epochSumsSchema> {}

/** The sums of an epoch that has not begun. */
export const emptySums: EpochSums = {
  examples: 0,
  tokens: 0,
  objective: 0,
  cleanLoss: 0,
  correct: 0,
  adversarialLoss: 0,
  gradientNorm: 0,
  epsilon: 0,
  seconds: 0,
};

/** history.jsonl: a line an epoch. */
export function historyLines(history: readonly EpochRecord[]): string {
  return history.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/**
 * Reads history.jsonl.
 *
 * @throws AdvError RUN_DIRECTORY when there is none or it is damaged
 */
export async function readHistory(path: string): Promise<EpochRecord[]> {
  const damaged = (problem: string): AdvError =>
    new AdvError(
      'RUN_DIRECTORY',
      `${path} is damaged: ${problem}`,
      'Restore it from a copy, or begin a new run.',
    );
  const text = await readIfThere(path);
  if (text === undefined) throw damaged('it is missing');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, place) => {
      const wrong = (problem: string): AdvError => damaged(`line ${place + 1}: ${problem}`);
      return checked(epochRecordSchema, parseJson(line, wrong), wrong);
    });
}

/** Training speed over all epochs of a history. `examples` and `tokens` are those of one epoch. */
export function throughput(
  history: readonly EpochRecord[],
  epochSize: { readonly examples: number; readonly tokens: number },
): { tokensPerSecond: number; examplesPerSecond: number } {
  const trained = history.filter((record) => record.epoch > 0);
  const seconds = trained.reduce((sum, record) => sum + record.trainSeconds, 0);
  const rate = (count: number): number => (seconds > 0 ? (count * trained.length) / seconds : 0);
  return { tokensPerSecond: rate(epochSize.tokens), examplesPerSecond: rate(epochSize.examples) };
}
