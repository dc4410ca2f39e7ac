/** Why zstd data cannot be decompressed, to follow "got". */
export class ZstdProblem extends Error {}

/** A part of a frame. */
export interface FramePart {
  readonly bytes: Buffer;
  /** Whether the frame ends with it. */
  readonly ends: boolean;
  /** Bytes that the frame must become, where its header says it. */
  readonly content: number | undefined;
}

const magicBytes = 4;
const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
const skippableHeaderBytes = 8;
const blockHeaderBytes = 3;
const checksumBytes = 4;
const repeatedByteBlock = 1;

/** True for bytes that begin a frame or a frame to skip. */
export function isZstd(start: Buffer): boolean {
  return start.length >= magicBytes && (isFrame(start, 0) || isSkippable(start, 0));
}

/**
 * Tells where the frames of zstd data begin and end (RFC 8878, 3.1), as the data comes. Only headers are read: what is in
 * the blocks is left to zlib. That reads the first frame alone before Node 26, and takes one that is cut off for a whole one
 * on Node 22 (github.com/nodejs/node, issues 64592 and 64741); and nowhere does it look at the size of the content where the
 * last block is empty.
 */
export class ZstdFrames {
  /** What has come of a header that is not there as a whole. */
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes ahead of it that have not come. */
  #ahead = 0;
  /** What ends there. */
  #within: 'no frame' | 'frame' | 'last block' = 'no frame';
  /** Bytes of the checksum behind the frame's last block. */
  #checksum = 0;
  #content: number | undefined;

  /**
   * The parts of frames that lie in a chunk, less frames to skip.
   *
   * @throws ZstdProblem where no frame begins behind the end of another
   */
  *push(chunk: Buffer): Generator<FramePart, void, undefined> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    let end = this.#ahead;
    while (end <= bytes.length) {
      if (this.#within === 'last block') {
        yield { bytes: bytes.subarray(start, end), ends: true, content: this.#content };
        this.#within = 'no frame';
      }
      if (this.#within === 'no frame') start = end;
      const size = this.#within === 'frame' ? this.#enterBlock(bytes, end) : this.#enterFrame(bytes, end);
      if (size === undefined) break;
      end += size;
    }
    const known = Math.min(end, bytes.length);
    if (this.#within !== 'no frame' && known > start) {
      yield { bytes: bytes.subarray(start, known), ends: false, content: this.#content };
    }
    this.#rest = bytes.subarray(known);
    this.#ahead = end - known;
  }

  /** @throws ZstdProblem when the data ends within a frame */
  finish(): void {
    if (this.#within === 'no frame' && this.#rest.length === 0 && this.#ahead === 0) return;
    throw new ZstdProblem('an end before the end of the data');
  }

  /** Bytes of the frame's header, or of a whole frame to skip; undefined when some that tell it have not come. */
  #enterFrame(bytes: Buffer, at: number): number | undefined {
    if (bytes.length < at + magicBytes) return undefined;
    if (isSkippable(bytes, at)) {
      if (bytes.length < at + skippableHeaderBytes) return undefined;
      return skippableHeaderBytes + bytes.readUInt32LE(at + magicBytes);
    }
    if (!isFrame(bytes, at)) throw new ZstdProblem('something that is no frame');
    if (bytes.length === at + magicBytes) return undefined;
    const descriptor = bytes.readUInt8(at + magicBytes);
    const isSingle = (descriptor & 0x20) !== 0;
    const windowBytes = isSingle ? 0 : 1;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
    const contentBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    const contentAt = magicBytes + 1 + windowBytes + dictionaryBytes;
    if (bytes.length < at + contentAt + contentBytes) return undefined;
    this.#within = 'frame';
    this.#checksum = (descriptor & 4) === 0 ? 0 : checksumBytes;
    this.#content = contentOf(bytes, at + contentAt, contentBytes);
    return contentAt + contentBytes;
  }

  /** Bytes of the block with its header, and of the checksum behind the last one; undefined when the header has not come. */
  #enterBlock(bytes: Buffer, at: number): number | undefined {
    if (bytes.length < at + blockHeaderBytes) return undefined;
    const header = bytes.readUIntLE(at, blockHeaderBytes);
    const isLast = (header & 1) === 1;
    if (isLast) this.#within = 'last block';
    const size = ((header >> 1) & 3) === repeatedByteBlock ? 1 : header >> 3;
    return blockHeaderBytes + size + (isLast ? this.#checksum : 0);
  }
}

function isFrame(bytes: Buffer, at: number): boolean {
  return bytes.readUInt32LE(at) === frameMagic;
}

/** The last digit of a frame to skip is free. */
function isSkippable(bytes: Buffer, at: number): boolean {
  return bytes.readUInt32LE(at) >>> 4 === skippableMagic >>> 4;
}

function contentOf(bytes: Buffer, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (count === 8) return Number(bytes.readBigUInt64LE(at));
  // One byte would say most sizes that two could.
  return bytes.readUIntLE(at, count) + (count === 2 ? 256 : 0);
}
