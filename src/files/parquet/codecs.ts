import { snappyUncompress, type CompressionCodec } from 'hyparquet';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { hasZstd, unzstdWhole } from '../compression/zstd.js';
import { ParquetProblem } from './problem.js';

/**
 * Decompresses a page.
 *
 * @param size bytes that the page must have
 * @returns exactly that many bytes, which share their memory with nothing
 */
export type Codec = (compressed: Buffer, size: number) => Uint8Array;

/**
 * How many bytes a codec makes of one at most, where its format sets a bound: a larger page is refused before memory is
 * taken for it.
 */
const largestRatio: Readonly<Partial<Record<CompressionCodec, number>>> = {
  UNCOMPRESSED: 1,
  SNAPPY: 22,
  GZIP: 1033,
  LZ4: 256,
  LZ4_RAW: 256,
};
const overhead = 64;

/**
 * The decompressor of a codec, held to the size that is said of each page.
 *
 * @throws ParquetProblem for a codec that this package lacks
 */
export async function codecOf(name: CompressionCodec): Promise<Codec> {
  const decompress = await load(name);
  const ratio = largestRatio[name] ?? Infinity;
  return (compressed, size) => {
    if (size > compressed.length * ratio + overhead) {
      throw new ParquetProblem(`a page of ${size} bytes from ${compressed.length} in ${name}`);
    }
    const page = decompress(compressed, size);
    if (page.length !== size) throw new ParquetProblem(`a page of ${page.length} bytes, expected ${size}`);
    return page;
  };
}

async function load(name: CompressionCodec): Promise<Codec> {
  switch (name) {
    case 'UNCOMPRESSED':
      return (compressed) => Uint8Array.from(compressed);
    case 'SNAPPY':
      return (compressed, size) => {
        const page = new Uint8Array(size);
        snappyUncompress(compressed, page);
        return page;
      };
    case 'GZIP':
      return (compressed, size) => Uint8Array.from(gunzipSync(compressed, limited(size)));
    case 'BROTLI':
      return (compressed, size) => Uint8Array.from(brotliDecompressSync(compressed, limited(size)));
    case 'ZSTD':
      if (!hasZstd) throw lacksZstd();
      return (compressed, size) => Uint8Array.from(unzstdWhole(compressed, Math.max(size, 1)));
    case 'LZ4':
      return loadLz4();
    case 'LZ4_RAW':
      return (await import('hyparquet-compressors/src/lz4.js')).decompressLz4Raw;
    default:
      throw new ParquetProblem(`the codec ${name}, which cannot be read`);
  }
}

function limited(size: number): { maxOutputLength: number } {
  return { maxOutputLength: Math.max(size, 1) };
}

async function loadLz4(): Promise<Codec> {
  const { decompressLz4, decompressLz4Raw } = await import('hyparquet-compressors/src/lz4.js');
  return (compressed, size) => {
    const decompress = hasBlockLengths(compressed) ? decompressLz4 : decompressLz4Raw;
    return decompress(compressed, size);
  };
}

/**
 * Whether LZ4 data has the lengths of Hadoop before each of its blocks. The decompressor for both forms believes lengths below
 * zero, and then never ends.
 */
function hasBlockLengths(bytes: Buffer): boolean {
  let place = 0;
  while (place + 8 < bytes.length) {
    const packed = bytes.readUInt32BE(place + 4);
    if (packed === 0) return false;
    place += 8 + packed;
  }
  return place === bytes.length;
}

function lacksZstd(): ParquetProblem {
  return new ParquetProblem(
    `pages in ZSTD, which Node ${process.versions.node} cannot decompress`,
    'Use Node 22.15 or newer, or write the file with another codec, such as SNAPPY.',
  );
}
