import { mean } from '../../statistics/mean.js';
import type { FinishedRun } from './finished-runs.js';
import type { RowData } from './row-data.js';
import type { TokenSeconds } from './step-time.js';

/** The runs of a row, column and size. */
export interface RunKind {
  readonly column: string;
  /** How often a step goes through the network. */
  readonly passes: number;
  /** The same for columns whose models and texts are of the same size. */
  readonly model: string;
  readonly data: Pick<RowData, 'tokens' | 'validTokens'>;
  /** Maximum epochs. */
  readonly epochs: number;
}

/** How fast runs are, and what tells it: finished runs of the same column, those of others with as many passes for each, or timed steps. */
export interface Pace extends TokenSeconds {
  readonly by: 'finished runs' | 'other columns' | 'timed steps';
}

/** How many epochs runs have, and what tells it: the mean of finished runs, else the recipe, which patience may end earlier. */
export interface Epochs {
  readonly epochs: number;
  readonly by: 'finished runs' | 'recipe';
}

/**
 * How fast runs of a kind are by finished runs of its row and size; those on several threads do not tell how long one core takes.
 *
 * @param kinds of the row and size
 * @returns undefined where no finished run tells it
 */
export function paceOfFinished(
  kind: RunKind,
  kinds: readonly RunKind[],
  finished: readonly FinishedRun[],
): Pace | undefined {
  const onOneCore = finished.filter(({ threads }) => threads === 1);
  const own = onOneCore.filter(({ column }) => column === kind.column);
  const alike = own.length > 0 ? [kind] : kinds.filter(({ model }) => model === kind.model);
  const paces = onOneCore.flatMap(({ column, train, valid }) => {
    const of = alike.find((one) => one.column === column);
    if (of === undefined) return [];
    const { passes, data } = of;
    return [{ train: ((train / data.tokens) * kind.passes) / passes, valid: valid / data.validTokens }];
  });
  if (paces.length === 0) return undefined;
  const by = own.length > 0 ? 'finished runs' : 'other columns';
  return { train: meanOf(paces, 'train'), valid: meanOf(paces, 'valid'), by };
}

/** How many epochs runs of a kind have: as many as finished runs of the column had or, where there is none, those of the row and size. */
export function epochsOf({ column, epochs }: RunKind, finished: readonly FinishedRun[]): Epochs {
  const own = finished.filter((run) => run.column === column);
  const told = own.length > 0 ? own : finished;
  if (told.length === 0) return { epochs, by: 'recipe' };
  return { epochs: Math.min(epochs, meanOf(told, 'epochs')), by: 'finished runs' };
}

/** Seconds of a run: its epochs, a validation after each, and that of the untrained model. */
export function runSeconds(
  { tokens, validTokens }: RunKind['data'],
  epochs: number,
  { train, valid }: TokenSeconds,
): number {
  return epochs * train * tokens + (epochs + 1) * valid * validTokens;
}

const meanOf = <Name extends string>(values: readonly Readonly<Record<Name, number>>[], name: Name): number =>
  mean(Float64Array.from(values, (value) => value[name]));
