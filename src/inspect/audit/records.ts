import { tmpdir } from 'node:os';
import { at } from '../../base/at.js';
import { codePointCount } from '../../text/code-points.js';
import { Growing } from '../../base/growing.js';
import { splitNames, type SplitName } from '../../datasets/split-names.js';
import { normalisedText } from '../../text/normalised-text.js';
import { TextGroups } from '../../text/text-groups.js';
import type { Example } from '../../text/types.js';
import { MinHash } from './min-hash.js';
import type { SketchedTexts } from './near-pairs.js';
import { ShingleHashes } from './shingles.js';
import { Sketches } from './sketches.js';
import { TextStore, type StoredText } from './text-store.js';

/** An example as it was read. */
export interface RecordedText extends StoredText {
  readonly label: string;
}

/**
 * What an audit keeps of all examples: a row each, in the order in which they were read, 14 bytes a row and about 130 a
 * different text in memory. Texts that are equal when normalised are one text.
 */
export class Records {
  readonly #classes: readonly string[];
  readonly #labelIds: ReadonlyMap<string, number>;
  readonly #store = new TextStore(tmpdir());
  readonly #texts = new TextGroups();
  readonly #words = new TextGroups();
  /** Text, label and length of each row. */
  readonly #textOf = new Growing(2 ** 32);
  readonly #labels: Growing;
  readonly #lengths = new Growing(2 ** 32);
  /** Rows of each split. */
  readonly #sizes: Record<SplitName, number> = { train: 0, valid: 0, test: 0 };
  /** First row, number of its words and sketch of each text. */
  readonly #firstRows = new Growing(2 ** 32);
  readonly #wordsOf = new Growing(2 ** 32);
  readonly #sketches = new Sketches();
  readonly #minHash = new MinHash();
  readonly #hashes = new ShingleHashes();

  /** @param classes labels of all examples */
  constructor(classes: readonly string[]) {
    this.#classes = classes;
    this.#labelIds = new Map(classes.map((label, id) => [label, id]));
    this.#labels = new Growing(classes.length);
  }

  /** Rows so far. */
  get count(): number {
    return this.#textOf.length;
  }

  /** Different texts so far. */
  get textCount(): number {
    return this.#texts.count;
  }

  /** Rows of a split. */
  sizeOf(split: SplitName): number {
    return this.#sizes[split];
  }

  /**
   * Adds an example; splits come one after the other. The next call waits until this one is over.
   *
   * @returns a promise when there is something to wait for: most examples need none
   * @throws AdvError STORAGE when the disk is full
   */
  add(split: SplitName, { id, text, label }: Example): Promise<void> | undefined {
    const normalised = normalisedText(text);
    const known = this.#texts.count;
    const number = this.#texts.groupOf(normalised);
    if (number === known) {
      this.#firstRows.push(this.count);
      this.#wordsOf.push(this.#words.groupOf(wordsOnly(normalised)));
      this.#sketches.add(this.#minHash.sketch(this.#hashes.of(normalised)));
    }
    this.#textOf.push(number);
    this.#labels.push(this.#labelIds.get(label) ?? 0);
    this.#lengths.push(codePointCount(text));
    this.#sizes[split] += 1;
    return this.#store.add({ id, text });
  }

  /** Ends adding. */
  async finish(): Promise<void> {
    await this.#store.flush();
  }

  /** The rows of a split: from the first to before the last. */
  rowsOf(split: SplitName): { readonly from: number; readonly to: number } {
    const before = splitNames.slice(0, splitNames.indexOf(split));
    const from = before.reduce((sum, name) => sum + this.#sizes[name], 0);
    return { from, to: from + this.#sizes[split] };
  }

  /** Number of a row's text, in [0, textCount): the same for texts that are equal when normalised. */
  textOf(row: number): number {
    return this.#textOf.at(row);
  }

  /** Class id of a row. */
  labelOf(row: number): number {
    return this.#labels.at(row);
  }

  /** Class ids of the rows of a split. */
  labelsOf(split: SplitName): Iterable<number> {
    const { from, to } = this.rowsOf(split);
    return this.#labels.view().subarray(from, to);
  }

  /** Code points of a row's text. */
  lengthOf(row: number): number {
    return this.#lengths.at(row);
  }

  /** The first row of a split that has a text and fulfils a condition, or undefined. */
  find(split: SplitName, text: number, holds: (row: number) => boolean = () => true): number | undefined {
    const { from, to } = this.rowsOf(split);
    const texts = this.#textOf.view();
    for (let row = from; row < to; row++) if (texts[row] === text && holds(row)) return row;
    return undefined;
  }

  /**
   * Reads rows as they were added.
   *
   * @throws AdvError STORAGE when the disk fails
   */
  async read(rows: readonly number[]): Promise<RecordedText[]> {
    const stored = await this.#store.read(rows);
    return stored.map((one, place) => ({
      ...one,
      label: at(this.#classes, this.labelOf(at(rows, place))),
    }));
  }

  /**
   * The different texts as a search for near duplicates takes them.
   *
   * @param splits for each text, which splits have it, a bit each
   */
  sketched(splits: Uint8Array): SketchedTexts {
    const firstRow = (text: number): number => this.#firstRows.at(text);
    return {
      count: this.textCount,
      sketches: this.#sketches,
      wordsOf: (text) => this.#wordsOf.at(text),
      splits,
      lengthOf: (text) => this.#store.lengthOf(firstRow(text)),
      read: async (texts) =>
        (await this.#store.read(texts.map(firstRow))).map(({ text }) => normalisedText(text)),
    };
  }

  /** Frees memory and disk. */
  async close(): Promise<void> {
    await this.#store.close();
  }
}

/** The words of a normalised text, which are letters, marks and numbers; the text itself where it has none, as a smiley. */
function wordsOnly(normalised: string): string {
  return normalised.match(/[\p{L}\p{M}\p{N}]+/gu)?.join(' ') ?? normalised;
}
