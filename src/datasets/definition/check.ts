import * as v from 'valibot';
import { AdvError } from '../../base/errors.js';
import { choice, int32 } from '../../base/rules.js';
import { checked, closed, fields, kept, type Schema } from '../../base/schema.js';
import { tokenizerOf } from '../../text/tokenizers/pipeline.js';
import { recordedParts } from '../../recipe/table.js';
import { byDataset } from '../../recipe/option.js';
import type { DatasetDefinition } from './definition.js';

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isFunction = (value: unknown): value is () => unknown => typeof value === 'function';
const words = (expected: string): Schema => kept({ expected, accepts: isText });

const units = kept(int32(1));
const size = closed({ embedding: units, hidden: units, mlp: units });
const defaults = closed({
  sizes: v.optional(fields({ big: size, small: size })),
  ...Object.fromEntries(
    recordedParts
      .filter(([, part]) => part.default === byDataset)
      .map(([name, { rule }]) => [name, v.optional(kept(rule))]),
  ),
});

const members: Readonly<Record<keyof DatasetDefinition, Schema>> = {
  name: words('a name'),
  description: words('a description'),
  labels: kept({ expected: 'at least two different labels', accepts: areLabels }),
  level: v.optional(kept(choice('word', 'char'))),
  language: v.optional(words('the name of a language')),
  defaults: v.optional(closed({ word: v.optional(defaults), char: v.optional(defaults) })),
  licence: words('a licence'),
  citation: words('a citation'),
  files: v.optional(kept({ expected: 'a function that names files', accepts: isFunction })),
  examples: kept({ expected: 'a function, or functions train, valid and test', accepts: areReaders }),
};
const definitionSchema = closed(members) as unknown as Schema<DatasetDefinition>;

/**
 * What a package gives as its dataset, checked: the compiler may never have seen it.
 *
 * @param origin the package or file, for messages
 * @throws AdvError USAGE that names what is wrong
 */
export function checkDefinition(value: unknown, origin: string): DatasetDefinition {
  const seeing = 'See "Your own dataset" in datasets/README.md.';
  const refuse = (problem: string): AdvError =>
    new AdvError('USAGE', `the dataset '${origin}': ${problem}`, seeing);
  if (typeof value !== 'object' || value === null) {
    throw new AdvError(
      'USAGE',
      `expected '${origin}' to export a dataset (default, or named 'dataset'), got ${value === null ? 'null' : typeof value}`,
      seeing,
    );
  }
  const definition = checked(definitionSchema, value, refuse);
  for (const { tokenizer } of Object.values(definition.defaults ?? {})) {
    if (tokenizer !== undefined) tokenizerOf(tokenizer, refuse);
  }
  return definition;
}

function areLabels(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length >= 2 && value.every(isText) && new Set(value).size === value.length
  );
}

function areReaders(value: unknown): value is object {
  if (isFunction(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { train, valid, test } = value as Readonly<Record<string, unknown>>;
  return isFunction(train) && [valid, test].every((one) => one === undefined || isFunction(one));
}
