/** What the header of a frame says (RFC 8878, 3.1.1.1). */
export interface FrameHeader {
  /** Bytes that the header takes. */
  readonly bytes: number;
  /** Bytes of earlier content that a block may refer to. */
  readonly window: number;
  /** Bytes of content, where it is said. */
  readonly content: number | undefined;
  /** Whether a checksum follows the blocks. */
  readonly checksum: boolean;
  /** True when it cannot be decompressed without a dictionary. */
  readonly dictionary: boolean;
}

/** Bytes by which a frame, and one to skip, is known. */
export const magicBytes = 4;
const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
const skippableMask = 0xfffffff0;

/** True for bytes that begin a frame or a frame to skip. */
export function isZstd(start: Buffer): boolean {
  return start.length >= magicBytes && (isFrame(start) || isSkippable(start));
}

/** True for at least {@link magicBytes} bytes that begin a frame. */
export function isFrame(bytes: Buffer): boolean {
  return bytes.readUInt32LE(0) === frameMagic;
}

/** True for at least {@link magicBytes} bytes that begin a frame to skip. */
export function isSkippable(bytes: Buffer): boolean {
  return (bytes.readUInt32LE(0) & skippableMask) >>> 0 === skippableMagic;
}

/**
 * Reads the header of the frame that begins here.
 *
 * @returns undefined when some of it is not there yet
 */
export function readHeader(bytes: Buffer): FrameHeader | undefined {
  if (bytes.length <= magicBytes) return undefined;
  const descriptor = bytes.readUInt8(magicBytes);
  const single = (descriptor & 0x20) !== 0;
  const windowBytes = single ? 0 : 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const dictionaryAt = magicBytes + 1 + windowBytes;
  const contentAt = dictionaryAt + dictionaryBytes;
  const end = contentAt + contentBytes;
  if (bytes.length < end) return undefined;
  const content = contentOf(bytes, contentAt, contentBytes);
  return {
    bytes: end,
    window: single ? (content ?? 0) : windowOf(bytes.readUInt8(magicBytes + 1)),
    content,
    checksum: (descriptor & 4) !== 0,
    dictionary: bytes.subarray(dictionaryAt, contentAt).some((byte) => byte !== 0),
  };
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentOf(bytes: Buffer, at: number, count: number): number | undefined {
  switch (count) {
    case 0:
      return undefined;
    case 1:
      return bytes.readUInt8(at);
    case 2:
      return bytes.readUInt16LE(at) + 256;
    case 4:
      return bytes.readUInt32LE(at);
    default:
      return Number(bytes.readBigUInt64LE(at));
  }
}
