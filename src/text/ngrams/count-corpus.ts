import { setImmediate } from 'node:timers/promises';
import { Growing, type CompactArray } from '../../base/growing.js';
import { throwIfInterrupted, withPauses } from '../../base/streaming.js';
import type { NgramKind } from './kind.js';
import { countTerms } from './term-counts.js';
import { NgramFeatures } from './features.js';

/** Texts as rows of features, one after the other. */
export interface FeatureRows {
  readonly features: NgramFeatures;
  /** Row i has columns[offsets[i]] … columns[offsets[i + 1] − 1], and the values at the same places. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/** The n-grams of each text, text after text. */
interface CountedTexts {
  readonly hashes: Growing;
  readonly counts: Growing;
  /** Different n-grams of each text. */
  readonly lengths: Growing;
}

/** An n-gram of fewer texts tells nothing of others. */
const fewestTexts = 2;

/** Texts weighed, or parts of the hashes sorted, between two looks at the event loop. */
const textsAtOnce = 256;

/**
 * Finds the features of a corpus, which are the n-grams that occur in two texts or more, and weighs all its texts by them.
 *
 * @throws AdvError INTERRUPTED when the signal fires, and what the stream throws
 */
export async function countCorpus(
  texts: AsyncIterable<string>,
  kinds: readonly NgramKind[],
  signal?: AbortSignal,
): Promise<FeatureRows> {
  const counted = {
    hashes: new Growing(2 ** 32),
    counts: new Growing(2 ** 32),
    lengths: new Growing(2 ** 32),
  };
  for await (const text of withPauses(texts, signal)) {
    const { hashes, counts } = countTerms(text, kinds);
    counted.hashes.pushAll(hashes);
    counted.counts.pushAll(counts);
    counted.lengths.push(hashes.length);
  }
  const table = await frequentHashes(counted, signal);
  return weighAll(new NgramFeatures({ kinds, ...table }), counted, signal);
}

/** The hashes of enough texts, rising, and what they weigh. */
async function frequentHashes(
  { hashes, lengths }: CountedTexts,
  signal: AbortSignal | undefined,
): Promise<{ hashes: Uint32Array; inverseFrequencies: Float32Array }> {
  const [frequent, frequencies] = [new Growing(2 ** 32), new Growing(2 ** 32)];
  for (const part of byUpperBits(hashes.view())) {
    await setImmediate();
    throwIfInterrupted(signal);
    part.sort();
    let first = 0;
    for (let place = 1; place <= part.length; place++) {
      if (part[place] === part[first]) continue;
      if (place - first >= fewestTexts) {
        frequent.push(part[first] ?? 0);
        frequencies.push(place - first);
      }
      first = place;
    }
  }
  return {
    hashes: Uint32Array.from(frequent.view()),
    inverseFrequencies: Float32Array.from(
      frequencies.view(),
      (texts) => Math.log((1 + lengths.length) / (1 + texts)) + 1,
    ),
  };
}

/** A copy of the hashes in parts, each with the next value of the upper 8 bits, so that none takes long to sort. */
function byUpperBits(hashes: CompactArray): Uint32Array[] {
  const bounds = new Int32Array(257);
  for (const hash of hashes) add(bounds, (hash >>> 24) + 1, 1);
  for (let upper = 1; upper < bounds.length; upper++) add(bounds, upper, bounds[upper - 1] ?? 0);
  const next = bounds.slice();
  const placed = new Uint32Array(hashes.length);
  for (const hash of hashes) placed[add(next, hash >>> 24, 1)] = hash;
  return Array.from({ length: 256 }, (_, upper) => placed.subarray(bounds[upper], bounds[upper + 1]));
}

/** Adds to one of some numbers, and gives what it was. */
function add(numbers: Int32Array, place: number, more: number): number {
  const before = numbers[place] ?? 0;
  numbers[place] = before + more;
  return before;
}

async function weighAll(
  features: NgramFeatures,
  { hashes, counts, lengths }: CountedTexts,
  signal: AbortSignal | undefined,
): Promise<FeatureRows> {
  const offsets = new Int32Array(lengths.length + 1);
  const columns = new Int32Array(hashes.length);
  const values = new Float32Array(hashes.length);
  const [allHashes, allCounts] = [hashes.view(), counts.view()];
  let begin = 0;
  let length = 0;
  for (let text = 0; text < lengths.length; text++) {
    if (text % textsAtOnce === 0) {
      await setImmediate();
      throwIfInterrupted(signal);
    }
    const end = begin + lengths.at(text);
    const terms = { hashes: allHashes.subarray(begin, end), counts: allCounts.subarray(begin, end) };
    length = features.weigh(terms, { columns, values }, length);
    offsets[text + 1] = length;
    begin = end;
  }
  return { features, offsets, columns: columns.subarray(0, length), values: values.subarray(0, length) };
}
