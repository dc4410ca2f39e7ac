import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { ArchiveFailure, shown } from './failure.js';
import { MemberFile } from './member-file.js';
import type { Member, MemberList } from './members.js';
import { forEachPiece } from './pieces.js';
import { startOf } from './start.js';
import { kindOf, nameOf, openZipDirectory } from './zip-directory.js';

/**
 * Unpacks the wanted files of a zip archive, by its directory.
 *
 * @throws ArchiveFailure, StorageFailure, and an error of another kind for a damaged archive or a signal
 */
export async function unpackZip(
  archive: string,
  members: MemberList,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const start = await startOf(archive, 512);
  if (start.toString('latin1', 0, 2) !== 'PK') throw ArchiveFailure.otherKind('zip', start);
  const file = await open(archive, 'r');
  try {
    const { size } = await file.stat();
    const zip = await openZipDirectory(file, size);
    for await (const entry of zip.eachEntry()) {
      signal?.throwIfAborted();
      const name = nameOf(entry);
      const member = members.accept(name, kindOf(name, entry));
      if (member !== undefined) await unpackEntry({ zip, archive, entry, member, folder, signal });
    }
  } finally {
    await file.close();
  }
}

interface EntryUnpacking {
  readonly zip: ZipFile;
  readonly archive: string;
  readonly entry: Entry;
  readonly member: Member;
  readonly folder: string;
  readonly signal: AbortSignal | undefined;
}

async function unpackEntry({ zip, archive, entry, member, folder, signal }: EntryUnpacking): Promise<void> {
  const { uncompressedSize, compressedSize } = entry;
  requireReadable(entry, member);
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const unpacked = new MemberFile(folder, { ...member, mostBytes: uncompressedSize });
  let checksum = 0;
  try {
    if (compressedSize > 0) {
      const end = fileDataStart + compressedSize - 1;
      const source = createReadStream(archive, { start: fileDataStart, end });
      const unpacker = entry.compressionMethod === 0 ? undefined : createInflateRaw();
      await forEachPiece({ source, unpacker, signal }, (piece) => {
        checksum = crc32(piece, checksum);
        unpacked.write(piece);
      });
    }
  } finally {
    unpacked.close();
  }
  if (unpacked.bytes !== uncompressedSize || checksum !== entry.crc32) {
    throw new ArchiveFailure(
      `its entry ${shown(member.name)} is damaged: expected ${uncompressedSize} bytes with CRC-32 ` +
        `${hexadecimal(entry.crc32)}, got ${unpacked.bytes} with ${hexadecimal(checksum)}`,
    );
  }
}

function requireReadable(entry: Entry, { name, mostBytes }: Member): void {
  const { uncompressedSize, compressionMethod } = entry;
  if (uncompressedSize > mostBytes) {
    throw new ArchiveFailure(
      `its entry ${shown(name)} has ${uncompressedSize} bytes, more than the ${mostBytes} bytes that it may have`,
    );
  }
  if (entry.isEncrypted()) throw new ArchiveFailure(`its entry ${shown(name)} is encrypted`);
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw new ArchiveFailure(
      `its entry ${shown(name)} has compression method ${compressionMethod}, expected 0 (none) or 8 (deflate)`,
    );
  }
}

function hexadecimal(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
