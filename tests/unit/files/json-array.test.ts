import fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { longestLineBytes } from '../../../src/files/lines.js';
import { readJsonArray } from '../../../src/files/json-array.js';
import { collect, expectMalformed, forAll, matching } from '../support.js';
import { anyPairs, asRecords, chunksOf, recordsOf } from './support.js';

const good = { text: 'fine', label: 'pos' };
const fine = JSON.stringify(good);

/** The bytes of buffers that are still in use. */
function memoryHeld(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

describe('a JSON array', () => {
  test('gives back any texts and labels, however it is written and however it comes', async () => {
    const [indents, sizes] = [fc.constantFrom(undefined, 1, '\t', '  '), fc.integer({ min: 1, max: 40 })];
    await forAll([anyPairs, fc.jsonValue(), indents, sizes]).check(async (pairs, more, indent, size) => {
      const objects = pairs.map((pair) => ({ more, ...pair, behind: [more] }));
      const written = JSON.stringify(objects, null, indent);
      expect(await recordsOf(written, 'data.json')).toEqual(asRecords(pairs));
      const chunks = chunksOf(Buffer.from(`\ufeff \n${written}\r\n`), size);
      expect(await collect(readJsonArray(chunks, 'data.json'))).toEqual(asRecords(pairs));
    });
  });

  test('is known by how it begins, whatever the name', async () => {
    for (const name of 'data.json data.jsonl data.csv data.tsv data.txt data data.json.gz'.split(' ')) {
      for (const written of [
        `[${fine}]`,
        `\ufeff\n [\n {\n"text": "fine",\r"label": "pos"}\n]\n`,
        `[\r{"text":"fine","label":"pos"}\r]`,
      ]) {
        const content = name.endsWith('.gz') ? gzipSync(written) : written;
        expect(await recordsOf(content, name)).toEqual([{ number: 1, ...good }]);
      }
    }
    expect(await recordsOf(`[${fine}]`, 'data.tsv', { format: 'json' })).toHaveLength(1);
    // Text and label have a tab between them, which JSON escapes.
    expect(await recordsOf('[{"a": 1}]\tpos\n', 'data.tsv')).toEqual([
      { number: 1, text: '[{"a": 1}]', label: 'pos' },
    ]);
    expect(await recordsOf('[sic] and so on\tpos\n', 'data.tsv')).toHaveLength(1);
  });

  test('is not what a user says who names another form', async () => {
    for (const format of ['jsonl', 'csv', 'tsv'] as const) {
      await expectMalformed(
        recordsOf(`[${fine}]`, 'data.json', { format }),
        new RegExp(`expected ${format} because of --format, got a JSON array of objects$`),
        /--format json\./,
      );
    }
  });

  test('finds named columns', async () => {
    const named = { textColumn: 'review', labelColumn: 'stars' };
    const records = await recordsOf('[{"review": "a", "stars": 5}]', 'data.json', named);
    expect(records).toEqual([{ number: 1, text: 'a', label: '5' }]);
  });

  test.each([
    ['{"text": "a", "label": "b"', /^no JSON, expected an object \(on line 3\)$/, false],
    ['{"text" "a", "label": "b"}', /^no JSON, expected an object \(on line 3\)$/, true],
    [`${fine} ${fine}`, /^no JSON/, true],
    ['', /^nothing between two commas, expected an object \(on line 4\)$/, true],
    ['[1, [2]]', /^JSON that is no object/, true],
    ['null', /^JSON that is no object/, true],
    ['"a, [{"', /^JSON that is no object/, true],
    ['}', /^no JSON/, true],
    ['{"label": "b"}', /^no column 'text', its columns are: label \(on line 3\)$/, true],
    [
      '{"text": "a", "label": 12345678901234567890}',
      /too large to be exact as a label.*\(on line 3\)$/,
      true,
    ],
    ['{"text": "a\0", "label": "b"}', /^a NUL character/, true],
    [
      `{"text": "${'a'.repeat(longestLineBytes)}", "label": "b"}`,
      /^longer than 1048576 bytes \(on line 3\)$/,
      true,
    ],
  ])('says what is wrong with an object and goes on: %#', async (object, problem, goesOn) => {
    const content = `[\n${fine},\n${object}\n, ${fine}]`;
    const records = collect(readJsonArray(chunksOf(Buffer.from(content), 1 << 16), 'data.json'));
    if (goesOn) {
      expect(await records).toEqual([
        { number: 1, ...good },
        { number: 2, problem: matching(problem) },
        { number: 3, ...good },
      ]);
    } else {
      await expectMalformed(
        records,
        /expected a whole JSON array, got an end of the file behind record 1, which begins on line 2$/,
        /a bracket is not closed in the next record/,
      );
    }
  });

  test('does not take bytes that are no UTF-8 for others', async () => {
    const content = Buffer.concat([
      Buffer.from('[{"text": "a'),
      Buffer.of(0xff),
      Buffer.from('", "label": "b"}]'),
    ]);
    expect(await recordsOf(content, 'data.json')).toEqual([
      { number: 1, problem: 'invalid UTF-8 at byte 12 of the record (on line 1)' },
    ]);
  });

  test.each([
    ['', /expected examples, got an empty file$/],
    ['[]', /expected examples, got an array without objects$/],
    [' [\n\t]\n', /got an array without objects$/],
    ['[', /expected a whole JSON array, got an end of the file$/],
    [`[${fine}`, /got an end of the file$/],
    [`[${fine},`, /got an end of the file behind record 1, which begins on line 1$/],
    [`[${fine}] ${fine}`, /expected nothing behind the JSON array, got something else behind record 1/],
    [`[${fine}],`, /expected nothing behind the JSON array/],
  ])('ends the reading when it is %j', async (content, message) => {
    await expectMalformed(recordsOf(content, 'data.json'), message, /array|Copy/);
  });

  test('has a last record that a comma ends too', async () => {
    expect(await recordsOf(`[${fine},]`, 'data.json')).toEqual([
      { number: 1, ...good },
      { number: 2, problem: 'nothing between two commas, expected an object (on line 1)' },
    ]);
  });

  test('is read in memory for one of its objects', async () => {
    const object = `${JSON.stringify({ text: 'a long text '.repeat(1000), label: 'pos' })},\n`;
    const piece = Buffer.from(object);
    const count = 6_000;
    // eslint-disable-next-line @typescript-eslint/require-await -- data streams are asynchronous
    const stream = async function* (): AsyncGenerator<Buffer, void, undefined> {
      yield Buffer.from('[');
      for (let place = 0; place < count; place++) yield piece;
      yield Buffer.from(`${fine}]`);
    };
    const held = memoryHeld();
    let most = 0;
    let records = 0;
    for await (const record of readJsonArray(stream(), 'data.json')) {
      records += 'text' in record ? 1 : 0;
      if (records % 500 === 0) most = Math.max(most, memoryHeld() - held);
    }
    expect(records).toBe(count + 1);
    expect(most).toBeLessThan(16 << 20);
  });
});

describe('a .json file of lines', () => {
  test('is read as JSON lines', async () => {
    expect(await recordsOf(`${fine}\n${fine}\n`, 'data.json')).toEqual(asRecords([good, good]));
    expect(await recordsOf(`${fine}\n${fine}\n`, 'data.json', { format: 'json' })).toHaveLength(2);
    expect(await recordsOf(`${fine}\n${fine}\n`, 'data')).toEqual(asRecords([good, good]));
  });

  test('says what a single object lacks', async () => {
    expect(await recordsOf('{"data": [{"text": "a"}]}', 'data.json')).toEqual([
      { number: 1, problem: "no column 'text', its columns are: data" },
    ]);
    const [first] = await recordsOf('{\n "data": []\n}', 'data.json');
    expect(first).toEqual({
      number: 1,
      problem: 'no JSON, expected a whole object in each line, or an array of objects',
    });
  });

  test('is not what a user says who names another form', async () => {
    const reading = recordsOf(`${fine}\n`, 'data.json', { format: 'csv' });
    await expectMalformed(reading, /expected csv because of --format, got JSON lines$/, /--format jsonl\./);
  });
});
