import type { NativeAddon, NativeClassifier } from '../engine/addon.js';
import type { Watch } from '../base/events.js';
import { newClassifier } from './native-model.js';
import type { Execution } from '../recipe/execution.js';
import type { Recipe } from '../recipe/recipe.js';
import type { PreparedData, RunData } from './prepare.js';
import type { RunDirectory } from './run-directory.js';
import type { RunRecord } from './run-record.js';

/** A run whose data is read and whose directory is locked. */
export interface ActiveRun {
  readonly addon: NativeAddon;
  readonly directory: RunDirectory;
  readonly data: RunData;
  readonly recipe: Recipe;
  readonly execution: Execution;
  readonly watch: Watch;
  /** Set when the run continues an earlier one. */
  readonly earlier: RunRecord | undefined;
}

/** A run that trains a network. */
export interface NetworkRun extends ActiveRun {
  readonly data: PreparedData;
  /** Freshly made for this run; its maker disposes of it. */
  readonly classifier: NativeClassifier;
}

/**
 * The model of a run.
 *
 * @throws AdvError NATIVE when the engine refuses it, such as for an unknown ADVNATIVE_ISA or a lack of memory
 */
export function createClassifier(
  addon: NativeAddon,
  recipe: Recipe,
  data: PreparedData,
  execution: Execution,
): NativeClassifier {
  const size = { vocabularySize: data.vocabulary.size, classCount: data.dataset.labels.length };
  return newClassifier(addon, recipe, size, execution.threads);
}
