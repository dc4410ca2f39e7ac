import { AdvError } from '../base/errors.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import { unpackers, type Compression } from './compression/unpackers.js';
import { withStart } from './start.js';

/** A kind of file that is no text, known by how it begins. */
interface Signature {
  /** To follow "got": "a zip archive". */
  readonly name: string;
  readonly matches: (start: Buffer) => boolean;
  /** What to do with a file of this kind; what comes of it has the name `output`, or lies there. */
  readonly advice: (file: string, output: string) => string;
  /** True where the tool of the advice takes off a compression around it, too. */
  readonly unpacksBoth?: boolean;
}

/** Bytes that are enough to tell: the mark of a tar archive comes last. */
const signatureBytes = 512;

const begins =
  (...starts: readonly (string | readonly number[])[]) =>
  (start: Buffer): boolean =>
    starts.some((bytes) => {
      const wanted = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes);
      return start.subarray(0, wanted.length).equals(wanted);
    });

const decompress = (tool: string) => (file: string, output: string) =>
  `Decompress it first: ${tool} < ${file} > ${output}`;
const unpack = (tool: string) => (file: string) => `Unpack it first: ${tool} ${file}`;
const convert = (encoding: string) => (file: string, output: string) =>
  `Convert it first: iconv -f ${encoding} -t UTF-8 ${file} > ${output}`;
// A folder of its own, as the sheet gets the name of the workbook, which may end with .csv.
const saveSheet = (file: string, output: string): string =>
  `Save its sheet as "CSV UTF-8" in Excel or LibreOffice, or: libreoffice --headless --convert-to csv --outdir ${output} ${file}`;

const isZip = begins('PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08');
/** Whether the first member of a zip lies where an Office document has its parts. */
const isOfficeDocument = (start: Buffer): boolean =>
  isZip(start) && /^(\[Content_Types\]\.xml|_rels\/|docProps\/|xl\/)/.test(firstMember(start));
const isOpenDocumentSheet = (start: Buffer): boolean =>
  isZip(start) && firstMember(start).startsWith('mimetypeapplication/vnd.oasis.opendocument.spreadsheet');

/** A zip's first member: its name, and what follows it. */
function firstMember(start: Buffer): string {
  return start.toString('latin1', 30);
}

/** Places of NUL where UTF-16 has one for each character of Latin letters, from 0. */
const utf16WithoutMark = (place: 0 | 1) => (start: Buffer) => {
  const zeros = [0, 0];
  start.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  const [there = 0, elsewhere = 0] = place === 0 ? zeros : zeros.reverse();
  return elsewhere === 0 && there > 1 && there >= start.length / 4;
};

/** Whether a file that begins so is Parquet: behind these letters stands a byte that no text has. */
export function isParquet(start: Buffer): boolean {
  // eslint-disable-next-line no-control-regex -- that is what tells it from a text
  return /^PAR1[\x00-\x08\x0e-\x1f]/.test(start.toString('latin1', 0, 5));
}

const mark = (bytes: string): string => `(it begins with the bytes ${bytes})`;

/** In the order in which they are looked for. */
const signatures: readonly Signature[] = [
  { name: `UTF-32 ${mark('FF FE 00 00')}`, matches: begins([0xff, 0xfe, 0, 0]), advice: convert('UTF-32') },
  { name: `UTF-16 ${mark('FF FE')}`, matches: begins([0xff, 0xfe]), advice: convert('UTF-16') },
  { name: `UTF-16 ${mark('FE FF')}`, matches: begins([0xfe, 0xff]), advice: convert('UTF-16') },
  {
    name: 'UTF-16 (every second byte is 0)',
    matches: utf16WithoutMark(1),
    advice: convert('UTF-16LE'),
  },
  {
    name: 'UTF-16 (every second byte is 0)',
    matches: utf16WithoutMark(0),
    advice: convert('UTF-16BE'),
  },
  {
    name: 'bzip2 data',
    // The digit between is the size of its blocks; then comes a block, or the end of a file of none.
    matches: (start) =>
      begins('BZh')(start) && ['1AY&SY', '\x17rE8P\x90'].includes(start.toString('latin1', 4, 10)),
    advice: decompress('bunzip2'),
  },
  { name: 'xz data', matches: begins([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), advice: decompress('xz -dc') },
  { name: 'lzip data', matches: begins('LZIP\x01'), advice: decompress('lzip -dc') },
  { name: 'lz4 data', matches: begins([0x04, 0x22, 0x4d, 0x18]), advice: decompress('lz4 -dc') },
  { name: 'data of compress', matches: begins([0x1f, 0x9d]), advice: decompress('gunzip') },
  { name: 'gzip data', matches: begins([0x1f, 0x8b]), advice: decompress('gunzip') },
  { name: 'zstd data', matches: begins([0x28, 0xb5, 0x2f, 0xfd]), advice: decompress('zstd -dc') },
  { name: 'an Excel workbook, or another Office document', matches: isOfficeDocument, advice: saveSheet },
  { name: 'an OpenDocument spreadsheet', matches: isOpenDocumentSheet, advice: saveSheet },
  {
    name: 'an old Excel workbook, or another Office document',
    matches: begins([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    advice: saveSheet,
  },
  { name: 'a zip archive', matches: isZip, advice: unpack('unzip') },
  { name: 'a 7z archive', matches: begins([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), advice: unpack('7z x') },
  { name: 'a rar archive', matches: begins('Rar!\x1a\x07'), advice: unpack('unrar x') },
  {
    name: 'a tar archive',
    matches: (start) => start.toString('latin1', 257, 262) === 'ustar',
    // A member may have the name of the archive itself.
    advice: unpack('tar -xkf'),
    unpacksBoth: true,
  },
  {
    name: 'Parquet',
    matches: isParquet,
    advice: () =>
      'Labelled texts are read from a Parquet file that lies on a disk, neither through a pipe nor compressed once more as a whole.',
  },
  {
    name: 'an Arrow file',
    matches: begins('ARROW1\0'),
    advice: () => 'Write its table as Parquet, CSV or JSON lines first.',
  },
  {
    name: 'an SQLite database',
    matches: begins('SQLite format 3\0'),
    advice: (file, output) =>
      `Write its table first: sqlite3 -header -csv ${file} 'select … from …' > ${output}.csv`,
  },
  {
    name: 'a PDF document',
    matches: begins('%PDF-1', '%PDF-2'),
    advice: () => 'Write its text as lines first.',
  },
];

/** What a file is that begins so, to follow "got"; undefined for text, and for what has no name here. */
export function nameOfContent(start: Buffer): string | undefined {
  return signatures.find(({ matches }) => matches(start))?.name;
}

/**
 * The same bytes, unless they begin as a file that is no text: each line would be wrong, and none would say why.
 *
 * @param file its name, for messages
 * @param compression what has been taken off them
 * @throws AdvError, while iterating, DATA_MALFORMED that names what the file is and says what to do; and what `bytes` throws
 */
export function requireText(
  bytes: AsyncGenerator<Buffer, void, undefined>,
  file: string,
  compression: Compression | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  return withStart(bytes, signatureBytes, (start) => {
    const found = signatureOf(start);
    if (found !== undefined) throw noText(found, { name: file, path: shellQuoted(file) }, compression);
    return start;
  });
}

/**
 * The error that names what a stream without a path is, and says what to do; undefined for text, and for what has no name here.
 *
 * @param start what has come of it, from its first byte
 * @param source what it is, for messages: "standard input"
 */
export function errorOfStream(start: Buffer, source: string): AdvError | undefined {
  const found = signatureOf(start);
  return found && noText(found, { name: source, path: 'FILE' }, undefined);
}

function signatureOf(start: Buffer): Signature | undefined {
  return signatures.find(({ matches }) => matches(start.subarray(0, signatureBytes)));
}

/** @param source its name in the message and its path, quoted, in what to do */
function noText(
  found: Signature,
  { name: file, path }: { readonly name: string; readonly path: string },
  compression: Compression | undefined,
): AdvError {
  const { name, advice, unpacksBoth = false } = found;
  const expected = name.startsWith('UTF') ? 'UTF-8' : 'text';
  if (compression === undefined)
    return new AdvError('DATA_MALFORMED', `${file}: expected ${expected}, got ${name}`, advice(path, 'NEW'));
  return new AdvError(
    'DATA_MALFORMED',
    `${file}: expected ${expected} inside ${compression}, got ${name}`,
    unpacksBoth
      ? advice(path, 'NEW')
      : `Take ${compression} off first: ${unpackers[compression]} < ${path} > NEW\nThen, of NEW: ${advice('NEW', 'NEWER')}`,
  );
}
