import type { Example } from '../../text/types.js';
import { shortExample } from './doubt.js';

const most = 1024;

/**
 * A sample of a stream's examples at equal distances, of their texts the start: all examples of a short stream, from 512 to 1,024 of a
 * longer one. The same stream gives the same sample.
 */
export class TextSample {
  #kept: Example[] = [];
  #distance = 1;
  #seen = 0;

  add(example: Example): void {
    if (this.#seen++ % this.#distance !== 0) return;
    if (this.#kept.length === most) {
      this.#kept = this.#kept.filter((_, place) => place % 2 === 0);
      this.#distance *= 2;
      // The place of the newest is a multiple of the new distance, because `most` is even.
    }
    this.#kept.push(shortExample(example));
  }

  /** What is kept, in the order of the stream. */
  get examples(): readonly Example[] {
    return this.#kept;
  }
}
