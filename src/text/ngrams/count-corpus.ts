import { setImmediate } from 'node:timers/promises';
import { at } from '../../base/at.js';
import { Growing } from '../../base/growing.js';
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
        frequent.push(at(part, first));
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
function byUpperBits(hashes: ArrayLike<number>): Uint32Array[] {
  const ends = new Int32Array(257);
  for (let place = 0; place < hashes.length; place++) {
    const upper = (at(hashes, place) >>> 24) + 1;
    ends[upper] = at(ends, upper) + 1;
  }
  for (let upper = 1; upper < ends.length; upper++) ends[upper] = at(ends, upper) + at(ends, upper - 1);
  const starts = ends.slice(0, -1);
  const placed = new Uint32Array(hashes.length);
  const next = starts.slice();
  for (let place = 0; place < hashes.length; place++) {
    const hash = at(hashes, place);
    const to = at(next, hash >>> 24);
    placed[to] = hash;
    next[hash >>> 24] = to + 1;
  }
  return Array.from(starts, (start, upper) => placed.subarray(start, at(ends, upper + 1)));
}

async function weighAll(
  features: NgramFeatures,
  { hashes, counts, lengths }: CountedTexts,
  signal: AbortSignal | undefined,
): Promise<FeatureRows> {
  const offsets = new Int32Array(lengths.length + 1);
  const columns = new Int32Array(hashes.length);
  const values = new Float32Array(hashes.length);
  let begin = 0;
  let length = 0;
  for (let text = 0; text < lengths.length; text++) {
    if (text % textsAtOnce === 0) {
      await setImmediate();
      throwIfInterrupted(signal);
    }
    const end = begin + lengths.at(text);
    const row = features.weigh({
      hashes: hashes.view().subarray(begin, end),
      counts: counts.view().subarray(begin, end),
    });
    columns.set(row.columns, length);
    values.set(row.values, length);
    length += row.columns.length;
    offsets[text + 1] = length;
    begin = end;
  }
  return { features, offsets, columns: columns.slice(0, length), values: values.slice(0, length) };
}
