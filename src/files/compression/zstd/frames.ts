import { BlockDecoder } from './blocks.js';
import { isFrame, isSkippable, magicBytes, readHeader, type FrameHeader } from './header.js';
import { ZstdProblem } from './problem.js';
import { Xxh64 } from './xxh64.js';

/** Largest window that is held in memory: what the zstd program takes unless it is told otherwise. */
const mostWindowBytes = 1 << 27;
const mostBlockBytes = 1 << 17;
const blockHeaderBytes = 3;
const checksumBytes = 4;
const skippableHeaderBytes = 8;

/** Decompresses zstd frames that come in pieces, one after another. */
export class ZstdFrames {
  /** What has come and not been taken. */
  #bytes: Buffer = Buffer.alloc(0);
  #frame: Frame | undefined;
  #toSkip = 0;

  /**
   * Content that more bytes make known, in pieces of at most 128 KiB.
   *
   * @throws ZstdProblem
   */
  *push(chunk: Buffer): Generator<Buffer, void, undefined> {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    for (let content = this.#next(); content !== undefined; content = this.#next()) yield* content;
  }

  /** @throws ZstdProblem when the bytes end within a frame */
  finish(): void {
    if (this.#frame === undefined && this.#bytes.length === 0 && this.#toSkip === 0) return;
    throw new ZstdProblem('an end before the end of the data');
  }

  /** Takes a header or a block and gives its content; undefined when more bytes are needed. */
  #next(): readonly Buffer[] | undefined {
    if (this.#toSkip > 0) return this.#skip();
    return this.#frame === undefined ? this.#begin() : this.#block(this.#frame);
  }

  #skip(): readonly Buffer[] | undefined {
    const { length } = this.#take(Math.min(this.#toSkip, this.#bytes.length));
    this.#toSkip -= length;
    return length === 0 ? undefined : [];
  }

  #begin(): readonly Buffer[] | undefined {
    if (this.#bytes.length < magicBytes) return undefined;
    if (isFrame(this.#bytes)) {
      const header = readHeader(this.#bytes);
      if (header === undefined) return undefined;
      this.#take(header.bytes);
      this.#frame = new Frame(header);
      return [];
    }
    if (!isSkippable(this.#bytes)) throw new ZstdProblem('something that is no frame');
    if (this.#bytes.length < skippableHeaderBytes) return undefined;
    this.#toSkip = this.#take(skippableHeaderBytes).readUInt32LE(magicBytes);
    return [];
  }

  #block(frame: Frame): readonly Buffer[] | undefined {
    const size = frame.sizeOfBlock(this.#bytes);
    if (size === undefined || size > this.#bytes.length) return undefined;
    const content = frame.decompress(this.#take(size));
    if (frame.ended) this.#frame = undefined;
    return content.length === 0 ? [] : [content];
  }

  #take(count: number): Buffer {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }
}

/** A frame whose header has been read. */
class Frame {
  readonly #header: FrameHeader;
  /** Of the content so far, where a checksum follows. */
  readonly #hash: Xxh64 | undefined;
  readonly #mostBlockBytes: number;
  readonly #decoder: BlockDecoder;
  #contentBytes = 0;
  #ended = false;

  constructor(header: FrameHeader) {
    const { window, dictionary, checksum } = header;
    if (dictionary) throw new ZstdProblem('a frame that needs a dictionary');
    if (window > mostWindowBytes) {
      throw new ZstdProblem(`a frame with a window of ${window} bytes, which is above ${mostWindowBytes}`);
    }
    this.#header = header;
    this.#hash = checksum ? new Xxh64() : undefined;
    this.#mostBlockBytes = Math.min(window, mostBlockBytes);
    this.#decoder = new BlockDecoder(window, this.#mostBlockBytes);
  }

  /** True behind the last block. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Bytes of the block that begins here, with its header, and with the checksum behind the last one. */
  sizeOfBlock(bytes: Buffer): number | undefined {
    if (bytes.length < blockHeaderBytes) return undefined;
    const { last, type, size } = blockHeader(bytes);
    if (type === 3 || size > this.#mostBlockBytes) throw new ZstdProblem('a block of a wrong type or size');
    const checksum = last && this.#header.checksum ? checksumBytes : 0;
    return blockHeaderBytes + (type === 1 ? 1 : size) + checksum;
  }

  /**
   * Content of a whole block.
   *
   * @throws ZstdProblem
   */
  decompress(block: Buffer): Buffer {
    const { last, type, size } = blockHeader(block);
    const checksum = last && this.#header.checksum ? checksumBytes : 0;
    const body = block.subarray(blockHeaderBytes, block.length - checksum);
    const content =
      type === 0
        ? this.#decoder.stored(body)
        : type === 1
          ? this.#decoder.repeated(body.readUInt8(0), size)
          : this.#decoder.compressed(body);
    this.#contentBytes += content.length;
    this.#hash?.update(content);
    this.#ended = last;
    if (last) this.#check(block);
    return content;
  }

  #check(lastBlock: Buffer): void {
    const { content = this.#contentBytes } = this.#header;
    if (content !== this.#contentBytes) {
      throw new ZstdProblem(`${this.#contentBytes} bytes of content where the header says ${content}`);
    }
    if (this.#hash === undefined) return;
    const written = lastBlock.readUInt32LE(lastBlock.length - checksumBytes);
    if (BigInt(written) !== BigInt.asUintN(32, this.#hash.digest())) {
      throw new ZstdProblem('content whose checksum differs');
    }
  }
}

/** Three bytes before each block (RFC 8878, 3.1.1.2): is it the last one, what is in it, and how much. */
function blockHeader(bytes: Buffer): {
  readonly last: boolean;
  readonly type: number;
  readonly size: number;
} {
  const header = bytes.readUIntLE(0, blockHeaderBytes);
  return { last: (header & 1) === 1, type: (header >> 1) & 3, size: header >> 3 };
}
