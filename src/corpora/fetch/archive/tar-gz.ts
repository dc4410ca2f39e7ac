import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { ArchiveFailure } from './failure.js';
import { MemberFile } from './member-file.js';
import type { EntryKind, MemberList } from './members.js';
import { forEachPiece } from './pieces.js';
import { startOf } from './start.js';

/** Most bytes that a whole archive may unpack to: several times what the largest official one does. */
const mostUnpacked = 2 ** 29;

/** Longest record for a long name; no path needs more. */
const mostMetaBytes = 2 ** 16;

const kinds: Readonly<Record<string, EntryKind>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'folder',
  SymbolicLink: 'symbolic link',
  Link: 'hard link',
  CharacterDevice: 'device',
  BlockDevice: 'device',
  FIFO: 'device',
};

/**
 * Unpacks the wanted files of a tar.gz archive in one pass. A server that names gzip as the encoding of what it sends
 * has it undone on the way: the same archive without its compression is taken as well.
 *
 * @throws ArchiveFailure, StorageFailure, and an error of another kind for a damaged archive or a signal
 */
export async function unpackTarGz(
  archive: string,
  members: MemberList,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const compressed = await isCompressed(archive);
  const reader = new TarReader(members, folder);
  const unpacker = compressed ? createGunzip({ chunkSize: 2 ** 16 }) : undefined;
  try {
    await forEachPiece({ source: createReadStream(archive), unpacker, signal }, (piece) => {
      reader.write(piece);
    });
    reader.end();
  } finally {
    reader.close();
  }
}

async function isCompressed(archive: string): Promise<boolean> {
  const start = await startOf(archive, 512);
  if (isGzip(start)) return true;
  if (start.toString('latin1', 257, 262) === 'ustar') return false;
  throw ArchiveFailure.otherKind('tar.gz', start);
}

function isGzip(start: Buffer): boolean {
  return start.readUInt16BE(0) === 0x1f8b;
}

/** Feeds a tar parser, whose events all come before its write() returns. */
class TarReader {
  readonly #members: MemberList;
  readonly #folder: string;
  readonly #parser: Parser;
  #file: MemberFile | undefined;
  /** The first bytes, until there are enough to tell what they begin. */
  #start: Buffer | undefined = Buffer.alloc(0);
  #unpacked = 0;
  #ended = false;

  constructor(members: MemberList, folder: string) {
    this.#members = members;
    this.#folder = folder;
    this.#parser = new Parser({ strict: true, zstd: false, maxMetaEntrySize: mostMetaBytes });
    this.#parser.on('entry', (entry: ReadEntry) => {
      this.#take(entry);
    });
    this.#parser.on('ignoredEntry', ({ path, type }: ReadEntry) => {
      this.#members.accept(path, kinds[type] ?? 'thing of an unknown kind');
    });
    this.#parser.on('eof', () => {
      this.#ended = true;
    });
  }

  write(chunk: Buffer): void {
    this.#unpacked += chunk.length;
    if (this.#unpacked > mostUnpacked) {
      throw new ArchiveFailure(`it unpacks to more than ${mostUnpacked} bytes`);
    }
    // What follows the end of an archive is filling, which the parser would collect.
    if (this.#ended) return;
    if (this.#start === undefined) {
      this.#parser.write(chunk);
      return;
    }
    this.#start = Buffer.concat([this.#start, chunk]);
    if (this.#start.length < 2) return;
    // The parser would unpack this in its turn, in its own time and without a limit.
    if (isGzip(this.#start)) throw new ArchiveFailure('it is compressed twice');
    this.#parser.write(this.#start);
    this.#start = undefined;
  }

  end(): void {
    this.#parser.end();
  }

  /** Closes the file that an error has left open. */
  close(): void {
    this.#file?.close();
  }

  #take(entry: ReadEntry): void {
    const member = this.#members.accept(entry.path, kinds[entry.type] ?? 'thing of an unknown kind');
    if (member === undefined) {
      entry.resume();
      return;
    }
    const file = new MemberFile(this.#folder, member);
    this.#file = file;
    entry.on('data', (chunk: Buffer) => {
      file.write(chunk);
    });
    entry.on('end', () => {
      file.close();
    });
  }
}
