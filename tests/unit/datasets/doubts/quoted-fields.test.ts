import { expect, it } from 'vitest';
import { QuotedFields } from '../../../../src/datasets/doubts/quoted-fields.js';

/** Doubts about examples of these texts and labels. */
function doubtsOf(...fields: readonly (readonly [text: string, label: string])[]) {
  const quoted = new QuotedFields();
  fields.forEach(([text, label], row) => {
    quoted.add({ id: `train:${row + 1}`, text, label });
  });
  return quoted.doubts('data.tsv', 'train');
}

const plain = (count: number) => Array.from({ length: count }, (_, row) => [`text ${row}`, 'pos'] as const);
const inQuotes = (count: number) =>
  Array.from({ length: count }, (_, row) => [`"text ${row}"`, '"pos"'] as const);

it('tells of a file whose fields are all in quotes, and what reads them', () => {
  const [doubt, ...more] = doubtsOf(...inQuotes(40));
  expect(more).toEqual([]);
  expect(doubt).toMatchObject({ code: 'QUOTED_FIELDS', splits: ['train'], count: 40, share: 1 });
  expect(doubt?.message).toMatch(
    /^data\.tsv: every field is in quotes; TSV knows none.*--format csv --delimiter '\\t'/,
  );
  expect(doubt?.examples[0]).toEqual({ id: 'train:1', text: '"text 0"', label: '"pos"' });
});

it('tells which column it is, and of nearly all', () => {
  const texts = inQuotes(39).map(([text]) => [text, 'pos'] as const);
  expect(doubtsOf(...texts)[0]?.message).toContain('every text is in quotes');
  expect(doubtsOf(...texts, ['bare', 'pos'])[0]).toMatchObject({
    message: expect.stringContaining('nearly every text is in quotes') as string,
    count: 39,
    share: 39 / 40,
  });
  expect(doubtsOf(...plain(5).map(([text]) => [text, '"pos"'] as const))[0]?.message).toContain(
    'every label is in quotes',
  );
});

it('tells of few texts whose quotes are doubled inside, as programs write where it is needed', () => {
  const said = ['"he said ""go"" and went"', 'pos'] as const;
  expect(doubtsOf(...plain(300), said)[0]).toMatchObject({
    message: expect.stringContaining('1 text is in quotes and has doubled quotes inside') as string,
    count: 1,
    examples: [{ id: 'train:301' }],
  });
  expect(doubtsOf(...plain(300), said, said)[0]?.message).toContain('2 texts are in quotes and have');
});

it('leaves quotes alone that writers set', () => {
  const speech = ['"Go!" he said, "or stay."', 'pos'] as const;
  expect(doubtsOf(...plain(10), ...inQuotes(10))).toEqual([]);
  expect(doubtsOf(...plain(10), speech, ['"a" and "b"', 'neg'], ['""', 'neg'], ['"', 'neg'])).toEqual([]);
  expect(doubtsOf(...plain(10), ['5"" screen', 'pos'], ['"the 5"" one', 'neg'])).toEqual([]);
  expect(doubtsOf()).toEqual([]);
});

it('keeps a hundred examples at most, and of a long text the start', () => {
  const [doubt] = doubtsOf(...inQuotes(300), [`"${'x'.repeat(5000)}"`, '"pos"']);
  expect(doubt?.examples).toHaveLength(100);
  const [long] = doubtsOf([`"${'x'.repeat(5000)}"`, '"pos"']);
  expect(long?.examples[0]?.text).toHaveLength(400);
});
