import { at } from '../../base/at.js';
import type { Sketches } from './sketches.js';
import { TextCache } from './text-cache.js';

/** Pairs that are compared between two looks at the signal. */
const pairsInPart = 1024;

/** Comparisons with earlier texts that may fail for a text before it is left alone; the most promising ones come first. */
const mostFailures = 1000;

/** Pairs that are put aside before they are compared. */
const pairsInBlock = 2 ** 16;

/** Code units of texts that are read together, a text at least. */
const unitsInRound = 2 ** 22;

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

/** The earlier texts that a text is to be compared with, from `next` on. */
interface Queue {
  readonly text: number;
  readonly others: readonly number[];
  next: number;
}

/** Compares pairs of texts exactly, and knows in which splits each text has a near duplicate so far. */
export class PairComparison {
  readonly #texts: SketchedTexts;
  readonly #threshold: number;
  readonly #onPair: (pair: NearPair) => void;
  readonly #near: Uint8Array;
  readonly #failures: Uint16Array;
  readonly #cache: TextCache;
  #queues: Queue[] = [];
  #pairs = 0;
  #compared = 0;
  #limited = 0;

  /** @param onPair receives the pairs that are found */
  constructor(texts: SketchedTexts, threshold: number, onPair: (pair: NearPair) => void) {
    this.#texts = texts;
    this.#threshold = threshold;
    this.#onPair = onPair;
    this.#cache = new TextCache(texts.read);
    this.#near = new Uint8Array(texts.count);
    this.#failures = new Uint16Array(texts.count);
  }

  /** Whether so many pairs are put aside that they must be compared. */
  get isFull(): boolean {
    return this.#pairs >= pairsInBlock;
  }

  /** Puts a text aside to be compared with others, the most promising one first. */
  put(text: number, others: readonly number[]): void {
    this.#queues.push({ text, others, next: 0 });
    this.#pairs += others.length;
  }

  /** Counts what a limit left out. */
  leaveOut(): void {
    this.#limited += 1;
  }

  /** Whether both are known to have near duplicates wherever the other one occurs. */
  isSettled(text: number, other: number): boolean {
    const [here, there] = [at(this.#texts.splits, text), at(this.#texts.splits, other)];
    return (at(this.#near, text) & there) === there && (at(this.#near, other) & here) === here;
  }

  /**
   * Compares what was put aside, in rounds: first one pair of each text, then two, four … because the first one that
   * is found settles most of the others.
   *
   * @param pause lets other work through, now and then
   */
  async compare(pause: () => Promise<void>): Promise<void> {
    let queues = this.#queues;
    this.#queues = [];
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
      if (this.isSettled(queue.text, other)) continue;
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
      if (a === undefined || b === undefined || this.isSettled(text, other)) continue;
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
