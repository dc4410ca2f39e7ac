import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AdvError } from '../../base/errors.js';
import { unpack } from './archive/unpack.js';
import type { ArchiveSource, Corpus, CorpusFile, FileSource, Source } from '../corpus.js';
import { archiveName, sourcesOf } from '../sources.js';
import { download, type DownloadRequest } from './download/download.js';
import { onDisk, Unreachable } from './download/failure.js';
import { checksumMismatch } from './download/verify.js';
import type { FetchOptions } from '../types.js';
import type { Staging } from './staging.js';

/** Most bytes of a file or an archive whose size is not known: many times the largest official one. */
const mostBytes = 2 ** 30;

/** What a collection is told about the network and the caller. */
export interface CollectOptions extends Pick<FetchOptions, 'onProgress' | 'signal'> {
  /** How long to wait for servers; tests have less time. */
  readonly patience?:
    Pick<DownloadRequest, 'stallTimeout' | 'rateWindow' | 'retries' | 'firstPause'> | undefined;
}

/** An address that did not give what it should. */
export interface FailedAddress {
  readonly url: string;
  readonly reason: string;
}

/** Collects files of a corpus in a staging folder, from one source after another. */
export class Collector {
  /** The addresses that files came from. */
  readonly from: string[] = [];
  /** The addresses that failed. */
  readonly failures: FailedAddress[] = [];
  readonly #corpus: Corpus;
  readonly #staging: Staging;
  readonly #options: CollectOptions;
  readonly #sources: readonly Source[];
  /** Hosts that did not answer at all: nothing else is asked of them. */
  readonly #unreachable = new Set<string>();

  constructor(corpus: Corpus, staging: Staging, options: CollectOptions) {
    this.#corpus = corpus;
    this.#staging = staging;
    this.#options = options;
    this.#sources = sourcesOf(corpus);
  }

  /**
   * Collects files, until all are there or one has no further address.
   *
   * @returns whether all are there
   * @throws AdvError INTERRUPTED; StorageFailure
   */
  async collect(files: readonly CorpusFile[]): Promise<boolean> {
    for (const [place, source] of this.#sources.entries()) {
      const wanted = this.#staging.lacking(files);
      if (!this.#areOffered(wanted, place)) return false;
      if (source.kind === 'archive') await this.#fromArchive(source, wanted, place);
      else await this.#fromFiles(source, wanted, place);
    }
    return this.#staging.lacking(files).length === 0;
  }

  async #fromFiles({ urls }: FileSource, wanted: readonly CorpusFile[], place: number): Promise<void> {
    for (const { path, checksum, bytes = mostBytes } of wanted) {
      const url = urls[path];
      if (url === undefined) continue;
      const destination = this.#staging.incoming(place, path);
      const came = await this.#attempt(url, async () => {
        await this.#download({ url, destination, name: path, checksum, mostBytes: bytes });
        await this.#staging.accept(destination, path);
      });
      if (!came && !this.#areOffered([{ path }], place + 1)) return;
    }
  }

  async #fromArchive(source: ArchiveSource, lacking: readonly CorpusFile[], place: number): Promise<void> {
    const wanted = lacking.filter(({ path }) => path in source.members);
    if (wanted.length === 0) return;
    const { url } = source;
    const name = archiveName(url);
    const destination = this.#staging.incoming(place, name);
    await this.#attempt(url, async () => {
      const verify = (archive: string): Promise<string | undefined> => this.#unpack(archive, source, wanted);
      const checked = wanted.every(({ checksum }) => checksum !== undefined);
      await this.#download({ url, destination, name, verify, checked, mostBytes });
      await onDisk(destination, () => rm(destination));
    });
  }

  /** @returns what is wrong with the archive; undefined when its files have been collected */
  async #unpack(
    archive: string,
    { format, members }: ArchiveSource,
    wanted: readonly CorpusFile[],
  ): Promise<string | undefined> {
    const { signal } = this.#options;
    const folder = await this.#staging.emptyFolder();
    const problem = await unpack({
      archive,
      format,
      folder,
      signal,
      members: wanted.map(({ path, bytes = mostBytes }) => ({
        name: members[path] ?? path,
        path,
        mostBytes: bytes,
      })),
    });
    if (problem !== undefined) return `the archive cannot be used: ${problem}`;
    for (const { path, checksum } of wanted) {
      const mismatch = await checksumMismatch(join(folder, path), checksum, signal);
      if (mismatch !== undefined) return `${path} in the archive is not the official file: ${mismatch}`;
    }
    for (const { path } of wanted) await this.#staging.accept(join(folder, path), path);
    return undefined;
  }

  async #download(what: DownloadRequest): Promise<void> {
    const { patience, onProgress, signal } = this.#options;
    await download({ ...patience, ...what, name: `${this.#corpus.name}/${what.name}`, onProgress, signal });
  }

  /** Notes an address that fails, so that the next one gets its turn. */
  async #attempt(url: string, run: () => Promise<void>): Promise<boolean> {
    const { host } = new URL(url);
    if (this.#unreachable.has(host)) {
      this.failures.push({ url, reason: `not tried, because ${host} did not answer before` });
      return false;
    }
    try {
      await run();
      this.from.push(url);
      return true;
    } catch (error) {
      const failed = error instanceof AdvError && error.code === 'DOWNLOAD';
      if (!failed || this.#options.signal?.aborted) throw error;
      if (error.cause instanceof Unreachable) this.#unreachable.add(host);
      this.failures.push({ url, reason: error.cause instanceof Error ? error.cause.message : error.message });
      return false;
    }
  }

  /** Whether each of some files can be had from the sources beginning with this one. */
  #areOffered(files: readonly Pick<CorpusFile, 'path'>[], place: number): boolean {
    const left = this.#sources.slice(place);
    return files.every(({ path }) =>
      left.some((source) => path in (source.kind === 'archive' ? source.members : source.urls)),
    );
  }
}
