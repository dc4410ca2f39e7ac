import { shownValue } from '../../base/shown.js';
import { AdvError } from '../../base/errors.js';
import { choice, integer, type Rule } from '../../base/rules.js';
import { tokenizerOf } from '../../text/tokenizers/pipeline.js';
import { recordedParts, type DatasetDefaults } from '../../recipe/table.js';
import { byDataset, type ModelSize } from '../../recipe/option.js';
import type { DatasetDefinition } from './definition.js';

const level = choice('word', 'char');
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isFunction = (value: unknown): value is () => unknown => typeof value === 'function';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** A rule that also takes what is left out. */
const optional = (rule: Rule): Rule => ({
  expected: rule.expected,
  accepts: (value): value is unknown => value === undefined || rule.accepts(value),
});

const words = (expected: string): Rule => ({ expected, accepts: isText });

const rules: Readonly<Record<keyof DatasetDefinition, Rule>> = {
  name: words('a name'),
  description: words('a description'),
  labels: { expected: 'at least two different labels', accepts: areLabels },
  level: optional(level),
  language: optional(words('the name of a language')),
  defaults: optional({ expected: "an object with 'word', 'char' or both", accepts: isObject }),
  licence: words('a licence'),
  citation: words('a citation'),
  files: optional({ expected: 'a function that names files', accepts: isFunction }),
  examples: { expected: 'a function, or functions train, valid and test', accepts: areReaders },
};

const sizeRules: Readonly<Record<keyof ModelSize, Rule>> = {
  embedding: integer(1),
  hidden: integer(1),
  mlp: integer(1),
};

const sizesRule: Rule = { expected: "an object with 'big' and 'small'", accepts: isObject };
const defaultRules: Readonly<Record<string, Rule>> = Object.fromEntries([
  ['sizes', optional(sizesRule)],
  ...recordedParts
    .filter(([, part]) => part.default === byDataset)
    .map(([name, { rule }]) => [name, optional(rule)] as const),
]);

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
  if (!isObject(value)) {
    throw new AdvError(
      'USAGE',
      `expected '${origin}' to export a dataset (default, or named 'dataset'), got ${value === null ? 'null' : typeof value}`,
      seeing,
    );
  }
  checkMembers(value, rules, '', refuse);
  const definition = value as unknown as DatasetDefinition;
  checkDefaults(definition.defaults ?? {}, refuse);
  return definition;
}

type Refuse = (problem: string) => AdvError;

function checkDefaults(defaults: object, refuse: Refuse): void {
  for (const [name, ofLevel] of Object.entries(defaults) as [string, unknown][]) {
    if (!level.accepts(name) || !isObject(ofLevel)) {
      throw refuse(
        `expected defaults as an object for each of word and char, got ${name}: ${shownValue(ofLevel)}`,
      );
    }
    checkMembers(ofLevel, defaultRules, `defaults.${name}.`, refuse);
    const { tokenizer, sizes } = ofLevel as Partial<DatasetDefaults>;
    if (tokenizer !== undefined) tokenizerOf(tokenizer, refuse);
    if (sizes === undefined) continue;
    for (const size of ['big', 'small'] as const) {
      checkMembers(sizes[size], sizeRules, `defaults.${name}.sizes.${size}.`, refuse);
    }
  }
}

function checkMembers(
  value: unknown,
  members: Readonly<Record<string, Rule>>,
  path: string,
  refuse: Refuse,
): void {
  if (!isObject(value)) throw refuse(`expected ${path.slice(0, -1)} as an object, got ${shownValue(value)}`);
  const stranger = Object.keys(value).find((key) => !(key in members));
  if (stranger !== undefined) {
    throw refuse(`expected members among ${Object.keys(members).join(', ')}, got ${path}${stranger}`);
  }
  for (const [key, rule] of Object.entries(members)) {
    if (rule.accepts(value[key])) continue;
    throw refuse(`expected ${path}${key} to be ${rule.expected}, got ${shownValue(value[key])}`);
  }
}

function areLabels(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length >= 2 && value.every(isText) && new Set(value).size === value.length
  );
}

function areReaders(value: unknown): value is object {
  if (isFunction(value)) return true;
  if (!isObject(value)) return false;
  const { train, valid, test } = value;
  return isFunction(train) && [valid, test].every((one) => one === undefined || isFunction(one));
}
