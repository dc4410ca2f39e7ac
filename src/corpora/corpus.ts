/** A corpus: its files, where they come from, and on what terms. */
export interface Corpus {
  /** Its name, and that of its folder in a data directory. */
  readonly name: string;
  /** Its full name, for people. */
  readonly title: string;
  readonly files: readonly CorpusFile[];
  /** Where the files come from, in the order in which they are tried: the official home first, then mirrors. */
  readonly sources: readonly Source[];
  /** The page that tells about the corpus. */
  readonly page: string;
  readonly licence: string;
  readonly citation: string;
}

/** A file of a corpus. */
export interface CorpusFile {
  /** Path below the corpus's folder, with slashes: the layout of the official release. */
  readonly path: string;
  /** Checksum of the official file, where it is known. */
  readonly checksum?: Checksum | undefined;
  /** Size of the official file, where it is known. */
  readonly bytes?: number | undefined;
  /** True for a file that the dataset at hand does without: it is fetched with the others but never missed. */
  readonly optional?: boolean | undefined;
}

/** What a file's content must be. */
export interface Checksum {
  readonly kind: 'sha256' | 'gitBlob';
  /** Lower-case hexadecimal. */
  readonly value: string;
}

/** Where files of a corpus can be had. */
export type Source = FileSource | ArchiveSource;

/** A home that offers the files one by one. */
export interface FileSource {
  readonly kind: 'files';
  /** The URL of each file by its path; a source need not have them all. */
  readonly urls: Readonly<Record<string, string>>;
}

/** A home that offers one archive. */
export interface ArchiveSource {
  readonly kind: 'archive';
  readonly url: string;
  readonly format: 'tar.gz' | 'zip';
  /**
   * What each file is called in the archive, by its path. A folder around all of the archive is no part of the name: an
   * entry is the file if it has this name or ends with a slash and this name.
   */
  readonly members: Readonly<Record<string, string>>;
}

/** A file whose official content is known. */
export function knownFile(path: string, bytes: number, sha256: string): CorpusFile {
  return { path, bytes, checksum: { kind: 'sha256', value: sha256 } };
}

/**
 * A source that has files below a URL, under their own paths.
 *
 * @param home URL of a folder, with a slash at its end
 */
export function filesBelow(home: string, paths: readonly string[]): FileSource {
  return { kind: 'files', urls: Object.fromEntries(paths.map((path) => [path, home + path])) };
}
