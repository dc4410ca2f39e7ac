import type { RowPlace } from './row-store.js';
import { AdvError } from '../base/errors.js';
import type { NativeBatch, NativeTexts } from '../engine/addon.js';
import { SplitWriter } from './encoded-split.js';
import { Lexicon, packEncoded } from './lexicon.js';
import type { Subwords } from './subwords.js';
import { detached } from './token-counts.js';
import { inGroups, withPauses } from '../base/streaming.js';
import type { EncodedSplit, Example, Tokenizer } from './types.js';
import type { FeatureRow, NgramFeatures } from './ngrams/features.js';
import type { EncodedText, Vocabulary } from './vocabulary.js';

/** How texts become token ids. */
export interface TokenEncoding {
  readonly tokenizer: Tokenizer;
  readonly vocabulary: Vocabulary;
  /** Longest text in tokens without begin and end. */
  readonly maxTokens: number;
  /** Where words have n-grams. */
  readonly subwords?: Subwords | undefined;
}

/** How examples become token ids and label ids. */
export interface ExampleEncoding extends TokenEncoding {
  /** The classes; a label's id is its place. */
  readonly labels: readonly string[];
  /** What else of a text a model reads. */
  readonly features?: NgramFeatures | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Texts as models read them. */
export interface ReadTexts extends NativeTexts {
  /** The features of each text where there are n-grams beside the network; else none. */
  readonly featureRows: readonly FeatureRow[];
}

/** Some examples of a stream, packed: row i has the id exampleIds[i]. */
export interface EncodedExamples extends NativeBatch, ReadTexts {
  readonly exampleIds: readonly string[];
}

interface EncodedExample extends EncodedText {
  readonly exampleId: string;
  readonly label: number;
  readonly featureRow: FeatureRow | undefined;
}

/** Ids of a text: begin, at most maxTokens tokens, end. */
export function encodeText(text: string, { tokenizer, vocabulary, maxTokens }: TokenEncoding): EncodedText {
  return vocabulary.encode(tokenizer.tokenize(text), maxTokens);
}

/**
 * Encodes a whole split. The caller closes it.
 *
 * @param place whose hash receives all token ids, then offsets, then labels
 * @throws AdvError DATA_MALFORMED when a label is not among the classes or the split is empty, STORAGE when the disk is
 * full, INTERRUPTED when the signal fires
 */
export async function encodeSplit(
  examples: AsyncIterable<Example>,
  how: ExampleEncoding,
  place: RowPlace,
): Promise<EncodedSplit> {
  const { subwords, vocabulary } = how;
  const lexicon = subwords === undefined ? undefined : new Lexicon(vocabulary, subwords);
  const writer = new SplitWriter({
    vocabularySize: vocabulary.size,
    lexicon,
    classCount: how.labels.length,
    longestText: how.maxTokens + 2,
    ...place,
  });
  const counts = { truncated: 0, unknown: 0 };
  try {
    for await (const { ids, label, truncated, unknown } of encoded(examples, how)) {
      const words = lexicon?.idsOf({ ids, truncated, unknown: unknown.map(detached) });
      const storing = writer.add(words ?? ids, label);
      if (storing !== undefined) await storing;
      if (truncated) counts.truncated++;
      counts.unknown += unknown.length;
    }
    if (writer.count === 0) throw noExample();
    return await writer.finish(counts);
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/**
 * Encodes a stream of examples and packs so many at a time; the last time fewer.
 *
 * @throws AdvError DATA_MALFORMED when a label is not among the classes or there is no example, INTERRUPTED when the
 * signal fires
 */
export async function* encodeStream(
  examples: AsyncIterable<Example>,
  how: ExampleEncoding,
  count: number,
): AsyncGenerator<EncodedExamples, void, undefined> {
  let any = false;
  for await (const part of inGroups(encoded(examples, how), count)) {
    any = true;
    yield pack(part, how);
  }
  if (!any) throw noExample();
}

async function* encoded(
  examples: AsyncIterable<Example>,
  how: ExampleEncoding,
): AsyncGenerator<EncodedExample, void, undefined> {
  const labelIds = new Map(how.labels.map((label, id) => [label, id]));
  for await (const { id, text, label } of withPauses(examples, how.signal)) {
    const labelId = labelIds.get(label);
    if (labelId === undefined) {
      throw new AdvError(
        'DATA_MALFORMED',
        `example ${id}: expected a label among ${how.labels.join(', ')}, got '${label}'`,
        'A model can only be trained and tested on the classes of its training data.',
      );
    }
    const featureRow = how.features?.rowOf(text);
    yield { exampleId: id, label: labelId, featureRow, ...encodeText(text, how) };
  }
}

function pack(examples: readonly EncodedExample[], { vocabulary, subwords }: TokenEncoding): EncodedExamples {
  return {
    ...packEncoded(examples, vocabulary, subwords),
    labels: Int32Array.from(examples, ({ label }) => label),
    exampleIds: examples.map(({ exampleId }) => exampleId),
    featureRows: examples.flatMap(({ featureRow }) => featureRow ?? []),
  };
}

function noExample(): AdvError {
  return new AdvError('DATA_MALFORMED', 'expected at least one example, got none', 'Check the data file.');
}
