import { ChunkedWords } from '../../base/chunked-words.js';
import { bandCount, bitsOfMinimum, minimaCount } from './min-hash.js';

/** The lowest bit of each of the five minima of a band. */
const lowestBits = 0b000001_000001_000001_000001_000001;

/** Sketches of texts, numbered from 0 in the order in which they are added: 64 bytes each. */
export class Sketches {
  readonly #words = new ChunkedWords(bandCount);

  /** @param sketch as MinHash makes it; undefined for a text without shingles */
  add(sketch: Int32Array | undefined): void {
    this.#words.add(sketch ?? new Int32Array(bandCount));
  }

  /** A band of a text's sketch. */
  band(text: number, band: number): number {
    return this.#words.word(text, band);
  }

  /** How many of the 80 minima two texts have in common. */
  commonMinima(a: number, b: number): number {
    let different = 0;
    for (let band = 0; band < bandCount; band++) {
      let bits = this.#words.word(a, band) ^ this.#words.word(b, band);
      // Folds the six bits of each minimum into its lowest one: it is set where the two differ.
      bits |= bits >>> (bitsOfMinimum / 2);
      bits = (bits | (bits >>> 1) | (bits >>> 2)) & lowestBits;
      different += (bits + (bits >>> 6) + (bits >>> 12) + (bits >>> 18) + (bits >>> 24)) & 7;
    }
    return minimaCount - different;
  }
}
