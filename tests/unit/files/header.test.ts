import { describe, expect, test, vi } from 'vitest';
import { openLabelledFile, openOwnData } from '../../../src/datasets/catalogue.js';
import type { DataForm } from '../../../src/files/record.js';
import { collect, expectMalformed, expectRefused, fileWith } from '../support.js';

/** Examples of two classes, each text of several words. */
const sentences = Array.from({ length: 30 }, (_, n) => `a text of words ${n}\t${n % 2 ? 'pos' : 'neg'}`);
const numbered = sentences.map((line, n) => line.replace(/\t.*/, `\t${(n % 5) + 1}`));
/** Examples whose texts are words. */
const words = Array.from({ length: 30 }, (_, n) => `word${'x'.repeat(n)}\t${n % 2 ? 'noun' : 'verb'}`);

const open = async (lines: readonly string[], form: DataForm = {}) =>
  openOwnData({ train: await fileWith(`${lines.join('\n')}\n`), ...form }, { seed: 1 });

const expectHeader = vi.defineHelper(async (begun: Promise<unknown>, hint?: RegExp) => {
  const said = /data\.tsv: expected text<TAB>label, got a first line that looks like a header/;
  await expectMalformed(begun, said, hint ?? /--no-header/);
});

describe('a first line that names the columns', () => {
  test.each([
    ...['text\tlabel', 'Text\tLabel', 'TEXT\tLABEL\r', '\ufefftext\tlabel', '"text"\t"label"'],
    ...[' text \t label ', 'review\tstars', 'sentence1\tgold_label', 'sentence\tlabel'],
    ...['text\tsentiment', 'content\tcategory', 'tweet\ttarget', 'Review Text\tStar Rating'],
    ...['reviewText\tclass', 'message\tpolarity', 'comment_text\tscore', '#text\tlabel', 'text*\tlabel*'],
    ...['text (en)\tlabel (0/1)', 'title/text\tlabel', 'review (cleaned)\tstars'],
    ...['sentence #1\tgold label', 'comment\tlabel_id (int)', '_text\t_label', '1_text\t2_label'],
    ...['text:string\tlabel:int', 'Unnamed: 0\ttarget', 'text;\tlabel'],
  ])('is refused with the options that say what it is: %j', async (header) => {
    for (const lines of [sentences, numbered, sentences.slice(0, 4)]) {
      await expectHeader(
        open([header, ...lines]),
        /--text-column \S.* --label-column \S.*, or give --no-header/,
      );
    }
  });

  test('is refused with the columns in their order, where the label stands first', async () => {
    await expectHeader(open(['label\ttext', ...words]), /--text-column text --label-column label,/);
  });

  test.each([
    'komentář\tštítek',
    'Kundenmeinung\tBewertung',
    'text\tštítek',
    'x\tlabel',
    'sentence\tis_positive?',
  ])('is refused in any language where it is the only example of its class: %j', async (header) => {
    await expectHeader(open([header, ...sentences]));
  });

  test('is refused below blank lines too', async () => {
    for (const blank of ['', ' \t\r']) {
      await expectHeader(open([blank, blank, 'text\tlabel', ...sentences]));
    }
    const train = await fileWith(`${sentences.join('\n')}\n`, 'train.tsv');
    const test = await fileWith(`\ntext\tlabel\n${sentences.join('\n')}\n`);
    await expectHeader(openOwnData({ train, test }, { seed: 1 }));
  });

  test('is refused where every other label is a number', async () => {
    await expectHeader(
      open(['what they wrote\thow good', ...numbered]),
      /--text-column 'what they wrote' --label-column 'how good'/,
    );
  });

  test('is refused in files that were joined with their headers', async () => {
    await expectHeader(open(['text\tlabel', ...sentences, 'text\tlabel', ...sentences]));
  });

  test('is refused where nothing stands behind it, and whatever becomes of malformed lines', async () => {
    const train = await fileWith('text\tlabel\n');
    const options = { seed: 1, onMalformed: 'skip', allowIncomplete: true } as const;
    await expectHeader(openOwnData({ train }, options));
  });

  test('is an example when the user says so, and a header when that is said', async () => {
    const lines = ['text\tlabel', ...sentences];
    expect((await open(lines, { header: false })).labels).toEqual(['label', 'neg', 'pos']);
    expect((await open(lines, { header: true })).labels).toEqual(['neg', 'pos']);
    expect((await open(lines, { textColumn: 'text' })).labels).toEqual(['neg', 'pos']);
    const opening = open(lines, { header: false, labelColumn: 'label' });
    await expectRefused(opening, 'USAGE', /expected either --no-header or --label-column, got both/);
  });
});

describe('a first line that is an example', () => {
  test.each([
    [
      'the only one of its class, a sentence',
      ['a long text that nobody takes for a name\todd', ...sentences],
    ],
    ['the only one of its class, among few examples', ['Hello\todd', ...sentences.slice(0, 8)]],
    ['the only one of its class, among words', ['wordy\tadverb', ...words]],
    ['one of several of its class', ['text\tpos', ...sentences]],
    ['the name of a column with a label that others have', ['text\tlabel', ...sentences, 'other\tlabel']],
    ['a word, where other classes have one example too', ['Hello\todd', ...sentences, 'a b c\tonce']],
    ['of the class of all others', ['review\tpos', 'a b\tpos', 'c d\tneg', 'e f\tneg']],
    ['a number', ['7\t1', ...numbered]],
    ['marks with words that name no column', ['Hello (again)!\t#odd', ...sentences]],
    ['a short sentence beside a label like a name', ['Great, thanks!\tlabel:odd', ...sentences]],
    ['the words of a name beside another label', ['Great review!\t#odd', ...sentences]],
    ['four words, of which one is in names', ["What's the answer?\ttopic/odd", ...sentences]],
    ['a word beside a label that is no name', ['Label\t#1', ...sentences]],
    ['a sentence with a label that others have', ['Is the text good?\tlabel', ...sentences, 'e f\tlabel']],
  ])('is taken: %s', async (_what, lines) => {
    const options = { seed: 1, allowIncomplete: true };
    const dataset = await openOwnData({ train: await fileWith(`${lines.join('\n')}\n`) }, options);
    const examples = [...(await collect(dataset.train())), ...(await collect(dataset.valid()))];
    expect(examples).toHaveLength(lines.length);
  });

  test('is taken in files of one class', async () => {
    const lines = sentences.map((line) => line.replace(/\t.*/, '\tpos'));
    const train = await fileWith(`${lines.join('\n')}\n`);
    expect((await openOwnData({ train }, { seed: 1, allowIncomplete: true })).labels).toEqual(['pos']);
  });
});

describe('a header of validation or test data', () => {
  const header = 'Text\tLabel';

  test('is refused beside training data without one', async () => {
    const train = await fileWith(`${sentences.join('\n')}\n`, 'train.tsv');
    const other = await fileWith(`${[header, ...sentences].join('\n')}\n`);
    for (const files of [{ valid: other }, { test: other }]) {
      for (const onMalformed of ['stop', 'skip'] as const) {
        await expectHeader(
          openOwnData({ train, ...files }, { seed: 1, onMalformed }),
          /--text-column Text --label-column Label/,
        );
      }
    }
    // A header that is no example is one with an unknown label.
    const opening = openOwnData({ train, valid: other, header: false }, { seed: 1 });
    await expectMalformed(opening, /data\.tsv:1: unknown label 'Label', expected one of neg, pos/);
  });

  test('is refused in a file to evaluate on, unless the model has a class of that name', async () => {
    const other = await fileWith(`${[header, ...sentences].join('\n')}\n`);
    await expectHeader(
      collect(openLabelledFile(other, ['neg', 'pos'], {})),
      /--text-column Text --label-column Label/,
    );
    expect(await collect(openLabelledFile(other, ['Label', 'neg', 'pos'], {}))).toHaveLength(31);
    const named = { header: true, textColumn: 'Text', labelColumn: 'Label' };
    expect(await collect(openLabelledFile(other, ['neg', 'pos'], named))).toHaveLength(30);
  });
});
