import type { Corpus, Source } from '../../../../src/corpora/corpus.js';

/** A corpus of some files, and where they can be had. */
export function toyCorpus(files: Corpus['files'], ...sources: readonly Source[]): Corpus {
  const about = { title: 'Toy', page: 'http://127.0.0.1/toy', licence: 'CC0', citation: 'Nobody' };
  return { name: 'toy', files, sources, ...about };
}
