import { open, readFile, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { onDisk } from './failure.js';

/** A place to go on from. */
export interface ResumePoint {
  /** Bytes that are there. */
  readonly offset: number;
  /** The entity tag of the content that they begin. */
  readonly entityTag: string;
  /** Bytes of the whole content, where the server told. */
  readonly total: number | undefined;
}

/**
 * The unfinished download beside its destination: the bytes so far in `<file>.part`, and in `<file>.part.json` which
 * content they belong to. Without a strong entity tag there is no way to know, and the download starts again.
 */
export class PartFile {
  readonly path: string;
  readonly #originPath: string;

  constructor(destination: string) {
    this.path = `${destination}.part`;
    this.#originPath = `${this.path}.json`;
  }

  /** Where a download of this URL can go on; undefined when it must start from nothing. */
  async resumePoint(url: string): Promise<ResumePoint | undefined> {
    try {
      const origin: unknown = JSON.parse(await readFile(this.#originPath, 'utf8'));
      const { size } = await stat(this.path);
      if (!isOrigin(origin) || origin.url !== url || size === 0 || size > (origin.total ?? size))
        return undefined;
      return { offset: size, entityTag: origin.entityTag, total: origin.total };
    } catch {
      // No or damaged notes: starting again is always right.
      return undefined;
    }
  }

  /** Opens an empty file for content with this entity tag and this many bytes, where they are known. */
  async startAgain(url: string, entityTag: string | null, total: number | undefined): Promise<FileHandle> {
    await this.discard();
    return onDisk(this.path, async () => {
      const strong = entityTag !== null && !entityTag.startsWith('W/');
      if (strong) await writeFile(this.#originPath, JSON.stringify({ url, entityTag, total }));
      return open(this.path, 'w');
    });
  }

  /** Opens the file to write after what is there. */
  async goOn(): Promise<FileHandle> {
    return onDisk(this.path, () => open(this.path, 'a'));
  }

  /** Removes the bytes and the notes. */
  async discard(): Promise<void> {
    await onDisk(this.path, async () => {
      await rm(this.#originPath, { force: true });
      await rm(this.path, { force: true });
    });
  }

  /** Removes the notes, once the bytes have moved to their destination. */
  async forgetOrigin(): Promise<void> {
    await onDisk(this.#originPath, () => rm(this.#originPath, { force: true }));
  }
}

/** What may be sent back as a strong entity tag: anything else would fail in every attempt. */
const strongTag = /^(?!W\/)[\x21-\x7e\x80-\xff]+$/;

function isOrigin(value: unknown): value is { url: string; entityTag: string; total?: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'url' in value &&
    'entityTag' in value &&
    typeof value.entityTag === 'string' &&
    strongTag.test(value.entityTag) &&
    (!('total' in value) || Number.isSafeInteger(value.total))
  );
}
