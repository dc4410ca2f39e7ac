import { expect, test } from 'vitest';
import { AdvError } from '../../../../src/errors.js';
import { questionsOf } from '../../../../src/data/datasets/babi-stories.js';
import { joinPosts } from '../../../../src/data/datasets/czech-facebook.js';
import { linesOf } from '../../../../src/data/lines.js';
import { MalformedLines } from '../../../../src/data/malformed.js';
import { Random } from '../../../../src/data/random.js';

const inputs = 10_000;

/** A valid file with some bytes flipped, cut out, doubled or put in. */
function mutate(valid: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(valid);
  for (let edits = 1 + random.below(4); edits > 0; edits--) {
    const place = random.below(bytes.length + 1);
    const length = Math.min(random.below(12), bytes.length - place);
    const rest = bytes.subarray(place + length);
    const kind = random.below(4);
    if (kind === 0 && place < bytes.length) bytes[place] = random.below(256);
    if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, place), rest]);
    if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, place + length), bytes.subarray(place)]);
    if (kind === 3) {
      const put = Buffer.from(
        random.pick(['\t', '\n', '\r\n', '\0', '\ufeff', '1 ', '999999999999999999999 ']),
      );
      bytes = Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place)]);
    }
  }
  return bytes;
}

// eslint-disable-next-line @typescript-eslint/require-await -- streams are asynchronous
async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let place = 0; place < bytes.length; place += 61) yield bytes.subarray(place, place + 61);
}

/** Reads to the end; what may come are examples and errors of the package's own. */
async function survives(
  read: (malformed: MalformedLines) => AsyncIterable<{ text: string }>,
): Promise<number> {
  let examples = 0;
  for (const policy of ['stop', 'skip'] as const) {
    try {
      for await (const { text } of read(new MalformedLines(policy))) {
        expect(text.trim()).not.toBe('');
        examples++;
      }
    } catch (error) {
      if (!(error instanceof AdvError) || error.code !== 'DATA_MALFORMED') throw error;
    }
  }
  return examples;
}

test('bAbI stories survive any damage', async () => {
  const valid = Buffer.from(
    '1 Mary moved to the bathroom.\n2 Where is Mary? \tbathroom\t1\n1 John went to the hallway.\n2 Where is John?\thallway\t1\n',
  );
  const random = new Random(1, 'fuzz', 'babi');
  let examples = 0;
  for (let input = 0; input < inputs; input++) {
    const lines = linesOf(chunks(mutate(valid, random)));
    const again = mutate(valid, random);
    examples += await survives((malformed) =>
      questionsOf(malformed.policy === 'stop' ? lines : linesOf(chunks(again)), {
        ...{ path: 'stories', answers: ['bathroom', 'hallway'], malformed },
      }),
    );
  }
  expect(examples).toBeGreaterThan(inputs);
}, 60_000);

test('posts and labels survive any damage', async () => {
  const posts = Buffer.from('dobré :-)\r\nšpatné!\r\nnevím\r\n');
  const labels = Buffer.from('p\r\nn\r\n0\r\n');
  const random = new Random(1, 'fuzz', 'posts');
  let examples = 0;
  for (let input = 0; input < inputs; input++) {
    const [damagedPosts, damagedLabels] = [
      mutate(posts, random),
      input % 2 === 0 ? labels : mutate(labels, random),
    ];
    examples += await survives((malformed) =>
      joinPosts(
        ...([linesOf(chunks(damagedPosts)), linesOf(chunks(damagedLabels))] as const),
        { posts: 'posts', labels: 'labels' },
        malformed,
      ),
    );
  }
  expect(examples).toBeGreaterThan(inputs);
}, 60_000);
