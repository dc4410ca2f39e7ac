import { describe, expect, test, vi } from 'vitest';
import { auditDataset, type AuditOptions } from '../../../../src/inspect/audit/audit.js';
import type { Finding, FindingKind } from '../../../../src/inspect/audit/finding.js';
import { expectInterrupted, expectRefused, matching, put, temporaryFolder } from '../../support.js';

/** Sentences that have next to nothing in common. */
function sentence(number: number): string {
  const word = (place: number) => `${(number * 31 + place * 7) % 97}w${((number + 3) * (place + 11)) % 89}`;
  return Array.from({ length: 8 }, (_, place) => word(place)).join(' ');
}

/** Twenty fine lines of two labels, from a number on. */
function fine(first: number, count = 20): string[] {
  return Array.from(
    { length: count },
    (_, place) => `${sentence(first + place)}\t${place % 2 === 0 ? 'neg' : 'pos'}`,
  );
}

async function audit(
  lines: {
    readonly train: readonly string[];
    /** Fine lines when left out; null: none. */
    readonly valid?: readonly string[] | null;
    readonly test?: readonly string[];
  },
  options: AuditOptions = {},
) {
  const folder = await temporaryFolder();
  const write = async (name: string, content: readonly string[] | undefined) =>
    content && put(folder, `${name}.tsv`, content.map((line) => `${line}\n`).join(''));
  const train = (await write('train', lines.train)) ?? '';
  const { valid = fine(500) } = lines;
  const result = await auditDataset(
    { train, valid: await write('valid', valid ?? undefined), test: await write('test', lines.test) },
    options,
  );
  const find = (kind: FindingKind, ...splits: readonly string[]): Finding | undefined =>
    result.findings.find((one) => one.kind === kind && one.splits.join() === splits.join());
  return { result, find };
}

/** Expects a finding of so many texts, which are such a share of theirs. */
const expectFound = vi.defineHelper(
  (finding: Finding | undefined, severity: Finding['severity'], count: number, share: number) => {
    expect(finding).toMatchObject({ severity, count, share });
  },
);

const idsOf = (finding: Finding | undefined) =>
  finding?.examples.map(({ texts }) => texts.map(({ id }) => id));

describe('auditDataset', () => {
  test('finds nothing where nothing is wrong', async () => {
    const { result } = await audit({ train: fine(0), test: fine(900) });
    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({
      name: 'own-data',
      splits: [
        { split: 'train', examples: 20 },
        { split: 'valid', examples: 20 },
        { split: 'test', examples: 20 },
      ],
      differentTexts: 60,
      errors: 0,
      warnings: 0,
    });
  });

  test('finds leakage between any two splits, whatever the case and white space', async () => {
    const { result, find } = await audit({
      train: [...fine(0), 'One and only\tneg', 'Another one here\tpos'],
      valid: [...fine(500), 'one  AND only\tneg', 'third of them\tpos'],
      test: [...fine(900), 'One and only \tneg', 'ONE and only\tneg', 'Third of them\tpos'],
    });
    expectFound(find('leakage', 'train', 'valid'), 'error', 1, 1 / 22);
    expect(find('leakage', 'train', 'test')).toMatchObject({ count: 2, share: 2 / 23 });
    expect(find('leakage', 'valid', 'test')).toMatchObject({ count: 3, share: 3 / 23 });
    expect(idsOf(find('leakage', 'train', 'test'))).toEqual([
      ['train:21', 'test:21'],
      ['train:21', 'test:22'],
    ]);
    const last = find('leakage', 'valid', 'test')?.examples.at(-1);
    expect(last?.texts.map(({ text }) => text)).toEqual(['third of them', 'Third of them']);
    expectFound(find('duplicates', 'test'), 'warning', 1, 1 / 23);
    expect(result.errors).toBe(3);
    expect(result.findings[0]?.kind).toBe('leakage');
  });

  test('finds texts with two labels in one split and across splits', async () => {
    const { find } = await audit({
      train: [...fine(0), 'so so\tneg', 'So  so\tpos', 'so so\tneg', 'never mind\tneg'],
      test: [...fine(900), 'never mind\tpos'],
    });
    expectFound(find('contradicting-labels', 'train'), 'error', 4, 4 / 24);
    expect(find('contradicting-labels', 'test')).toMatchObject({ count: 1 });
    expect(idsOf(find('contradicting-labels', 'test'))).toEqual([['test:21', 'train:24']]);
    expect(idsOf(find('contradicting-labels', 'train'))?.slice(0, 2)).toEqual([
      ['train:21', 'train:22'],
      ['train:22', 'train:21'],
    ]);
    expect(find('contradicting-labels', 'valid')).toBeUndefined();
  });

  test('finds near duplicates in a split and between two, with their similarity', async () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
    // 32 shingles; the last letter is in one of them: 31 of 33.
    const changed = `${letters.slice(0, -1)}!`;
    const { find, result } = await audit({
      train: [...fine(0), `${letters}\tneg`, `${letters}\tneg`],
      valid: [...fine(500), `${changed}\tneg`],
      test: [...fine(900), `${letters.slice(0, -1)}?\tpos`, `${letters.slice(0, 20)}\tpos`],
    });
    expectFound(find('near-leakage', 'train', 'valid'), 'warning', 1, 1 / 21);
    expect(find('near-leakage', 'train', 'valid')?.examples).toMatchObject([
      { similarity: 31 / 33, texts: [{ id: 'train:21' }, { id: 'valid:21', label: 'neg', text: changed }] },
    ]);
    expect(find('near-leakage', 'train', 'test')?.count).toBe(1);
    expect(find('near-leakage', 'valid', 'test')?.count).toBe(1);
    // The two equal training texts are duplicates and no near ones.
    expect(find('near-duplicates', 'train')).toBeUndefined();
    expect(find('duplicates', 'train')?.count).toBe(1);
    expect(result.errors).toBe(0);

    const strict = await audit(
      { train: [...fine(0), `${letters}\tneg`, `${changed}\tneg`] },
      { threshold: 0.95 },
    );
    expect(strict.find('near-duplicates', 'train')).toBeUndefined();
    const lenient = await audit({ train: [...fine(0), `${letters}\tneg`, `${changed}\tneg`] });
    expect(lenient.find('near-duplicates', 'train')).toMatchObject({ count: 2 });
  });

  test('finds short texts that differ in punctuation and case alone', async () => {
    const { find } = await audit({
      train: [...fine(0), 'Děkuji za odpověď.\tpos', ':-)\tpos'],
      test: [...fine(900), 'děkuji,za odpověď!!\tpos', ':-(\tneg', 'Děkuji za odpovědi.\tpos'],
    });
    expect(find('near-leakage', 'train', 'test')).toMatchObject({ count: 1, severity: 'warning' });
    expect(idsOf(find('near-leakage', 'train', 'test'))).toEqual([['train:21', 'test:21']]);
    expect(find('near-leakage', 'train', 'test')?.examples[0]?.similarity).toBeLessThan(0.8);
  });

  test('finds damaged, empty and extreme texts', async () => {
    const { find } = await audit({
      train: [
        ...fine(0, 40),
        'dÃ©jÃ  vu of some usual length, you see\tneg',
        'a lost \ufffd letter in a text of usual length\tpos',
        'a decomposed z\u030cena in a text of usual length\tpos',
        '\u200b\u200b\tneg',
        `${'very long '.repeat(2000)}\tpos`,
      ],
    });
    expectFound(find('mojibake', 'train'), 'warning', 1, 1 / 45);
    expect(idsOf(find('replacement-character', 'train'))).toEqual([['train:42']]);
    expect(idsOf(find('not-composed', 'train'))).toEqual([['train:43']]);
    expect(idsOf(find('empty-text', 'train'))).toEqual([['train:44']]);
    expect(idsOf(find('extreme-length', 'train'))).toEqual([['train:44'], ['train:45']]);
    const shown = find('extreme-length', 'train')?.examples.at(-1)?.texts[0]?.text ?? '';
    expect(Array.from(shown)).toHaveLength(101);
    expect(shown.endsWith('…')).toBe(true);
  });

  test('finds rare and missing classes', async () => {
    const { find } = await audit({
      train: [...fine(0, 40), 'the only one\trare'],
      valid: fine(500).filter((line) => line.endsWith('pos')),
    });
    expect(find('class-imbalance', 'train')).toMatchObject({ count: 1, share: 1 / 41 });
    expect(find('class-imbalance', 'train')?.message).toMatch(/'neg' has 20\.0 times .* 'rare': 20 and 1$/);
    expect(find('missing-class', 'valid')).toMatchObject({ count: 2, share: 2 / 3 });
    expect(find('missing-class', 'valid')?.message).toMatch(/no example of neg, rare$/);
  });

  test('calls training data of one class an error: nothing can be trained on it', async () => {
    const { result, find } = await audit({
      train: fine(0).map((line) => line.replace('neg', 'pos')),
      valid: fine(500).map((line) => line.replace('neg', 'pos')),
    });
    expectFound(find('single-class', 'train'), 'error', 20, 1);
    const said = "all train examples are 'pos': a classifier needs two classes or more";
    expect(find('single-class', 'train')?.message).toBe(said);
    expect(result.errors).toBe(1);
    expect((await audit({ train: fine(0) })).find('single-class', 'train')).toBeUndefined();
  });

  test('calls training data of which none can be held out an error, in the words of training', async () => {
    const alone = await audit({ train: ['a\tpos', 'b\tneg'], valid: null });
    expectFound(alone.find('none-held-out', 'train'), 'error', 2, 1);
    const said = 'no class has two different texts, so none can be held out for validation';
    expect(alone.find('none-held-out', 'train')?.message).toBe(said);
    const validated = await audit({ train: ['a\tpos', 'b\tneg'] });
    expect(validated.find('none-held-out', 'train')).toBeUndefined();
    const enough = await audit({ train: fine(0), valid: null });
    expect(enough.find('none-held-out', 'train')).toBeUndefined();
  });

  test('calls classes imbalanced from ten times as many examples on', async () => {
    const ten = await audit({ train: [...fine(0, 20), 'the only one\trare'] });
    expect(ten.find('class-imbalance', 'train')).toMatchObject({ count: 1, share: 1 / 21 });
    const nine = await audit({ train: [...fine(0, 18), 'the only one\trare'] });
    expect(nine.find('class-imbalance', 'train')).toBeUndefined();
  });

  test('finds what training warns of: quotes, labels that look alike, one content as two splits', async () => {
    const quoted = fine(0).map((line) => line.replaceAll(/[^\t]+/g, '"$&"'));
    const valid = fine(500).map((line) => line.replaceAll(/[^\t]+$/g, '"$&"'));
    const inQuotes = (await audit({ train: quoted, valid })).find('quoted-fields', 'train');
    expectFound(inQuotes, 'warning', 20, 1);
    expect(inQuotes?.message).toContain("--format csv --delimiter '\\t'");
    expect(inQuotes?.examples).toMatchObject([{ texts: [{ id: 'train:1' }] }, {}, {}]);
    const similar = (await audit({ train: [...fine(0), 'one more\tPos'] })).find('similar-labels', 'train');
    expect(similar).toMatchObject({ severity: 'warning', count: 2, share: 2 / 3 });
    expect(similar?.examples.map(({ texts }) => texts[0]?.label)).toEqual(['Pos', 'pos']);
    const same = await audit({ train: fine(0), valid: fine(0), test: fine(0) });
    expect(same.find('same-data', 'train', 'valid', 'test')).toMatchObject({ severity: 'error', count: 20 });
    expect(same.result.findings[0]?.kind).toBe('same-data');
    expect(same.result.facts.warnings).toBeUndefined();
  });

  test('notes a script without spaces, and warns where a tenth of the texts or more is one of words', async () => {
    const chinese = Array.from(
      { length: 20 },
      (_, row) => `这部电影的味道总的来说${row * 7919}次失望\t${row % 2 === 0 ? 'neg' : 'pos'}`,
    );
    const most = await audit({ train: chinese });
    expect(most.find('script-without-spaces', 'train')).toMatchObject({
      severity: 'note',
      count: 20,
      message: matching(/100 % of the texts .*\(Han\).*characters are read$/),
    });
    expect(most.result).toMatchObject({ notes: 1, errors: 0 });
    const some = await audit({ train: [...fine(0), ...chinese.slice(0, 5)] });
    expectFound(some.find('script-without-spaces', 'train'), 'warning', 5, 0.2);
    expect(some.result.notes).toBe(0);
  });

  test('reports malformed lines instead of stopping at them', async () => {
    const { find, result } = await audit({
      train: [...fine(0), 'no tab', ...fine(100)],
      test: [...fine(900), 'x\tnew'],
    });
    const finding = find('malformed-line');
    expect(finding?.message).toMatch(/^2 records are malformed: /);
    expect(finding).toMatchObject({ severity: 'warning', count: 2, share: 2 / 82, splits: [] });
    expect(finding?.examples.map(({ texts }) => texts[0])).toEqual([
      { id: matching(/train\.tsv:21$/), label: '', text: matching(/^no tab/) },
      { id: matching(/test\.tsv:21$/), label: '', text: matching(/'new'/) },
    ]);
    expect(result.splits[0]).toEqual({ split: 'train', examples: 40 });
  });

  test('shows as many examples as asked for and counts all', async () => {
    const train = [...fine(0), ...Array.from({ length: 10 }, () => 'again and again\tneg')];
    for (const examples of [0, 2, 100]) {
      const { find } = await audit({ train }, { examples });
      expect(find('duplicates', 'train')?.count).toBe(9);
      expect(find('duplicates', 'train')?.examples).toHaveLength(Math.min(examples, 9));
    }
  });

  test('refuses wrong options and sources', async () => {
    const { url } = import.meta;
    const auditing = auditDataset('babi-sim-1', { threshold: 0.5 });
    await expectRefused(auditing, 'USAGE', /--threshold: expected a number from 0\.7 to 1, got 0\.5/);
    await expectRefused(auditDataset('babi-sim-1', { examples: -1 }), 'USAGE', /--examples/, /^/);
    await expectRefused(auditDataset('none'), 'USAGE', /got 'none'/);
    await expectRefused(auditDataset({ valid: url } as never), 'USAGE', /no training file/);
  });

  test('stops when the signal has fired', async () => {
    await expectInterrupted(auditDataset('babi-sim-1', { limit: 100 }, { signal: AbortSignal.abort() }));
  });

  test('gives the same result each time on the simulator, whose short stories repeat', async () => {
    const options = { limit: 500, seed: 3 };
    const first = await auditDataset('babi-sim-1', options);
    expect(await auditDataset('babi-sim-1', options)).toEqual(first);
    expect(first.errors).toBeGreaterThan(0);
    expect(first.splits.map(({ examples }) => examples)).toEqual([500, 100, 1000]);
  });
});

const realData = process.env['ADVNATIVE_DATA'];

describe.runIf(realData)('the real DSL corpus', () => {
  test('has no sentence of a split in another, as its makers say, and Indonesian quotes that were decoded wrongly', async () => {
    const result = await auditDataset('dsl', { dataDir: realData });
    expect(result.splits.at(-1)).toEqual({ split: 'test', examples: 14_000 });
    expect(result.errors).toBe(0);
    const mojibake = result.findings.find(({ kind }) => kind === 'mojibake');
    expect(mojibake?.examples.map(({ texts }) => texts[0]?.label)).toEqual(['id', 'id', 'id']);
    expect(mojibake?.examples[0]?.texts[0]?.text).toContain('â€');
  });
});
