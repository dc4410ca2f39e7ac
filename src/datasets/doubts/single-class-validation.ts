import type { Warning } from '../../base/warnings.js';
import { startOfText } from './doubt.js';

/**
 * Validation data of one class: the epoch that is selected by it is the one that prefers this class, whatever the text.
 *
 * @param classCounts validation examples of each of the labels
 */
export function singleClassValidation(labels: readonly string[], classCounts: readonly number[]): Warning[] {
  const [label, ...others] = labels.filter((_, place) => (classCounts[place] ?? 0) > 0);
  if (label === undefined || others.length > 0) return [];
  return [
    {
      code: 'SINGLE_CLASS_VALIDATION',
      message:
        `the validation data has examples of one class only, '${startOfText(label, 40)}': its loss prefers a model that always ` +
        'answers so. Give it examples of every class.',
    },
  ];
}
