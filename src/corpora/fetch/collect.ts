import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../base/storage/make-folders.js';
import { archiveName, sourcesOf } from '../sources.js';
import type { Corpus, CorpusFile, Source } from '../corpus.js';
import type { FetchedDataset, FetchOptions } from '../types.js';
import { requireAddressSpace } from './address-space.js';
import type { Patience } from './download.js';
import { DownloadFailure, Misfit, onDisk } from './failure.js';
import { pathsBelow, stagingOf, type Staging } from './publish.js';
import { unpack } from './unpack.js';

/** Most bytes of a file or an archive whose size is not known: several times the largest official one. */
const mostBytes = 2 ** 28;

/** What a collection is told about the network and the caller. */
export interface CollectOptions extends Pick<FetchOptions, 'onProgress' | 'signal'> {
  readonly patience?: Patience | undefined;
}

/** How a collection went. */
export interface Collection extends Pick<FetchedDataset, 'from' | 'failures'> {
  /** Whether all files are there. */
  readonly complete: boolean;
}

/** Files by their paths below the corpus's folder. */
type Contents = ReadonlyMap<string, Buffer>;

/** An address that has wanted files. */
interface Offer {
  readonly url: string;
  /** What the download is called, in messages and on the disk. */
  readonly name: string;
  readonly mostBytes: number;
  readonly files: readonly CorpusFile[];
  /** Gets the files out of what was downloaded. */
  readonly open: (path: string) => Promise<Contents>;
}

/**
 * Collects files of a corpus beside its folder, from one source after another. What an earlier call has collected or begun to
 * download is used.
 *
 * @param folder the corpus's own folder
 * @throws AdvError STORAGE, USAGE when the environment names an impossible mirror, and the signal's error
 */
export async function collect(
  corpus: Corpus,
  folder: string,
  files: readonly CorpusFile[],
  options: CollectOptions,
): Promise<Collection> {
  const sources = sourcesOf(corpus);
  const staging = stagingOf(folder);
  let lacking = await stillLacking(staging, files);
  const from: string[] = [];
  const failures: FetchedDataset['failures'][number][] = [];
  for (const source of sources) {
    for (const offer of offersOf(source, lacking)) {
      try {
        await take(corpus, offer, staging, options);
        from.push(offer.url);
        lacking = lacking.filter((file) => !offer.files.includes(file));
      } catch (error) {
        if (!(error instanceof DownloadFailure)) throw error;
        failures.push({ url: offer.url, reason: error.message });
        if (!error.answered) break;
      }
    }
  }
  return { complete: lacking.length === 0, from, failures };
}

/**
 * The files that no earlier call has collected. Of what one has, only official files of these stay: nobody can tell where one
 * without a known checksum came from, or whether it is whole.
 */
async function stillLacking({ collected }: Staging, files: readonly CorpusFile[]): Promise<CorpusFile[]> {
  const right = new Set<CorpusFile>();
  for (const name of await pathsBelow(collected).catch(() => [])) {
    const path = join(collected, name);
    const file = files.find((wanted) => join(wanted.path) === name);
    if (file?.checksum && mismatch(file, await readFile(path)) === undefined) right.add(file);
    else await discard(path);
  }
  return files.filter((file) => !right.has(file));
}

function offersOf(source: Source, lacking: readonly CorpusFile[]): Offer[] {
  if (source.kind === 'files') {
    return lacking.flatMap((file) => {
      const { path: name, bytes = mostBytes } = file;
      const url = source.urls[name];
      const open = async (path: string): Promise<Contents> => new Map([[name, await readFile(path)]]);
      return url === undefined ? [] : [{ url, name, mostBytes: bytes, files: [file], open }];
    });
  }
  const { url, format, members } = source;
  const files = lacking.filter(({ path }) => path in members);
  if (files.length === 0) return [];
  const wanted = files.map(({ path, bytes }) => ({
    path,
    name: members[path] ?? path,
    mostBytes: bytes ?? mostBytes,
  }));
  return [
    { url, name: archiveName(url), mostBytes, files, open: (archive) => unpack(archive, format, wanted) },
  ];
}

/**
 * Puts what an address has with the collected files.
 *
 * @throws DownloadFailure, AdvError STORAGE, and the signal's error; a download that was cut stays, for the next to go on
 */
async function take(corpus: Corpus, offer: Offer, staging: Staging, options: CollectOptions): Promise<void> {
  const path = join(staging.incoming, offer.name);
  const attempt = async (): Promise<void> => {
    const { patience, ...caller } = options;
    const { url, mostBytes: most, files } = offer;
    const checked = files.every(({ checksum }) => checksum !== undefined);
    const name = `${corpus.name}/${offer.name}`;
    requireAddressSpace();
    // Not at the top: undici takes a tenth of a second, and most commands download nothing.
    const { download } = await import('./download.js');
    const whole = await download({ url, path, name, mostBytes: most, checked, ...patience, ...caller });
    const contents = await rightContents(offer, path, whole);
    options.signal?.throwIfAborted();
    for (const [place, content] of contents) await keep(join(staging.collected, place), content);
  };
  await onDisk(path, () => makeFolders(dirname(path)));
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    await discard(path);
    await attempt();
  }
  await discard(path);
}

/**
 * @param whole whether the download came in one piece
 * @throws DownloadFailure that says what is wrong with it, Misfit where its pieces may be to blame; nothing stays of it
 */
async function rightContents({ open, files }: Offer, path: string, whole: boolean): Promise<Contents> {
  try {
    const contents = await open(path);
    for (const file of files) {
      const problem = mismatch(file, contents.get(file.path) ?? Buffer.alloc(0));
      if (problem !== undefined)
        throw new DownloadFailure(`${file.path} is not the official file: ${problem}`, true);
    }
    return contents;
  } catch (error) {
    await discard(path);
    throw whole || !(error instanceof DownloadFailure) ? error : new Misfit(error.message, { cause: error });
  }
}

/** @returns undefined when a file has its checksum or none is known, else what was expected and what came */
function mismatch({ checksum }: CorpusFile, content: Buffer): string | undefined {
  if (checksum === undefined) return undefined;
  const { kind, value } = checksum;
  const hash =
    kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${content.length}\0`);
  const actual = hash.update(content).digest('hex');
  if (actual === value) return undefined;
  const name = kind === 'sha256' ? 'SHA-256' : 'git blob id';
  return `expected ${name} ${value}, got ${actual} (${content.length} bytes)`;
}

async function keep(path: string, content: Buffer): Promise<void> {
  await onDisk(path, async () => {
    await makeFolders(dirname(path));
    await writeFile(path, content, { flush: true });
  });
}

async function discard(path: string): Promise<void> {
  await onDisk(path, () => rm(path, { force: true }));
}
