import { posix } from 'node:path';
import { AdvError } from '../base/errors.js';
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
 * @throws AdvError USAGE when the mirror is no http or https URL, or has more than host and path
 */
export function sourcesOf(corpus: Corpus, environment: NodeJS.ProcessEnv = process.env): readonly Source[] {
  const variable = mirrorVariable(corpus.name);
  const mirror = environment[variable];
  if (!mirror) return corpus.sources;
  const problem = problemWith(mirror);
  if (problem !== undefined) {
    throw new AdvError(
      'USAGE',
      `${variable}: expected a URL that begins with http:// or https://, got ${problem}`,
      'Name the folder that holds what the official home has, or unset the variable.',
    );
  }
  // As it was understood: white space around it, for one, is no part of it.
  const home = new URL(mirror).href.replace(/\/*$/, '/');
  return corpus.sources.slice(0, 1).map((official) => moved(official, home));
}

/** A line for the hint of a fetch that failed; none where the environment names no mirror of the corpus. */
export function mirrorHint({ name }: Corpus, environment: NodeJS.ProcessEnv = process.env): string[] {
  const variable = mirrorVariable(name);
  return environment[variable] ? [`${variable} names this address; unset it to ask the official ones.`] : [];
}

/** A URL with a user or password is not repeated: errors end up in logs. */
function problemWith(mirror: string): string | undefined {
  if (mirror.includes('@')) return 'one with a user or password, which would show in every message';
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return `'${mirror}'`;
  // Names of files are appended: they would become part of it.
  return /[?#]/.test(mirror) ? `one with a query or fragment: '${mirror}'` : undefined;
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
