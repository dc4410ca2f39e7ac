import { setImmediate } from 'node:timers/promises';
import type { Watch } from '../../base/events.js';
import { at } from '../../base/at.js';
import { throwIfInterrupted } from '../../base/streaming.js';
import { BandChains } from './band-chains.js';
import { bandCount, leastCommonMinima } from './min-hash.js';
import { PairComparison, type NearDuplicates, type NearPair, type SketchedTexts } from './near-pairs.js';

/**
 * Texts of one band and the same splits that a text is looked at beside, the nearest before it: more share a band in templated
 * data only.
 */
const mostNeighbours = 1024;

/** Turns the bits of splits into those of a value, so that texts of other splits have other chains. */
const splitFactor = 0x9e3779b1;

/** Texts between two looks at the signal. */
const textsBetweenPauses = 256;

/**
 * Finds out for each text in which splits it has a near duplicate: another text that has the same words, or whose shingles have
 * at least the given Jaccard similarity. Candidates share a band of their sketches (locality-sensitive hashing, Leskovec,
 * Rajaraman and Ullman, sections 3.4 and 3.5), agree in as many minima as pairs at the threshold do, and are then compared
 * exactly. A pair that can add nothing to what is known of either text is passed over, so that thousands of copies take no
 * millions of comparisons: not every pair is found, but every text that has one, unless its only ones are among what chance
 * keeps from being candidates or what `limited` counts.
 *
 * @param threshold in (0, 1]
 * @param onPair receives the pairs that were found, in the same order each time
 * @throws AdvError INTERRUPTED, and whatever reading texts throws
 */
export async function findNearDuplicates(
  texts: SketchedTexts,
  threshold: number,
  onPair: (pair: NearPair) => void,
  watch: Watch = {},
): Promise<NearDuplicates> {
  const { count } = texts;
  const pause = async (): Promise<void> => {
    await setImmediate();
    throwIfInterrupted(watch.signal);
  };
  const comparison = new PairComparison(texts, threshold, onPair);
  const search = new Search(texts, threshold, comparison);
  const chains = new BandChains(count);
  const rounds: readonly Round[] = ['words', ...Array.from({ length: bandCount }, (_, band) => band)];
  for (const [place, round] of rounds.entries()) {
    chains.clear();
    for (let text = 0; text < count; text++) {
      if (text % textsBetweenPauses === 0) {
        await pause();
        const done = Math.floor((place * count + text) / rounds.length);
        watch.onProgress?.({ kind: 'examples', text: 'looking for near duplicates', done, total: count });
      }
      if (at(texts.splits, text) === 0) continue;
      search.lookAround(text, round, chains);
      if (comparison.isFull) await comparison.compare(pause);
    }
    await comparison.compare(pause);
  }
  return comparison.result();
}

/** What brings texts together: that their words are the same, or a band of their sketches. */
type Round = 'words' | number;

interface Candidate {
  readonly other: number;
  readonly common: number;
}

/** What a chain of texts of certain splits is found by. */
function chainOf(value: number, splitBits: number): number {
  return value ^ Math.imul(splitBits, splitFactor);
}

/** Finds the pairs that are worth comparing. */
class Search {
  readonly #texts: SketchedTexts;
  readonly #comparison: PairComparison;
  readonly #leastCommon: number;
  /** The different bits of splits that texts have: 7 at most. */
  readonly #splitBits: readonly number[];

  constructor(texts: SketchedTexts, threshold: number, comparison: PairComparison) {
    this.#texts = texts;
    this.#comparison = comparison;
    this.#leastCommon = leastCommonMinima(threshold);
    this.#splitBits = [...new Set(texts.splits)].filter((bits) => bits !== 0);
  }

  /**
   * Puts the pairs of a text with earlier ones that the round brings together aside for comparison, and the text into its chain.
   * Texts of the same splits have a chain of their own: however many copies a text has in one, it meets those of another.
   */
  lookAround(text: number, round: Round, chains: BandChains): void {
    const value = this.#valueOf(text, round);
    const found = this.#splitBits.flatMap((bits) => this.#candidates(text, round, chains, value, bits));
    chains.add(text, chainOf(value, at(this.#texts.splits, text)));
    if (found.length === 0) return;
    const others = found.sort((a, b) => b.common - a.common).map(({ other }) => other);
    this.#comparison.put(text, others);
  }

  /** Earlier texts of certain splits that a text is worth comparing with, and how many minima they have in common. */
  #candidates(text: number, round: Round, chains: BandChains, value: number, bits: number): Candidate[] {
    const { splits, sketches } = this.#texts;
    const found: Candidate[] = [];
    let neighbours = 0;
    for (let other = chains.latest(chainOf(value, bits)); other >= 0; other = chains.before(other)) {
      if (splits[other] !== bits || this.#valueOf(other, round) !== value) continue;
      if (++neighbours > mostNeighbours) {
        this.#comparison.leaveOut();
        break;
      }
      if (this.#comparison.isSettled(text, other)) continue;
      const common = sketches.commonMinima(text, other);
      if (round === 'words' || this.#isPromising(text, other, common, round)) found.push({ other, common });
    }
    return found;
  }

  #valueOf(text: number, round: Round): number {
    return round === 'words' ? this.#texts.wordsOf(text) : this.#texts.sketches.band(text, round);
  }

  /** Whether the pair may be as alike as the threshold and has not had its turn. */
  #isPromising(text: number, other: number, common: number, band: number): boolean {
    return common >= this.#leastCommon && !this.#shareEarlierBand(text, other, band);
  }

  /** Whether the pair has had its turn. */
  #shareEarlierBand(text: number, other: number, band: number): boolean {
    const { sketches } = this.#texts;
    for (let earlier = 0; earlier < band; earlier++) {
      if (sketches.band(text, earlier) === sketches.band(other, earlier)) return true;
    }
    return false;
  }
}
