import { dirname, join } from 'node:path';
import { archiveName, sourcesOf } from '../sources.js';
import type { ArchiveSource, Corpus, Source } from '../corpus.js';
import { shellQuoted as quoted } from '../../base/storage/shell-path.js';

/**
 * Commands for a shell that put a corpus where this package would: for a machine without a network, or a home that
 * answers to a browser only.
 *
 * @param folder the corpus's own folder
 */
export function stepsByHand(corpus: Corpus, folder: string): string[] {
  const [official, ...mirrors] = sourcesOf(corpus);
  if (official === undefined) return [`see ${corpus.page}`];
  const folders = new Set(corpus.files.map(({ path }) => dirname(join(folder, path))));
  return [
    `mkdir -p ${[...folders].map(quoted).join(' ')}`,
    ...(official.kind === 'archive'
      ? archiveSteps(official, folder)
      : Object.entries(official.urls).map(([path, url]) => downloadStep(url, join(folder, path)))),
    ...mirrors.flatMap(addresses).map((url) => `# or from ${url}`),
    `# about the corpus: ${corpus.page}`,
  ];
}

/** The URLs of a source. */
export function addresses(source: Source): string[] {
  return source.kind === 'archive' ? [source.url] : Object.values(source.urls);
}

function downloadStep(url: string, destination: string): string {
  return `curl --fail --location --output ${quoted(destination)} ${quoted(url)}`;
}

function archiveSteps({ url, format, members }: ArchiveSource, folder: string): string[] {
  const archive = join(folder, archiveName(url));
  return [
    downloadStep(url, archive),
    ...Object.entries(members).map(([path, name]) => {
      const destination = quoted(join(folder, path));
      return format === 'zip'
        ? `unzip -p ${quoted(archive)} '*${name}' -x '__MACOSX/*' > ${destination}`
        : `tar -xzOf ${quoted(archive)} ${quoted(name)} > ${destination}`;
    }),
    `rm ${quoted(archive)}`,
  ];
}
