import { setImmediate } from 'node:timers/promises';
import type { Watch } from '../../base/events.js';
import { at } from '../../base/at.js';
import { throwIfInterrupted } from '../../base/streaming.js';
import { BandChains } from './band-chains.js';
import { bandCount, leastCommonMinima } from './min-hash.js';
import type { Sketches } from './sketches.js';
import { TextCache } from './text-cache.js';

/**
 * Texts of one band and the same splits that a text is looked at beside, the nearest before it: more share a band in templated
 * data only.
 */
const mostNeighbours = 1024;

/** Turns the bits of splits into those of a value, so that texts of other splits have other chains. */
const splitFactor = 0x9e3779b1;

/** Pairs that are compared between two looks at the signal. */
const pairsInPart = 1024;

/** Comparisons with earlier texts that may fail for a text before it is left alone; the most promising ones come first. */
const mostFailures = 1000;

/** Pairs that are put aside before they are compared. */
const pairsInBlock = 2 ** 16;

/** Code units of texts that are read together, a text at least. */
const unitsInRound = 2 ** 22;

/** Texts between two looks at the signal. */
const textsBetweenPauses = 256;

/** Different texts, each with its sketch. */
export interface SketchedTexts {
  readonly count: number;
  readonly sketches: Sketches;
  /** A number that two texts share if their words are the same, whatever stands between them. */
  readonly wordsOf: (text: number) => number;
  /** For each text, which splits have it, a bit each; 0 for a text that takes no part. */
  readonly splits: Uint8Array;
  /** What reading a text takes, in code units. */
  readonly lengthOf: (text: number) => number;
  /** Some texts, normalised, in their order. */
  readonly read: (texts: readonly number[]) => Promise<string[]>;
}

/** Two texts that are near duplicates. */
export interface NearPair {
  /** The later one and the earlier one. */
  readonly texts: readonly [number, number];
  /** Jaccard similarity of their shingles; below the threshold only where their words are the same. */
  readonly similarity: number;
}

/** What a search found. */
export interface NearDuplicates {
  /** For each text, the splits that have a near duplicate of it, a bit each. */
  readonly near: Uint8Array;
  /** Pairs whose shingles were compared. */
  readonly compared: number;
  /** Comparisons that a limit left out, as in data made of few templates: some near duplicates may be missing. */
  readonly limited: number;
}

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
  const search = new Search(texts, threshold, onPair);
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
      if (search.blockIsFull) await search.compare(pause);
    }
    await search.compare(pause);
  }
  return search.result();
}

/** What brings texts together: that their words are the same, or a band of their sketches. */
type Round = 'words' | number;

/** The earlier texts that a text is to be compared with, from `next` on. */
interface Queue {
  readonly text: number;
  readonly others: readonly number[];
  next: number;
}

interface Candidate {
  readonly other: number;
  readonly common: number;
}

/** What a chain of texts of certain splits is found by. */
function chainOf(value: number, splitBits: number): number {
  return value ^ Math.imul(splitBits, splitFactor);
}

class Search {
  readonly #texts: SketchedTexts;
  readonly #threshold: number;
  readonly #leastCommon: number;
  readonly #onPair: (pair: NearPair) => void;
  readonly #near: Uint8Array;
  readonly #failures: Uint16Array;
  readonly #cache: TextCache;
  /** The different bits of splits that texts have: 7 at most. */
  readonly #splitBits: readonly number[];
  #block: Queue[] = [];
  #pairs = 0;
  #compared = 0;
  #limited = 0;

  constructor(texts: SketchedTexts, threshold: number, onPair: (pair: NearPair) => void) {
    this.#texts = texts;
    this.#threshold = threshold;
    this.#leastCommon = leastCommonMinima(threshold);
    this.#onPair = onPair;
    this.#cache = new TextCache(texts.read);
    this.#splitBits = [...new Set(texts.splits)].filter((bits) => bits !== 0);
    this.#near = new Uint8Array(texts.count);
    this.#failures = new Uint16Array(texts.count);
  }

  get blockIsFull(): boolean {
    return this.#pairs >= pairsInBlock;
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
    this.#block.push({ text, others, next: 0 });
    this.#pairs += others.length;
  }

  /** Earlier texts of certain splits that a text is worth comparing with, and how many minima they have in common. */
  #candidates(text: number, round: Round, chains: BandChains, value: number, bits: number): Candidate[] {
    const { splits, sketches } = this.#texts;
    const found: Candidate[] = [];
    let neighbours = 0;
    for (let other = chains.latest(chainOf(value, bits)); other >= 0; other = chains.before(other)) {
      if (splits[other] !== bits || this.#valueOf(other, round) !== value) continue;
      if (++neighbours > mostNeighbours) {
        this.#limited += 1;
        break;
      }
      if (this.#isSettled(text, other)) continue;
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

  /** Whether both are known to have near duplicates wherever the other one occurs. */
  #isSettled(text: number, other: number): boolean {
    const [here, there] = [at(this.#texts.splits, text), at(this.#texts.splits, other)];
    return (at(this.#near, text) & there) === there && (at(this.#near, other) & here) === here;
  }

  /** Whether the pair has had its turn. */
  #shareEarlierBand(text: number, other: number, band: number): boolean {
    const { sketches } = this.#texts;
    for (let earlier = 0; earlier < band; earlier++) {
      if (sketches.band(text, earlier) === sketches.band(other, earlier)) return true;
    }
    return false;
  }

  /**
   * Compares what was put aside, in rounds: first one pair of each text, then two, four … because the first one that
   * is found settles most of the others.
   *
   * @param pause lets other work through, now and then
   */
  async compare(pause: () => Promise<void>): Promise<void> {
    let queues = this.#block;
    this.#block = [];
    this.#pairs = 0;
    for (let width = 1; queues.length > 0; width *= 2) {
      await this.#compareRound(
        queues.flatMap((queue) => this.#nextPairs(queue, width)),
        pause,
      );
      queues = queues.filter(({ others, next }) => next < others.length);
    }
  }

  /** Takes at most so many pairs off a queue that are still worth comparing. */
  #nextPairs(queue: Queue, width: number): [number, number][] {
    const pairs: [number, number][] = [];
    for (; queue.next < queue.others.length && pairs.length < width; queue.next++) {
      const other = at(queue.others, queue.next);
      if (this.#isSettled(queue.text, other)) continue;
      if (at(this.#failures, queue.text) < mostFailures) pairs.push([queue.text, other]);
      else this.#limited += 1;
    }
    return pairs;
  }

  /** Compares pairs, as many at a time as texts may be in memory. */
  async #compareRound(
    pairs: readonly (readonly [number, number])[],
    pause: () => Promise<void>,
  ): Promise<void> {
    const { lengthOf } = this.#texts;
    let part: (readonly [number, number])[] = [];
    let units = 0;
    for (const pair of pairs) {
      const length = lengthOf(pair[0]) + lengthOf(pair[1]);
      if (part.length === pairsInPart || (part.length > 0 && units + length > unitsInRound)) {
        await pause();
        await this.#comparePart(part);
        [part, units] = [[], 0];
      }
      part.push(pair);
      units += length;
    }
    await pause();
    await this.#comparePart(part);
  }

  async #comparePart(pairs: readonly (readonly [number, number])[]): Promise<void> {
    const compared = await this.#cache.get(pairs.flat());
    for (const [text, other] of pairs) {
      const [a, b] = [compared.get(text), compared.get(other)];
      if (a === undefined || b === undefined || this.#isSettled(text, other)) continue;
      this.#compared += 1;
      const sameWords = this.#texts.wordsOf(text) === this.#texts.wordsOf(other);
      const least = sameWords ? 0 : this.#threshold;
      const similarity = a.similarityTo(b, least);
      if (similarity >= least) this.#found(text, other, similarity);
      else this.#failures[text] = Math.min(at(this.#failures, text) + 1, mostFailures);
    }
  }

  #found(text: number, other: number, similarity: number): void {
    const { splits } = this.#texts;
    this.#near[text] = at(this.#near, text) | at(splits, other);
    this.#near[other] = at(this.#near, other) | at(splits, text);
    this.#onPair({ texts: [text, other], similarity });
  }

  result(): NearDuplicates {
    return { near: this.#near, compared: this.#compared, limited: this.#limited };
  }
}
