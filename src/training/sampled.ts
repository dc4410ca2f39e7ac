import { Random } from '../base/random.js';
import type { LabelledExample } from '../text/encode.js';

/** Draws are integers below this. */
const drawBound = 2 ** 30;

/** Share of the sample that may come on top of it before it is cut, so that cutting takes little time. */
const slack = 1 / 8;

interface Drawn<One> {
  readonly one: One;
  /** Of the example in its stream. */
  readonly place: number;
  readonly draw: number;
}

/**
 * All examples of a stream; of more text than is to be kept a sample, in their order. Each example draws a number, and those with the
 * smallest are taken until one does not fit: less than that one's text is left over, and what a rare class had in an earlier example of more
 * text. Of each class the example of the smallest number comes before all others, so that no class is missing whose example fits beside
 * those of the classes with smaller ones. One example stays, however long it is. However long the stream is, an eighth more than the
 * sample is held.
 *
 * @param mostCharacters UTF-16 units that the sample has at most
 */
export async function sampled<One extends LabelledExample>(
  examples: AsyncIterable<One>,
  mostCharacters: number,
  seed: number,
): Promise<One[]> {
  const random = new Random(seed, 'sample of texts');
  const sample = new Sample<One>(mostCharacters);
  let place = 0;
  for await (const one of examples) sample.add({ one, place: place++, draw: random.below(drawBound) });
  return sample.finish();
}

class Sample<One extends LabelledExample> {
  readonly #most: number;
  #kept: Drawn<One>[] = [];
  #characters = 0;
  /** An example of this draw or a larger one did not fit. */
  #below = drawBound;
  /** The smallest draw of each class. */
  readonly #smallest = new Map<number, number>();

  constructor(most: number) {
    this.#most = most;
  }

  add(drawn: Drawn<One>): void {
    const { one, draw } = drawn;
    const smallest = this.#smallest.get(one.label) ?? drawBound;
    if (draw >= this.#below && draw >= smallest) return;
    this.#smallest.set(one.label, Math.min(draw, smallest));
    this.#kept.push(drawn);
    this.#characters += lengthOf(drawn);
    if (this.#characters > this.#most * (1 + slack)) this.#cut();
  }

  /** The sample, in the order of the stream. */
  finish(): One[] {
    this.#cut();
    return this.#kept.sort((one, other) => one.place - other.place).map(({ one }) => one);
  }

  /** Leaves out what does not fit. */
  #cut(): void {
    const drawn = this.#kept.sort((one, other) => one.draw - other.draw || one.place - other.place);
    // The last that a class sets stays.
    const firsts = new Map(drawn.toReversed().map((one) => [one.one.label, one]));
    const isFirst = (one: Drawn<One>): boolean => firsts.get(one.one.label) === one;
    this.#kept = [];
    this.#characters = 0;
    for (const one of drawn) if (isFirst(one) && this.#fits(one)) this.#keep(one);
    for (const one of drawn) {
      if (isFirst(one)) continue;
      if (one.draw >= this.#below) break;
      if (this.#fits(one)) this.#keep(one);
      else this.#below = one.draw;
    }
    const [first] = drawn;
    if (this.#kept.length === 0 && first !== undefined) this.#keep(first);
  }

  #fits(one: Drawn<One>): boolean {
    return this.#characters + lengthOf(one) <= this.#most;
  }

  #keep(one: Drawn<One>): void {
    this.#kept.push(one);
    this.#characters += lengthOf(one);
  }
}

function lengthOf({ one }: Drawn<LabelledExample>): number {
  return one.example.text.length;
}
