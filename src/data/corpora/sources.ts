import { posix } from 'node:path';
import { AdvError } from '../../errors.js';
import { filesBelow, type Corpus, type Source } from './corpus.js';

/** The environment variable that names a mirror of a corpus, such as ADVNATIVE_MIRROR_CZECH_MALL. */
export function mirrorVariable(corpusName: string): string {
  return `ADVNATIVE_MIRROR_${corpusName.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * Where a corpus is fetched from, in order. A mirror that the environment names takes the place of all others, so that
 * no other host is ever asked: a folder with what the official home has, an archive under its own name or files under
 * their own paths.
 *
 * @throws AdvError USAGE when the mirror is no http or https URL of a folder
 */
export function sourcesOf(corpus: Corpus, environment: NodeJS.ProcessEnv = process.env): readonly Source[] {
  const variable = mirrorVariable(corpus.name);
  const mirror = environment[variable];
  if (!mirror) return corpus.sources;
  const home = homeOf(mirror);
  if (home === undefined) {
    throw new AdvError(
      'USAGE',
      `${variable}: expected a URL that begins with http:// or https:// and has no ? or #, got '${mirror}'`,
      'Name the folder that holds what the official home has, or unset the variable.',
    );
  }
  return corpus.sources.slice(0, 1).map((official) => moved(official, home));
}

/** The address of a mirror's folder, to which names of files can be added; undefined when it is none. */
function homeOf(mirror: string): string | undefined {
  if (!URL.canParse(mirror)) return undefined;
  // As it was understood: white space around it, for one, is not part of it.
  const { protocol, href } = new URL(mirror);
  const isFolder = /^https?:$/.test(protocol) && !/[?#]/.test(href);
  return isFolder ? href.replace(/\/*$/, '/') : undefined;
}

function moved(official: Source, home: string): Source {
  return official.kind === 'archive'
    ? { ...official, url: home + archiveName(official.url) }
    : filesBelow(home, Object.keys(official.urls));
}

/** What an archive's file is called at its home. */
export function archiveName(url: string): string {
  return posix.basename(new URL(url).pathname);
}
