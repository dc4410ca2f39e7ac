import type { SplitStep } from './step.js';
import { squeezeSpace } from './white-space.js';

/** Code points; runs of white space are one space, and none at either end. */
export const characters: SplitStep = {
  kind: 'split',
  level: 'char',
  name: 'characters',
  version: 1,
  apply: (text) => Array.from(squeezeSpace(text)),
};
