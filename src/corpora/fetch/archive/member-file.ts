import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onDiskSync } from '../download/failure.js';
import { ArchiveFailure, shown } from './failure.js';
import type { Member } from './members.js';

/**
 * A file that comes out of an archive. It is written at once, not later: a parser of archives hands over a piece of some
 * kilobytes at a time, and goes on only after this one.
 */
export class MemberFile {
  readonly #member: Member;
  readonly #path: string;
  readonly #handle: number;
  #bytes = 0;
  #open = true;

  /**
   * Makes an empty file, which must not be there yet.
   *
   * @param folder what the member's path starts from
   * @throws StorageFailure when it cannot be made
   */
  constructor(folder: string, member: Member) {
    this.#member = member;
    this.#path = join(folder, member.path);
    this.#handle = onDiskSync(this.#path, () => {
      mkdirSync(dirname(this.#path), { recursive: true });
      return openSync(this.#path, 'wx');
    });
  }

  /** Bytes that have come so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Adds a piece.
   *
   * @throws ArchiveFailure when more comes than the member may have, StorageFailure when the disk is full
   */
  write(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    const { name, mostBytes } = this.#member;
    if (this.#bytes > mostBytes) {
      throw new ArchiveFailure(
        `its entry ${shown(name)} has more than the ${mostBytes} bytes that it may have`,
      );
    }
    onDiskSync(this.#path, () => {
      writeFileSync(this.#handle, chunk);
    });
  }

  /** Closes the file; a second call does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    onDiskSync(this.#path, () => {
      closeSync(this.#handle);
    });
  }
}
