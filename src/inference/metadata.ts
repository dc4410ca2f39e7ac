import { AdvError } from '../base/errors.js';

/** What a model file carries beside its graph: all that turns text into its inputs and its outputs into labels. */
export interface ModelMetadata {
  /** Steps of the tokenizer in their order, each as 'name@version'. */
  readonly tokenizer: readonly string[];
  /** Every token, the special ones first; the id of a token is its place. */
  readonly vocabulary: readonly string[];
  /** Class names in the order of the outputs. */
  readonly labels: readonly string[];
  /** Most tokens of a text, without begin and end. */
  readonly maxTokens: number;
  /** How the model was trained. Classifying does not need it; evaluating reads the selected epoch and the seeds. */
  readonly training: Readonly<Record<string, string | number | boolean>>;
}

/** Raised whenever a reader of the older form would go wrong. */
const formatVersion = 2;

/** Key of the entry that this package reads. The others are for people who look at the file with another tool. */
const key = 'advnative';

/** The entries of a model file's metadata_props. */
export function metadataEntries(metadata: ModelMetadata): Record<string, string> {
  const { tokenizer, vocabulary, labels, maxTokens, training } = metadata;
  return {
    [key]: JSON.stringify({ formatVersion, tokenizer, vocabulary, labels, maxTokens, training }),
    labels: labels.join(', '),
    tokenizer: tokenizer.join(','),
    max_tokens: String(maxTokens),
    vocabulary_size: String(vocabulary.length),
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
  const content = parseJson(json, path);
  if (!isRecord(content)) throw damaged(path, 'an object', content);
  requireFormat(content['formatVersion'], path);
  return {
    tokenizer: strings(content['tokenizer'], 'tokenizer', path),
    vocabulary: strings(content['vocabulary'], 'vocabulary', path),
    labels: labelsOf(content['labels'], path),
    maxTokens: wholeNumber(content['maxTokens'], 'maxTokens', path),
    training: trainingOf(content['training'], path),
  };
}

function parseJson(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new AdvError(
      'MODEL',
      `the metadata of ${path} is damaged: ${String(error)}`,
      'Export the model again.',
      {
        cause: error,
      },
    );
  }
}

function requireFormat(version: unknown, path: string): void {
  if (version === formatVersion) return;
  if (typeof version !== 'number' || version < 1) {
    throw damaged(path, `format version ${formatVersion}`, version);
  }
  throw new AdvError(
    'MODEL',
    `expected metadata of format version ${formatVersion}, got version ${version} in ${path}`,
    version > formatVersion
      ? 'The model was exported by a newer advnative: update this one.'
      : 'The model was exported by an older advnative: use that version, or train and export with this one.',
  );
}

function strings(value: unknown, name: string, path: string): string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return value;
  throw damaged(path, `a list of strings as ${name}`, value);
}

function labelsOf(value: unknown, path: string): string[] {
  const labels = strings(value, 'labels', path);
  if (labels.length >= 2 && new Set(labels).size === labels.length) return labels;
  throw damaged(path, 'at least 2 different labels', value);
}

function wholeNumber(value: unknown, name: string, path: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw damaged(path, `a whole number as ${name}`, value);
}

function trainingOf(value: unknown, path: string): ModelMetadata['training'] {
  if (isRecord(value) && Object.values(value).every(isPlain)) return value as ModelMetadata['training'];
  throw damaged(path, 'strings, numbers and booleans as training facts', value);
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function damaged(path: string, expected: string, value: unknown): AdvError {
  const got = JSON.stringify(value) as string | undefined;
  return new AdvError(
    'MODEL',
    `the metadata of ${path} is damaged: expected ${expected}, got ${got?.slice(0, 100) ?? 'nothing'}`,
    'Export the model again.',
  );
}
