import { integer, number, type Rule } from '../base/rules.js';
import { checked, fields, kept, optional, recordOf, type Kept } from '../base/schema.js';
import { AdvError } from '../base/errors.js';
import { parseJson } from '../base/json.js';
import { ngramSchema } from './ngram-entry.js';

/**
 * Raised whenever a reader of the older form would go wrong: that of the second would not give a model that reads n-grams what it reads,
 * that of the third those of words without groups (src/inference/grouped-ngrams.ts). What a model does not read does not raise its version.
 */
const versions = { plain: 2, ngrams: 3, groups: 4 } as const;
const readable: readonly number[] = Object.values(versions);
const known = `format version ${versions.plain} to ${versions.groups}`;

const versionSchema = fields({ formatVersion: kept(number(known, (version) => version >= 1)) });

const strings: Rule<readonly string[]> = {
  expected: 'a list of strings',
  accepts: (value): value is string[] =>
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'),
};
const labelsRule: Rule<readonly string[]> = {
  expected: 'at least 2 different labels',
  accepts: (value): value is string[] =>
    strings.accepts(value) && value.length >= 2 && new Set(value).size === value.length,
};
const plain: Rule<string | number | boolean> = {
  expected: 'a string, a number or a boolean',
  accepts: (value): value is string | number | boolean =>
    ['string', 'number', 'boolean'].includes(typeof value),
};

const metadataSchema = fields({
  /** Steps of the tokenizer in their order, each as 'name@version'. Absent, like the vocabulary and maxTokens, without a network. */
  tokenizer: optional(kept(strings)),
  /** Every token, the special ones first; the id of a token is its place. */
  vocabulary: optional(kept(strings)),
  /** Class names in the order of the outputs. */
  labels: kept(labelsRule),
  /** Most tokens of a text, without begin and end. */
  maxTokens: optional(kept(integer(0))),
  /** Which n-grams words have, see bucketsOf() in src/text/subwords.ts; absent where they have none. */
  subwords: optional(
    fields({ shortest: kept(integer(1)), longest: kept(integer(1)), buckets: kept(integer(1)) }),
  ),
  /** The n-grams that are read of a text, beside its tokens where it is read as such. */
  ngrams: optional(ngramSchema),
  /** How the model was trained. Classifying does not need it; evaluating reads the selected epoch and the seeds. */
  training: recordOf(kept(plain)),
});

/** What a model file carries beside its graph: all that turns text into its inputs and its outputs into labels. */
export interface ModelMetadata extends Kept<typeof metadataSchema> {}

/** Key of the entry that this package reads. The others are for people who look at the file with another tool. */
const key = 'advnative';

/** The entries of a model file's metadata_props. */
export function metadataEntries(metadata: ModelMetadata): Record<string, string> {
  const { tokenizer, vocabulary, labels, maxTokens, subwords, ngrams, training } = metadata;
  const formatVersion = subwords ? versions.groups : ngrams ? versions.ngrams : versions.plain;
  const content = { formatVersion, tokenizer, vocabulary, labels, maxTokens, subwords, ngrams, training };
  return {
    [key]: JSON.stringify(content),
    labels: labels.join(', '),
    ...(tokenizer && { tokenizer: tokenizer.join(',') }),
    ...(maxTokens !== undefined && { max_tokens: String(maxTokens) }),
    ...(vocabulary && { vocabulary_size: String(vocabulary.length) }),
  };
}

/**
 * Reads back what metadataEntries wrote.
 *
 * @param path name of the file, for messages
 * @throws AdvError MODEL when the entries are another program's, damaged or of another version
 */
export function metadataOf(entries: ReadonlyMap<string, string>, path: string): ModelMetadata {
  const json = entries.get(key);
  if (json === undefined) {
    throw new AdvError(
      'MODEL',
      `expected a model that advnative exported, got ${path}, which has no '${key}' entry in its metadata`,
      'Make one with: npx advnative export RUN',
    );
  }
  const refuse = (problem: string): AdvError =>
    new AdvError('MODEL', `the metadata of ${path} is damaged: ${problem}`, 'Export the model again.');
  const content = parseJson(json, refuse);
  const { formatVersion: version } = checked(versionSchema, content, refuse);
  if (!readable.includes(version)) throw ofAnotherVersion(version, path);
  const { tokenizer, vocabulary, labels, maxTokens, ...rest } = checked(metadataSchema, content, refuse);
  const { subwords, ngrams, training } = rest;
  const read = { ...(subwords && { subwords }), ...(ngrams && { ngrams }) };
  const absent = [tokenizer, vocabulary, maxTokens].filter((part) => part === undefined).length;
  if (absent === 3 && ngrams !== undefined && subwords === undefined) return { labels, ...read, training };
  if (tokenizer === undefined || vocabulary === undefined || maxTokens === undefined) {
    throw refuse(
      'expected a tokenizer, a vocabulary and maxTokens, or none of the three and n-grams of texts',
    );
  }
  return { tokenizer, vocabulary, labels, maxTokens, ...read, training };
}

function ofAnotherVersion(version: number, path: string): AdvError {
  return new AdvError(
    'MODEL',
    `expected metadata of ${known}, got version ${version} in ${path}`,
    version > versions.plain
      ? 'The model was exported by a newer advnative: update this one.'
      : 'The model was exported by an older advnative: use that version, or train and export with this one.',
  );
}
