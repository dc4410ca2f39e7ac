import { execFileSync } from 'node:child_process';
import { stat, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openLabelledFile, openOwnData, type OwnDataFiles } from '../../../src/datasets/catalogue.js';
import { withLevelNote } from '../../../src/datasets/doubts/scripts.js';
import {
  advError,
  collect,
  collectTest,
  expectInterrupted,
  expectMalformed,
  expectRefused,
  fileWith,
  matching,
  temporaryFolder,
} from '../support.js';

/** Lines of two classes, `pos` twice as often as `neg`. */
const lines = (count: number) =>
  Array.from({ length: count }, (_, line) => `text ${line}\t${line % 3 === 0 ? 'neg' : 'pos'}\n`).join('');

const open = async (files: OwnDataFiles, more: object = {}) => openOwnData(files, { seed: 1, ...more });

describe('openOwnData', () => {
  test('streams train, valid and test with stable ids and sorted labels', async () => {
    const train = await fileWith('good\tpos\nbad\tneg\n');
    const valid = await fileWith('fine\tpos\n', 'valid.tsv');
    const test_ = await fileWith('awful\tneg\n', 'test.tsv');
    const dataset = await open({ train, valid, test: test_ });
    expect(dataset.labels).toEqual(['neg', 'pos']);
    expect(await collect(dataset.train())).toEqual([
      { id: 'train:1', text: 'good', label: 'pos' },
      { id: 'train:2', text: 'bad', label: 'neg' },
    ]);
    expect(await collect(dataset.valid())).toEqual([{ id: 'valid:1', text: 'fine', label: 'pos' }]);
    expect(await collectTest(dataset)).toEqual([{ id: 'test:1', text: 'awful', label: 'neg' }]);
    expect(dataset.facts.files.map(({ name, bytes }) => [name, bytes])).toEqual([
      [train, 17],
      [valid, 9],
      [test_, 10],
    ]);
    expect(dataset.facts.notes).toEqual([]);
  });

  test('takes files of different forms, each by its extension', async () => {
    const train = await fileWith('text,label\ngood,1\nbad,0\n', 'train.csv');
    const valid = await fileWith('{"text": "fine", "label": 1}\n', 'valid.jsonl');
    const test_ = await fileWith(gzipSync('awful\t0\n'), 'test.tsv.gz');
    const dataset = await open({ train, valid, test: test_ });
    expect(dataset.labels).toEqual(['0', '1']);
    expect(await collect(dataset.train())).toEqual([
      { id: 'train:2', text: 'good', label: '1' },
      { id: 'train:3', text: 'bad', label: '0' },
    ]);
    expect(await collect(dataset.valid())).toEqual([{ id: 'valid:1', text: 'fine', label: '1' }]);
    expect(await collectTest(dataset)).toEqual([{ id: 'test:1', text: 'awful', label: '0' }]);
    // Size and checksum are those of the file as it lies.
    expect(dataset.facts.files[2]?.bytes).toBe((await stat(test_)).size);
  });

  test('takes the form and the columns that are named, for every file', async () => {
    const train = await fileWith('id;stars\tstars\treview\n1\t5\tgood\n2\t1\tbad\n', 'train.csv');
    const form = { format: 'tsv', textColumn: 'review', labelColumn: 'stars' } as const;
    const dataset = await open({ train, valid: train, ...form });
    expect(await collect(dataset.train())).toEqual([
      { id: 'train:2', text: 'good', label: '5' },
      { id: 'train:3', text: 'bad', label: '1' },
    ]);
    expect((await collect(dataset.valid())).map(({ text }) => text)).toEqual(['good', 'bad']);
  });

  test('refuses a file that is cut off, whatever becomes of malformed lines', async () => {
    const whole = gzipSync(lines(3000));
    const train = await fileWith(whole.subarray(0, whole.length - 100), 'train.tsv.gz');
    const opening = open({ train }, { onMalformed: 'skip' });
    await expectMalformed(opening, /train\.tsv\.gz: expected whole gzip data/, /damaged or cut off/);
  });

  test('reads a split anew each time', async () => {
    const dataset = await open({ train: await fileWith(lines(30)) });
    expect(await collect(dataset.train())).toEqual(await collect(dataset.train()));
    expect(dataset.test).toBeUndefined();
  });

  test('keeps the test split shut to anything but a selected model', async () => {
    const train = await fileWith(lines(30));
    const dataset = await open({ train, valid: train, test: train });
    const proof = { epoch: 1, validLoss: 0 } as never;
    expect(() => dataset.test?.open(proof)).toThrow(advError('USAGE', /SelectedModel/));
  });

  test('holds out a stratified tenth for validation by the split seed, and says so', async () => {
    const train = await fileWith(lines(300));
    const ids = async (seed: number, splitSeed?: number) => {
      const dataset = await open({ train }, { seed, splitSeed });
      const valid = await collect(dataset.valid());
      const rest = await collect(dataset.train());
      expect(valid.filter(({ label }) => label === 'neg')).toHaveLength(10);
      expect(valid).toHaveLength(30);
      expect(new Set([...valid, ...rest].map(({ id }) => id)).size).toBe(300);
      expect(dataset.facts.notes).toEqual([
        matching(/30 of the training examples, stratified over classes and drawn by split seed [12]$/),
      ]);
      return valid.map(({ id }) => id);
    };
    expect(await ids(2)).toEqual(await ids(1));
    expect(await ids(1, 2)).not.toEqual(await ids(1));
  });

  test('keeps copies together, which differ in case and white space only', async () => {
    const written = ['Text', ' TEXT ', 'text'] as const;
    const copied = Array.from(
      { length: 300 },
      (_, n) => `${written[n % 3]} ${n % 100}\t${n % 2 ? 'neg' : 'pos'}\n`,
    );
    const train = await fileWith(copied.join(''));
    const dataset = await open({ train });
    const same = ({ text }: { text: string }) => text.trim().toLowerCase().replace(/ +/, ' ');
    const valid = (await collect(dataset.valid())).map(same);
    const rest = (await collect(dataset.train())).map(same);
    expect(valid).toHaveLength(30);
    expect(new Set(valid).size).toBe(10);
    expect(rest).toHaveLength(270);
    expect(rest.filter((text) => valid.includes(text))).toEqual([]);
  });

  test('shows every example to a reader that trains nothing, also where none can be held out', async () => {
    const train = await fileWith('a\tpos\nA\tpos\nb\tneg\nb\tneg\n');
    const dataset = await open({ train }, { allowIncomplete: true });
    expect(await collect(dataset.train())).toHaveLength(4);
    expect(await collect(dataset.valid())).toEqual([]);
    expect(dataset.noneHeldOut).toMatch(/^no class has two different texts/);
  });

  test('draws a balanced limit from what is not held out', async () => {
    const dataset = await open({ train: await fileWith(lines(300)) }, { limit: 100 });
    const held = new Set((await collect(dataset.valid())).map(({ id }) => id));
    const train = await collect(dataset.train());
    expect(train.filter(({ label }) => label === 'neg')).toHaveLength(50);
    expect(train).toHaveLength(100);
    expect(train.some(({ id }) => held.has(id))).toBe(false);
  });

  test('refuses a limit above what exists, with the numbers', async () => {
    const train = await fileWith(lines(300));
    await expectRefused(open({ train }, { limit: 271 }), 'USAGE', /at most 270 .* got 271/, /--limit 270/);
    await expectRefused(open({ train }, { limit: 0 }), 'USAGE', /--limit: expected an integer from 1 /);
    await expectRefused(open({ train }, { limit: 1 }), 'USAGE', /at least 2/);
    await expectRefused(open({ train }, { seed: -1 }), 'USAGE', /--seed: expected an integer from 0 /);
    await expectRefused(
      open({ train }, { seed: undefined as unknown as number }),
      'USAGE',
      /--seed: .*, got /,
    );
  });

  test.each([
    ['an empty file', '', /got an empty file/],
    ['one class only', 'a\tpos\nb\tpos\nc\tpos\n', /at least two classes, got only 'pos'/],
    ['nothing to hold out', 'a\tpos\nb\tneg\n', /no class has two different texts/],
    ['nothing but copies to hold out', 'a\tpos\nA\tpos\nb\tneg\n', /no class has two different texts/],
    [
      'labels that are texts',
      Array.from({ length: 1001 }, (_, n) => `neg\ttext ${n}\n`).join(''),
      /at most 1000 classes, got more/,
    ],
  ])('refuses %s', async (_, content, message) => {
    await expectMalformed(open({ train: await fileWith(content) }), message);
  });

  test.each([
    [
      'a\tpos\nnothing\nb\tneg\n',
      /none can be held out for validation; 1 malformed line was left out, the first: .*:2: /,
    ],
    ['a\tpos\nb\tpos\nnothing\nneither\n', /only 'pos'; 2 malformed lines were left out, the first: .*:3: /],
  ])('says that lines are missing where %j leaves too few', async (content, message) => {
    await expectMalformed(open({ train: await fileWith(content) }, { onMalformed: 'skip' }), message);
  });

  test('finds a malformed line of any file before training', async () => {
    const train = await fileWith(lines(30));
    const other = await fileWith('fine\tpos\nnew\tneutral\n', 'other.tsv');
    const message = /other\.tsv:2: unknown label 'neutral', expected one of neg, pos/;
    await expectMalformed(open({ train, valid: other }), message);
    await expectMalformed(open({ train, test: other }), message);
  });

  test('leaves malformed lines out when asked to, and lists each once', async () => {
    const train = await fileWith(`broken\n${lines(30)}a\tb\tc\n`);
    const dataset = await open({ train }, { onMalformed: 'skip' });
    const examples = [...(await collect(dataset.train())), ...(await collect(dataset.valid()))];
    expect(examples).toHaveLength(30);
    expect(dataset.skipped).toEqual({
      count: 2,
      first: [matching(/data\.tsv:1: no tab/), matching(/data\.tsv:32: 2 tabs/)],
    });
  });

  test('says what was wrong first when no example is well-formed', async () => {
    const train = await fileWith('one\ntwo\n');
    const opening = open({ train }, { onMalformed: 'skip' });
    await expectMalformed(opening, /no example is well-formed; the first: .*data\.tsv:1: no tab/);
  });

  test('says which file is missing', async () => {
    const train = `${await temporaryFolder()}/none.tsv`;
    await expectRefused(open({ train }), 'DATA_MISSING', /none\.tsv/);
  });

  test('refuses a pipe, which cannot be read a second time, before it waits for its writer', async () => {
    const train = await fileWith(lines(30));
    const pipe = `${await temporaryFolder()}/pipe`;
    execFileSync('mkfifo', [pipe]);
    const refused = advError(
      'DATA_MISSING',
      /pipe: expected a regular file, because it is read more than once, got a pipe$/,
      /file first/,
    );
    for (const files of [{ train: pipe }, { train, valid: pipe }, { train, test: pipe }]) {
      await expect(open(files)).rejects.toEqual(refused);
    }
    const parquet = openLabelledFile(pipe, undefined, { format: 'parquet' });
    await expect(collect(parquet)).rejects.toEqual(refused);
  });

  test('stops when the signal has fired', async () => {
    const train = await fileWith(lines(30));
    await expectInterrupted(open({ train }, { signal: AbortSignal.abort() }));
  });
});

describe('what is likely wrong with own files', () => {
  const codes = async (train: string, others: { readonly valid?: string; readonly test?: string } = {}) => {
    const { facts, doubts } = await open({ train, ...others });
    expect(facts.warnings).toEqual(doubts?.map(({ code, message }) => ({ code, message })));
    return facts.warnings?.map(({ code }) => code);
  };
  const codesOf = async (content: string | Uint8Array, name?: string) => codes(await fileWith(content, name));
  const quoted = lines(60).replaceAll(/[^\t\n]+/g, '"$&"');
  const alike = lines(60).replaceAll('5\tpos', '5\tPos');

  test('nothing is told of files that are as they should be', async () => {
    const others = { valid: await fileWith('fine\tpos\n'), test: await fileWith('awful\tneg\n') };
    expect(await codesOf(lines(60))).toEqual([]);
    expect(await codes(await fileWith(lines(60)), others)).toEqual([]);
  });

  test('quotes are looked for in each TSV file, whatever its name, and in no other form', async () => {
    const csv = `text,label\n${quoted.replaceAll('\t', ',')}`;
    expect(await codesOf(quoted)).toEqual(['QUOTED_FIELDS']);
    expect(await codesOf(gzipSync(quoted), 'data.gz')).toEqual(['QUOTED_FIELDS']);
    expect(await codesOf(csv, 'data.csv')).toEqual([]);
    const test = await fileWith('"one of them"\tpos\n');
    const { facts } = await open({ train: await fileWith(lines(60)), test });
    expect(facts.warnings?.map(({ message }) => message)).toEqual([
      matching(new RegExp(`^${test}: every text is in quotes`)),
    ]);
  });

  test('labels that look alike are told of in every form', async () => {
    const records = alike
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    const csv = ['text,label', ...records.map((fields) => fields.join(','))].join('\n');
    const json = records.map(([text, label]) => JSON.stringify({ text, label })).join('\n');
    expect(await codesOf(alike)).toEqual(['SIMILAR_LABELS']);
    expect(await codesOf(csv, 'data.csv')).toEqual(['SIMILAR_LABELS']);
    expect(await codesOf(json, 'data.jsonl')).toEqual(['SIMILAR_LABELS']);
  });

  test('one content is told of under two names, in another form and in another order', async () => {
    const train = await fileWith(lines(60));
    const shuffled = lines(60).trimEnd().split('\n').reverse().join('\n');
    expect(await codes(train, { valid: await fileWith(lines(60), 'other.tsv') })).toEqual(['SAME_DATA']);
    const packed = await fileWith(gzipSync(lines(60)), 'x.tsv.gz');
    expect(await codes(train, { test: packed })).toEqual(['SAME_DATA']);
    expect(await codes(train, { test: await fileWith(shuffled) })).toEqual(['SAME_DATA']);
    expect(await codes(train, { valid: train, test: train })).toEqual(['SAME_DATA']);
  });

  test('numbers and texts in the place of labels are told of', async () => {
    const scores = Array.from({ length: 60 }, (_, row) => `text ${row}\t0.${100 + row}\n`).join('');
    const valid = await fileWith('x\t0.101\n');
    expect(await codes(await fileWith(scores), { valid })).toEqual(['SINGLE_EXAMPLE_CLASSES']);
    const opening = open({ train: await fileWith(scores) });
    await expectMalformed(opening, /none can be held out/, /60 classes in 60 examples: .* changed places/);
    const train = await fileWith(Array.from({ length: 9 }, (_, row) => `neg\ttext ${row}\n`).join(''));
    const swapped = open({ train, test: await fileWith('neg\tanother text\n', 'test.tsv') });
    await expectMalformed(
      swapped,
      /unknown label 'another text', .*\. There are 9 classes in 9 examples: .* changed places/,
    );
    expect(await codesOf(`${lines(60)}a\tnan\nb\tnan\n`)).toEqual(['MISSING_VALUE_LABELS']);
  });

  test('characters are read of a script without spaces, and words else', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => `这部电影的味道总的来说${row}次\t${row % 2}\n`);
    const dataset = await open({ train: await fileWith(rows.join('')) });
    expect(dataset.level).toBe('char');
    expect(dataset.unspaced).toEqual(['Han']);
    expect(dataset.facts.notes.join()).not.toMatch(/Han/);
    expect(withLevelNote(dataset, {}).facts.notes.slice(dataset.facts.notes.length)).toEqual([
      'most texts are in a script without spaces between words (Han): characters are read',
    ]);
    expect(withLevelNote(dataset, { tokenizer: ['words'] }).facts.notes.at(-1)).toMatch(
      /\(Han\): sizes, rates and the longest text are those for characters, unless --level says otherwise$/,
    );
    for (const level of ['char', 'word'] as const) expect(withLevelNote(dataset, { level })).toBe(dataset);
    expect(dataset.sample).toHaveLength(40);
    expect((await open({ train: await fileWith(lines(60)) })).level).toBe('word');
  });

  test('a label that only looks like one of the training data is refused with both', async () => {
    const train = await fileWith(lines(30));
    const test = await fileWith('awful\tneg\nfine\tPos\n');
    const said = /:2: unknown label 'Pos', expected one of neg, pos; 'pos' differs from it by case alone$/;
    await expectMalformed(open({ train, test }), said);
  });
});

describe('openLabelledFile', () => {
  test('checks labels against the model’s', async () => {
    const path = await fileWith('good\tpos\nodd\tneutral\n');
    await expectMalformed(collect(openLabelledFile(path, ['neg', 'pos'], {})), /:2: unknown label 'neutral'/);
    const skipping = openLabelledFile(path, ['neg', 'pos'], { onMalformed: 'skip' });
    expect(await collect(skipping)).toEqual([{ id: 'test:1', text: 'good', label: 'pos' }]);
    expect(skipping.skipped.count).toBe(1);
  });

  test('tells of quotes in what was read last', async () => {
    const file = openLabelledFile(await fileWith('"so good"\tpos\n"so bad"\tneg\n'), undefined, {});
    expect(file.warnings).toEqual([]);
    for (let pass = 0; pass < 2; pass++) {
      expect(await collect(file)).toHaveLength(2);
      expect(file.warnings).toMatchObject([
        { code: 'QUOTED_FIELDS', message: matching(/every text is in quotes/) },
      ]);
    }
    const plain = openLabelledFile(await fileWith('so good\tpos\n'), undefined, {});
    await collect(plain);
    expect(plain.warnings).toEqual([]);
  });

  test('reads a pipe', async () => {
    const pipe = `${await temporaryFolder()}/pipe`;
    execFileSync('mkfifo', [pipe]);
    const reading = collect(openLabelledFile(pipe, undefined, {}));
    await writeFile(pipe, 'good\tpos\n');
    expect(await reading).toEqual([{ id: 'test:1', text: 'good', label: 'pos' }]);
  });

  test('takes every label when there are none to check against', async () => {
    const path = await fileWith('good\tpos\nodd\tneutral\n');
    expect(await collect(openLabelledFile(path, undefined, {}))).toHaveLength(2);
  });
});
