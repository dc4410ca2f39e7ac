import { AdvError } from '../../base/errors.js';
import type { Watch } from '../../base/events.js';
import { inStage } from '../../base/stage.js';
import { loadAddon } from '../../engine/loader.js';
import { passesOf } from '../../recipe/regime.js';
import { classifierConfig } from '../../training/native-model.js';
import type { KnownReading, RowReading } from './data-reader.js';
import type { DescribedTexts } from './described-data.js';
import type { FinishedRun } from './finished-runs.js';
import { epochsOf, paceOfFinished, runSeconds, type Epochs, type Pace, type RunKind } from './pace.js';
import type { RowData } from './row-data.js';
import { timeTokens, type TokenSeconds } from './step-time.js';

/** What a run is expected to take, and what tells it. */
export interface RunForecast {
  /** How much it reads; null where nothing tells it. */
  readonly data: RowData | null;
  /** Why its data cannot be read, so that `data` is what the description of the corpus says, if it has one; null where it is here. */
  readonly missing: string | null;
  /** What the description of the corpus says; null where it has none. */
  readonly described: DescribedTexts | null;
  /** Epochs that are trained; null where the recipe is not known. */
  readonly epochs: number | null;
  readonly epochsBy: Epochs['by'] | null;
  /** On one core; null where nothing tells it, and `unknown` says why. */
  readonly seconds: number | null;
  readonly secondsBy: Pace['by'] | null;
  readonly unknown: string | null;
}

/** What there is to tell from of the columns of a row and size. */
export interface RowSources {
  /** Row and size, for progress. */
  readonly name: string;
  /** By column. */
  readonly readings: ReadonlyMap<string, RowReading>;
  readonly finished: readonly FinishedRun[];
}

/** Tells what runs take without training them: by finished ones, else by a few steps, each model timed once. */
export class Forecaster {
  readonly #watch: Watch;
  /** Paces of models, or why there is none. */
  readonly #timed = new Map<string, Pace | string>();

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /**
   * What a run of each column of a row and size takes.
   *
   * @throws AdvError INTERRUPTED when the signal fires
   */
  async forecast({ name, readings, finished }: RowSources): Promise<Map<string, RunForecast>> {
    const known = [...readings].flatMap(([column, reading]) =>
      reading.recipe === undefined ? [] : [{ reading, kind: kindOf(column, reading) }],
    );
    const kinds = known.map(({ kind }) => kind);
    const forecasts = new Map(
      [...readings].map(([column, { missing = null }]) => [column, unknownRun(missing)]),
    );
    for (const { reading, kind } of known) {
      const pace = paceOfFinished(kind, kinds, finished) ?? (await this.#time(name, reading, kind));
      forecasts.set(kind.column, runForecast(reading, epochsOf(kind, finished), pace));
    }
    return forecasts;
  }

  async #time(
    name: string,
    { recipe, data }: KnownReading,
    { model, passes }: RunKind,
  ): Promise<Pace | string> {
    const key = `${model} ${passes}`;
    const pace = this.#timed.get(key) ?? (await this.#timeNow(`timing steps of ${name}`, recipe, data));
    this.#timed.set(key, pace);
    return pace;
  }

  async #timeNow(stage: string, recipe: KnownReading['recipe'], data: RowData): Promise<Pace | string> {
    const { signal } = this.#watch;
    try {
      const time = (): Promise<TokenSeconds> => timeTokens(loadAddon(), recipe, data, signal);
      return { ...(await inStage(stage, this.#watch, time)), by: 'timed steps' };
    } catch (error) {
      // A model that this machine has not the memory for, say.
      if (error instanceof AdvError && error.code !== 'INTERRUPTED') return error.message;
      throw error;
    }
  }
}

function kindOf(column: string, { recipe, data }: KnownReading): RunKind {
  const { vocabulary: vocabularySize, classes: classCount } = data;
  const config = classifierConfig({ ...recipe, seed: 0 }, { vocabularySize, classCount }, 1);
  const text = Math.round(data.tokens / data.texts);
  return {
    ...{ column, data, passes: passesOf(recipe.regime) },
    model: JSON.stringify([config, recipe.subwords, recipe.batchSize, text]),
    epochs: recipe.epochs,
  };
}

function unknownRun(missing: string | null): RunForecast {
  const nothing = {
    data: null,
    described: null,
    epochs: null,
    epochsBy: null,
    seconds: null,
    secondsBy: null,
  };
  return { ...nothing, missing, unknown: missing };
}

function runForecast(
  { data, missing, described }: KnownReading,
  { epochs, by: epochsBy }: Epochs,
  pace: Pace | string,
): RunForecast {
  const known = {
    data,
    missing: missing ?? null,
    described: described === undefined ? null : textsOf(described),
    epochs,
    epochsBy,
  };
  if (typeof pace === 'string') return { ...known, seconds: null, secondsBy: null, unknown: pace };
  return { ...known, seconds: runSeconds(data, epochs, pace), secondsBy: pace.by, unknown: null };
}

const textsOf = ({ texts, validTexts, source, counted }: DescribedTexts): DescribedTexts => ({
  ...{ texts, validTexts, source, counted },
});
