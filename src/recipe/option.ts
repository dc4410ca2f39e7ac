import type { CommandOption } from '../base/option.js';
import type { Rule } from '../base/rules.js';
import type { Level } from '../text/types.js';
import type { Regime } from './regime.js';

/** Which of a dataset's two sets of dimensions a model has. */
export type Size = 'big' | 'small';

/** What sets whatever the user leaves open, see presets.ts. */
export type Preset = 'paper' | 'best' | 'fast';

/** Dimensions of a model: E embedding, H hidden of one direction, M MLP hidden. */
export interface ModelSize {
  readonly embedding: number;
  readonly hidden: number;
  readonly mlp: number;
}

/** The default of an option for which each dataset has its own, a level at a time. */
export const byDataset = Symbol('by dataset and level');

/** What the default of an option can follow from: the options before it in the table, and the dataset. */
export interface Known {
  readonly datasetLevel: Level;
  readonly size: Size;
  readonly regime: Regime;
  readonly epochs: number;
  /** The dataset's, for the level. */
  readonly sizes: Readonly<Record<Size, ModelSize>>;
  /** The dimensions that the user set one by one. */
  readonly own: Partial<ModelSize>;
}

/** How an option stands in the recipe of a run, and so in the fingerprint of its checkpoint. */
export interface Recorded<Value = unknown> {
  /** Where the user says nothing. */
  readonly default: Value | typeof byDataset | ((known: Known) => Value);
  /** Whether an exported model tells it among its training facts. */
  readonly fact?: true;
  /**
   * What was done before there was the option: runs from then go on with it, and their checkpoints and those of runs that chose it
   * have one fingerprint.
   */
  readonly absent?: Value;
}

/** Part of a recipe: an option, or what follows from options. */
export interface RecipePart<Value = unknown> {
  readonly rule: Rule<Value>;
  /** Whether it says something of the recurrent network and of what it reads alone. */
  readonly network?: true;
  /** Left out where an option decides no numbers, or others record what it says. */
  readonly recorded?: Recorded<Value | null>;
}

/** One option of train(). */
export interface TrainOption<Value = unknown> extends RecipePart<Value>, CommandOption<Value> {
  readonly help: string;
  /** The default in words, where it is no constant that says it itself. */
  readonly defaultWords?: string;
  /** Whether it may accompany --resume, because it does not change a result. */
  readonly resumable?: true;
  /** Whether it says something of own files alone. */
  readonly ownData?: true;
}

/** What an option is where the user says nothing, in words; undefined where its help says it, or the dataset has its own. */
export function defaultInWords({ defaultWords, recorded }: TrainOption): string | undefined {
  const usual = recorded?.default;
  return defaultWords ?? (typeof usual === 'string' || typeof usual === 'number' ? String(usual) : undefined);
}
