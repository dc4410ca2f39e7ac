import type { Corpus } from './corpus.js';
import { czechArchive, czechTerms, reviewPaths } from './czech.js';

/** Reviews of films from ČSFD: 30,897 positive, 30,768 neutral, 29,716 negative. */
export function czechCsfdCorpus(): Corpus {
  const paths = Object.values(reviewPaths);
  return {
    name: 'czech-csfd',
    title: 'Czech film reviews (ČSFD)',
    files: paths.map((path) => ({ path })),
    sources: [czechArchive('http://nlp.kiv.zcu.cz/data/research/sentiment/csfd.zip', paths)],
    ...czechTerms,
  };
}
