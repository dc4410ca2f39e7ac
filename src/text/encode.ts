import type { RowPlace } from './row-store.js';
import { AdvError } from '../base/errors.js';
import type { NativeBatch } from '../engine/addon.js';
import { SplitWriter } from './encoded-split.js';
import { Lexicon } from './lexicon.js';
import {
  packRead,
  readText,
  type Reading,
  type ReadText,
  type ReadTexts,
  type TokenEncoding,
} from './reading.js';
import { detached } from './token-counts.js';
import { inGroups, withPauses } from '../base/streaming.js';
import type { EncodedSplit, Example } from './types.js';

/** Which label ids examples have. */
export interface Labelling {
  /** The classes; a label's id is its place. */
  readonly labels: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** How examples become token ids and label ids. */
export interface ExampleEncoding extends TokenEncoding, Labelling {}

/** How examples become what a model reads, and label ids. */
export interface ExampleReading extends Reading, Labelling {}

/** Some examples of a stream, packed: row i has the id exampleIds[i]. */
export interface EncodedExamples extends NativeBatch, ReadTexts {
  readonly exampleIds: readonly string[];
}

interface ReadExample extends ReadText {
  readonly exampleId: string;
  readonly label: number;
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
    for await (const { ids, label, truncated, unknown } of read(examples, { ...how, tokens: how })) {
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
 * Reads a stream of examples as a model does and packs so many at a time; the last time fewer.
 *
 * @throws AdvError DATA_MALFORMED when a label is not among the classes or there is no example, INTERRUPTED when the
 * signal fires
 */
export async function* encodeStream(
  examples: AsyncIterable<Example>,
  how: ExampleReading,
  count: number,
): AsyncGenerator<EncodedExamples, void, undefined> {
  let any = false;
  for await (const part of inGroups(read(examples, how), count)) {
    any = true;
    yield {
      ...packRead(part, how),
      labels: Int32Array.from(part, ({ label }) => label),
      exampleIds: part.map(({ exampleId }) => exampleId),
    };
  }
  if (!any) throw noExample();
}

async function* read(
  examples: AsyncIterable<Example>,
  how: ExampleReading,
): AsyncGenerator<ReadExample, void, undefined> {
  for await (const { example, label } of labelled(examples, how)) {
    yield { exampleId: example.id, label, ...readText(example.text, how) };
  }
}

/** An example with the id of its label. */
export interface LabelledExample {
  readonly example: Example;
  readonly label: number;
}

/**
 * Examples with the ids of their labels.
 *
 * @throws AdvError DATA_MALFORMED when a label is not among the classes, INTERRUPTED when the signal fires
 */
export async function* labelled(
  examples: AsyncIterable<Example>,
  { labels, signal }: Labelling,
): AsyncGenerator<LabelledExample, void, undefined> {
  const labelIds = new Map(labels.map((label, id) => [label, id]));
  for await (const example of withPauses(examples, signal)) {
    const label = labelIds.get(example.label);
    if (label === undefined) {
      throw new AdvError(
        'DATA_MALFORMED',
        `example ${example.id}: expected a label among ${labels.join(', ')}, got '${example.label}'`,
        'A model can only be trained and tested on the classes of its training data.',
      );
    }
    yield { example, label };
  }
}

/** The error for data without examples. */
export function noExample(): AdvError {
  return new AdvError('DATA_MALFORMED', 'expected at least one example, got none', 'Check the data file.');
}
