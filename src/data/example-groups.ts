import { Growing, type CompactArray } from './growing.js';
import { normalisedText } from './normalised-text.js';
import { TextGroups } from './text-groups.js';

/**
 * The group of each example of a stream: examples whose texts are equal once {@link normalisedText normalised} share one. Groups are
 * numbered 0, 1, 2 … in the order in which they are first seen. It keeps 28 to 36 bytes an example.
 */
export class ExampleGroups {
  readonly #texts = new TextGroups();
  readonly #groups = new Growing(2 ** 32);

  /** Groups so far. */
  get count(): number {
    return this.#texts.count;
  }

  /** Takes the next example's text. */
  add(text: string): void {
    this.#groups.push(this.#texts.groupOf(normalisedText(text)));
  }

  /** The group of each example, in order; not copied: until the next text is added. */
  view(): CompactArray {
    return this.#groups.view();
  }
}
