import { expect, it } from 'vitest';
import { TrainingTextMeasures } from '../../../src/training/training-texts.js';
import { splitOf } from '../support.js';

it('counts tokens as the network reads them, without begin and end, and sentences of whole texts', async () => {
  const measures = new TrainingTextMeasures();
  const texts = ['Mary went home. Where is Mary?', 'No stop', 'One! Two! Three!', 'Four.'];
  texts.forEach((text, place) => {
    measures.add({ id: `${place}`, text, label: 'a' });
  });
  const lengths = [2, 4, 6, 20];
  const split = await splitOf(
    lengths.map((length) => [1, ...new Array<number>(length).fill(3), 2]),
    [0, 0, 0, 0],
  );
  const { tokens, sentences } = measures.of(split);
  expect(tokens).toEqual({ mean: 8, median: 5, p95: expect.closeTo(17.9, 12) as number });
  expect(sentences).toBe(7 / 4);
});
