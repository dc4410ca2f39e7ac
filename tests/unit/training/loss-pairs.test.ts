import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdvError } from '../../../src/base/errors.js';
import { textHash } from '../../../src/text/text-hash.js';
import type { LossRow } from '../../../src/training/loss-file.js';
import { pairLosses } from '../../../src/training/loss-pairs.js';
import { advError, forAll } from '../support.js';

function row(id: string, text: string, loss = 1, label = 'pos'): LossRow {
  return { id, textHash: textHash(text), label, prediction: 'neg', loss };
}

/** Rows of some texts and labels, numbered as in a file, with the loss that a model gives each. */
function rowsOf(examples: readonly (readonly [string, string])[], modelOffset: number): LossRow[] {
  return examples.map(([text, label], place) =>
    row(`test:${place + 1}`, text, modelOffset + 10 * Number(text) + (label === 'pos' ? 1 : 2), label),
  );
}

/** A test set in which texts repeat, also under other labels. */
const testSet = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 5 }).map(String), fc.constantFrom('pos', 'neg')),
  { minLength: 2, maxLength: 40 },
);
const shuffledTwice = testSet.chain((examples) => {
  const shuffled = fc.shuffledSubarray(examples, { minLength: examples.length });
  return fc.tuple(shuffled, shuffled);
});

describe('pairing by text and label', () => {
  it('pairs each example exactly once, in any order and however often texts repeat', async () => {
    await forAll([shuffledTwice]).check(([one, other]) => {
      const { a, b, leftOut } = pairLosses(rowsOf(one, 0), rowsOf(other, 1000));
      expect(leftOut).toEqual({ a: 0, b: 0 });
      expect([...a]).toEqual(rowsOf(one, 0).map(({ loss }) => loss));
      expect([...b]).toEqual([...a].map((loss) => loss + 1000));
    });
  });

  it('leaves out with common as many as one has more of, and pairs no other', async () => {
    await forAll([testSet, testSet]).check((one, other) => {
      const keys = new Set([...one, ...other].map((example) => example.join()));
      const countIn = (examples: typeof one, key: string): number =>
        examples.filter((example) => example.join() === key).length;
      const inBoth = [...keys].reduce(
        (sum, key) => sum + Math.min(countIn(one, key), countIn(other, key)),
        0,
      );
      const pair = (): ReturnType<typeof pairLosses> =>
        pairLosses(rowsOf(one, 0), rowsOf(other, 1000), { common: true });
      if (inBoth < 2) {
        expect(pair).toThrow(advError('DATA_MALFORMED', /that both have/));
        return;
      }
      const { a, b, leftOut } = pair();
      expect(a).toHaveLength(inBoth);
      expect([...b]).toEqual([...a].map((loss) => loss + 1000));
      expect(leftOut).toEqual({ a: one.length - inBoth, b: other.length - inBoth });
    });
  });

  it('takes the k-th row of a repeated text with the k-th', () => {
    const { a, b } = pairLosses(
      [row('1', 'x', 1), row('2', 'y', 2), row('3', 'x', 3)],
      [row('1', 'x', 10), row('2', 'x', 30), row('3', 'y', 20)],
    );
    expect([...a]).toEqual([1, 2, 3]);
    expect([...b]).toEqual([10, 20, 30]);
  });

  it('pairs more rows than a call takes arguments', () => {
    const rows = Array.from({ length: 150_000 }, (_, place) => ({
      ...row(String(place), '', place),
      textHash: place.toString(16).padStart(32, '0'),
    }));
    const { a, b } = pairLosses(rows, rows.toReversed());
    expect(a.every((loss, place) => loss === place && b[place] === loss)).toBe(true);
    const others = rows.map((one) => ({ ...one, label: 'neg' }));
    expect(() => pairLosses(rows, others)).toThrow('0 in both, 150000 only in a');
  });
});

describe('what does not match', () => {
  it('is refused with counts and an example of each side', () => {
    const a = [row('test:1', 'one'), row('test:2', 'two'), row('test:3', 'three')];
    expect(() => pairLosses(a, [row('test:9', 'three'), row('test:8', 'other')])).toThrow(
      advError(
        'DATA_MALFORMED',
        /^expected the same texts with the same labels in both, got 1 in both, 2 only in a \(such as test:1 'pos'\) and 1 only in b \(such as test:8 'pos'\)$/,
        /--common/,
      ),
    );
    expect(() => pairLosses(a, a.slice(1))).toThrow(
      "got 2 in both, 1 only in a (such as test:1 'pos') and 0 only in b",
    );
  });

  it('never pairs by id', () => {
    const a = [row('test:1', 'one'), row('test:2', 'two')];
    const b = [row('test:1', 'uno'), row('test:2', 'due')];
    for (const common of [false, true]) {
      expect(() => pairLosses(a, b, { common })).toThrow(
        advError('DATA_MALFORMED', /examples that both have.*got 0 in both, 2 only in a .* and 2 only in b/),
      );
    }
  });

  it('is said to have another label where it is the same text', () => {
    const a = [row('1', 'one'), row('2', 'two'), row('3', 'three', 1, 'pos')];
    const b = [row('4', 'one'), row('5', 'two'), row('6', 'three', 1, 'neg')];
    expect(() => pairLosses(a, b)).toThrow(
      "the same text under another label: 1 (such as 3 'pos' in a, 6 'neg' in b)",
    );
    expect(pairLosses(a, b, { common: true }).leftOut).toEqual({ a: 1, b: 1 });
  });

  it('is told by what differs: the texts, the labels or both', () => {
    const a = [row('1', 'one'), row('2', 'two')];
    const relabelled = a.map((one) => ({ ...one, label: 'other' }));
    const [first, ...rest] = relabelled;
    const respaced = [row('3', 'one '), row('4', 'two ')];
    const hintOf = (b: readonly LossRow[], common = false): string | undefined => {
      try {
        pairLosses(a, b, { common });
      } catch (error) {
        return (error as AdvError).hint;
      }
      throw new Error('expected a refusal');
    };
    const onlyLabels = 'the texts are the same, and their labels must be so, too';
    for (const common of [false, true]) expect(hintOf(relabelled, common)).toContain(onlyLabels);
    expect(hintOf([row('1', 'one'), ...rest])).toMatch(`${onlyLabels}. Or leave out with --common`);
    expect(hintOf(respaced)).toMatch(/: texts must be the same to the character/);
    expect(hintOf([...respaced, ...(first ? [first] : [])])).toMatch(
      /: labels must be the same, and texts to the character/,
    );
  });

  it('leaves too few for a test', () => {
    const a = [row('1', 'one'), row('2', 'two')];
    const b = [row('1', 'one'), row('2', 'due')];
    expect(() => pairLosses(a, b, { common: true })).toThrow(
      advError('DATA_MALFORMED', /expected at least 2 examples that both have, got 1 in both/),
    );
    expect(() => pairLosses(a.slice(1), a.slice(1))).toThrow(
      'expected at least 2 examples that both have, got 1',
    );
    expect(() => pairLosses([], [])).toThrow('got 0 in both, 0 only in a and 0 only in b');
  });
});

it('says of each pair whether the predictions are right', () => {
  const a = [row('1', 'x', 1, 'neg'), row('2', 'y', 1, 'pos')];
  const b = [row('1', 'y', 1, 'pos'), { ...row('2', 'x', 1, 'neg'), prediction: 'pos' }];
  expect(pairLosses(a, b)).toMatchObject({ rightA: [true, false], rightB: [false, false] });
});
