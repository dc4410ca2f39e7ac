import type { ArchiveSource } from './corpus.js';

/** What the three Czech corpora share: they were published together. */
export const czechTerms = {
  page: 'https://corpora.kiv.zcu.cz/sentiment/',
  licence: 'CC BY-NC-SA 3.0',
  citation:
    'I. Habernal, T. Ptáček, J. Steinberger: Sentiment Analysis in Czech Social Media Using Supervised Machine Learning, ' +
    'WASSA 2013, pages 65-74',
} as const;

/** The files of reviews, one a class. */
export const reviewPaths = {
  positive: 'positive.txt',
  neutral: 'neutral.txt',
  negative: 'negative.txt',
} as const;

/** A zip archive whose files have their own names, whatever folder they lie in. */
export function czechArchive(url: string, paths: readonly string[]): ArchiveSource {
  return {
    kind: 'archive',
    url,
    format: 'zip',
    members: Object.fromEntries(paths.map((path) => [path, path])),
  };
}
