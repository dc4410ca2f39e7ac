import { at } from '../base/at.js';
import { Growing } from '../base/growing.js';
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

  /** The examples of each group so far, in order, as places in the stream. */
  members(): (group: number) => Int32Array {
    const groups = this.#groups.view();
    const starts = new Int32Array(this.count + 1);
    for (const group of groups) starts[group + 1] = at(starts, group + 1) + 1;
    for (let group = 0; group < this.count; group++)
      starts[group + 1] = at(starts, group + 1) + at(starts, group);
    const next = starts.slice();
    const places = new Int32Array(groups.length);
    groups.forEach((group, place) => {
      const free = at(next, group);
      places[free] = place;
      next[group] = free + 1;
    });
    return (group) => places.subarray(at(starts, group), at(starts, group + 1));
  }
}
