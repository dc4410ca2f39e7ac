import type { Rule } from '../base/rules.js';
import type { NativePooling } from './addon.js';

/** What the MLP can read of a text's states. */
export const poolingNames = ['last', 'max', 'mean'] as const satisfies readonly NativePooling[];

/** A list of poolings, as users say it. */
export const poolingRule: Rule<readonly NativePooling[]> = {
  expected: `a list of different poolings among ${poolingNames.join(', ')}`,
  accepts: (value): value is NativePooling[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((name) => (poolingNames as readonly unknown[]).includes(name)),
  typed: (text) => text.split(',').map((name) => name.trim()),
};
