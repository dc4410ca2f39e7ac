import fc from 'fast-check';
import { readBytes } from '../../../src/files/bytes.js';
import { readRecords } from '../../../src/files/read.js';
import type { DataForm, FileRecord } from '../../../src/files/record.js';
import { collect, expectMalformed, fileWith, forAll } from '../support.js';

/** The records of a file with the given content. */
export async function recordsOf(
  content: string | Uint8Array,
  name: string,
  form: DataForm = {},
): Promise<FileRecord[]> {
  return collect(readRecords(await fileWith(content, name), form));
}

/** The content of a file, decompressed. */
export async function bytesOf(content: Uint8Array, name = 'data.tsv'): Promise<Buffer> {
  return Buffer.concat(await collect(readBytes(await fileWith(content, name))));
}

/** Expects that compressed data is found cut off wherever it is; `also` looks at what is left of it. */
export async function expectCutOff(
  kind: 'gzip' | 'zstd',
  whole: Buffer,
  also: (left: Buffer) => void = () => undefined,
): Promise<void> {
  const said = new RegExp(`data\\.tsv: expected whole ${kind} data, got: an end before the end`);
  const examples: [number][] = [[4], [whole.length - 1], [whole.length - 4], [whole.length - 8]];
  const lengths = fc.integer({ min: 4, max: whole.length - 1 });
  await forAll([lengths], { numRuns: 60, examples }).check(async (length) => {
    await expectMalformed(bytesOf(whole.subarray(0, length)), said);
    also(whole.subarray(0, length));
  });
}

/** What is wrong with a record, or the label of one that is well-formed. */
export function labelOrProblem(record: FileRecord): string {
  if ('empty' in record) return 'empty';
  return 'problem' in record ? record.problem : record.label;
}

/** A text and a label, for any form. */
export interface Pair {
  readonly text: string;
  readonly label: string;
}

/** The records that well-formed pairs come back as, numbered from `first`. */
export function asRecords(pairs: readonly Pair[], first = 1): FileRecord[] {
  return pairs.map((pair, place) => ({ number: first + place, ...pair }));
}

/** Characters that forms give a meaning to, and some that take up to four bytes. */
const unit = fc.constantFrom(...Array.from('ab ,;"\'\\{}[]:0žß語😀\u0001\u0085\u2028'));

/** Texts of one line without tabs. */
export const plainPairs = fc.array(fc.record({ text: fc.string({ unit }), label: fc.string({ unit }) }), {
  minLength: 1,
  maxLength: 30,
});

/** Texts with tabs and line breaks too. */
export const anyPairs = fc.array(
  fc.record({
    text: fc.string({ unit: fc.oneof(unit, fc.constantFrom('\t', '\n', '\r\n')) }),
    label: fc.string({ unit }),
  }),
  { minLength: 1, maxLength: 30 },
);

/** Bytes as a stream of small pieces. */
// eslint-disable-next-line @typescript-eslint/require-await -- data streams are asynchronous
export async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer, void, undefined> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
