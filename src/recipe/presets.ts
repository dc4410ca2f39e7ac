import type { Level } from '../text/types.js';
import type { Known, Preset } from './option.js';
import type { DatasetDefaults, RecordedOptions } from './table.js';

type Settings = DatasetDefaults & Omit<RecordedOptions, 'preset' | 'dimensions' | 'level'>;

/** What a preset sets in place of the paper's values, where the user says nothing; patience may follow from the epochs that the user sets. */
export type PresetSettings = Partial<
  Omit<Settings, 'patience'> & { readonly patience: number | ((known: Known) => number) }
>;

/** What is best for some data by its validation texts. */
export interface BestSettings extends Readonly<Record<Level, PresetSettings>> {
  /** What a token is, where that is not the dataset's own level. */
  readonly level?: Level;
}

/** The n-grams of linear classifiers where the user names none. */
export const usualNgrams: readonly string[] = ['char:1-6', 'word:1-2'];

/** What a preset sets for data of which that is best, a level at a time. */
function presetSettings(preset: Preset, best: BestSettings): BestSettings {
  if (preset === 'best') return best;
  const settings = preset === 'fast' ? { recurrent: false, ngrams: usualNgrams } : {};
  return { char: settings, word: settings };
}

/** What a recipe takes of a dataset. */
export interface DefaultsByLevel {
  readonly level: Level;
  /** The paper's. */
  readonly defaults: Readonly<Record<Level, DatasetDefaults>>;
  readonly best: BestSettings;
}

/** The level that a preset has for a dataset. */
export function presetLevel(preset: Preset, { level, best }: DefaultsByLevel): Level {
  return presetSettings(preset, best).level ?? level;
}

/** The paper's values for a dataset, overlaid by a preset's. */
export function presetDefaults(
  { preset, level }: { readonly preset: Preset; readonly level: Level },
  { defaults, best }: DefaultsByLevel,
): Omit<DatasetDefaults, 'patience'> & PresetSettings {
  return { ...defaults[level], ...presetSettings(preset, best)[level] };
}
