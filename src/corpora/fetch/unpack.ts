import { open, readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { list } from 'tar';
import { fromBufferPromise, type Entry } from 'yauzl';
import type { ArchiveSource } from '../corpus.js';
import { DownloadFailure } from './failure.js';

/** A file that is wanted from an archive. */
export interface Member {
  /** Its name in the archive; a folder around all of the archive is no part of it. */
  readonly name: string;
  /** Its path below the corpus's folder. */
  readonly path: string;
  /** Most bytes that it may have. */
  readonly mostBytes: number;
}

/**
 * Reads the wanted files of an archive into memory. Nothing else of it is used, and nothing is written: what it says of paths
 * and links leads nowhere.
 *
 * @param archive its path
 * @returns the content of each file by its path below the corpus's folder
 * @throws DownloadFailure that says what is wrong with the archive
 */
export async function unpack(
  archive: string,
  format: ArchiveSource['format'],
  members: readonly Member[],
): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Found(members);
  try {
    await (format === 'zip' ? readZip : readTarGz)(archive, found);
    found.requireAll();
    return found.contents;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const start = await startOf(archive);
    const page = start.startsWith(beginnings[format]) ? '' : `; it begins with ${JSON.stringify(start)}`;
    throw new DownloadFailure(`the archive cannot be used: ${reason}${page}`, true, { cause: error });
  }
}

/** How the archives of each format begin. */
const beginnings = { 'tar.gz': '\u001f\u008b', zip: 'PK' } as const;

/** The wanted files that have been met. */
class Found {
  readonly contents = new Map<string, Buffer>();
  readonly #members: readonly Member[];
  readonly #met = new Set<Member>();

  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /**
   * Looks at a file of the archive.
   *
   * @returns the member that it is; undefined when it is not wanted
   * @throws Error where it is the second of its name, or too large
   */
  meet(entry: string, bytes: number): Member | undefined {
    const inside = `/${entry}`.replaceAll(/\/(\.?\/)+/g, '/');
    const member = this.#members.find(({ name }) => inside.endsWith(`/${name}`));
    if (member === undefined) return undefined;
    const { name, mostBytes } = member;
    if (this.#met.has(member)) throw new Error(`it has more than one entry for ${name}`);
    if (bytes > mostBytes) throw new Error(`${name} has ${bytes} bytes, expected at most ${mostBytes}`);
    this.#met.add(member);
    return member;
  }

  /** @throws Error when a wanted file has not been met */
  requireAll(): void {
    const missing = this.#members.filter((member) => !this.#met.has(member)).map(({ name }) => name);
    if (missing.length > 0) throw new Error(`it lacks ${missing.join(', ')}`);
  }
}

/** Most times its own size that an archive may unpack to: ten times what official ones do. */
const mostUnpacked = 200;

async function readTarGz(archive: string, found: Found): Promise<void> {
  const failures: unknown[] = [];
  await list({
    file: archive,
    strict: true,
    maxDecompressionRatio: mostUnpacked,
    // What unpacks to a lot comes in small portions.
    maxReadSize: 2 ** 16,
    filter: (_path, entry) => 'type' in entry && ['File', 'OldFile', 'ContiguousFile'].includes(entry.type),
    onReadEntry: (entry) => {
      try {
        const member = found.meet(entry.path, entry.size);
        if (member === undefined) return;
        const pieces: Buffer[] = [];
        entry.on('data', (piece: Buffer) => pieces.push(piece));
        entry.on('end', () => found.contents.set(member.path, Buffer.concat(pieces)));
      } catch (error) {
        // Thrown here it would end the process.
        failures.push(error);
      }
    },
  });
  for (const failure of failures) throw failure;
}

async function readZip(archive: string, found: Found): Promise<void> {
  // From memory: for positions that no file has, yauzl's reader of files ends the process.
  const zip = await fromBufferPromise(await readFile(archive));
  for await (const entry of zip.eachEntry()) {
    if (isLink(entry)) continue;
    const member = found.meet(entry.fileName, entry.uncompressedSize);
    if (member === undefined) continue;
    const content = await buffer(await zip.openReadStreamPromise(entry));
    if (crc32(content) !== entry.crc32) throw new Error(`${member.name} is damaged: its CRC-32 is another`);
    found.contents.set(member.path, content);
  }
}

/** By the type in its Unix mode, which archives from elsewhere leave at 0. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return externalFileAttributes >>> 28 === 0o12;
}

/** The beginning of what came, which may be a page that says why. */
async function startOf(path: string): Promise<string> {
  const file = await open(path);
  const { buffer: start, bytesRead } = await file
    .read(Buffer.alloc(24), 0, 24, 0)
    .finally(() => file.close());
  return start.toString('latin1', 0, bytesRead);
}
