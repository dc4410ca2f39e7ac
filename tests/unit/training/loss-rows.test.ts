import { expect, it } from 'vitest';
import { ahead } from '../../../src/base/streaming.js';
import { textHash } from '../../../src/text/text-hash.js';
import type { Example } from '../../../src/text/types.js';
import { lossRows, type Scorer } from '../../../src/training/loss-rows.js';
import type { ScoredExamples } from '../../../src/training/model.js';

const examples = Array.from({ length: 10 }, (_, place) => ({
  id: `test:${place + 1}`,
  text: `text ${place % 3}`,
  label: place % 2 === 0 ? 'pos' : 'neg',
}));

/** Scores some examples at a time, of which the next ones are read before; the loss is the place in the id. */
function scorer(count: number, mixed = (part: Example[]): Example[] => part): Scorer {
  async function* inParts(stream: AsyncIterable<Example>): AsyncGenerator<Example[]> {
    let part: Example[] = [];
    for await (const example of stream) {
      part.push(example);
      if (part.length < count) continue;
      yield part;
      part = [];
    }
    if (part.length > 0) yield part;
  }
  return async function* score(stream): AsyncGenerator<ScoredExamples> {
    for await (const part of ahead(inParts(stream))) {
      const scored = mixed(part);
      yield {
        exampleIds: scored.map(({ id }) => id),
        labels: Int32Array.from(scored, ({ label }) => (label === 'neg' ? 0 : 1)),
        predictions: new Int32Array(scored.length),
        losses: Float64Array.from(scored, ({ id }) => Number(id.slice(5))),
      };
    }
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream of examples is asynchronous
async function* stream(): AsyncGenerator<Example> {
  yield* examples;
}

it.each([1, 3, 4, 100])("puts each text's hash beside its loss, %i examples at a time", async (count) => {
  const rows = [];
  for await (const part of lossRows(stream(), scorer(count), ['neg', 'pos'])) rows.push(...part);
  expect(rows).toEqual(
    examples.map(({ id, text, label }, place) => ({
      ...{ id, label, prediction: 'neg', loss: place + 1 },
      textHash: textHash(text),
    })),
  );
});

it('refuses scores in another order, or of fewer examples', async () => {
  for (const mixed of [(part: Example[]) => part.toReversed(), (part: Example[]) => part.slice(1)]) {
    await expect(lossRows(stream(), scorer(4, mixed), ['neg', 'pos']).next()).rejects.toThrow(
      'in the order of the examples',
    );
  }
});
