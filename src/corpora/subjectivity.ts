import { knownFile, type Corpus } from './corpus.js';

/** Where the sentences of each class lie below the corpus's folder. */
export const subjectivityPaths = {
  subjective: 'rotten_imdb/quote.tok.gt9.5000',
  objective: 'rotten_imdb/plot.tok.gt9.5000',
} as const;

/** The subjectivity dataset 1.0: sentences of film reviews and of plot summaries. */
export function subjectivityCorpus(): Corpus {
  const { subjective, objective } = subjectivityPaths;
  return {
    name: 'subjectivity',
    title: 'Subjectivity dataset 1.0',
    files: [
      knownFile(subjective, 630_790, '73a2dcf8dc3cbcc7f068a70ef9f021c86b2a8e4dac81566b7fd015b3e938f2c5'),
      knownFile(objective, 669_456, '5ddc9b44dc60d64d651347fcd7bdd489b0c70661e3f768215c16eea36f51204a'),
    ],
    sources: [
      {
        kind: 'archive',
        url: 'https://www.cs.cornell.edu/people/pabo/movie-review-data/rotten_imdb.tar.gz',
        format: 'tar.gz',
        members: { [subjective]: 'quote.tok.gt9.5000', [objective]: 'plot.tok.gt9.5000' },
      },
    ],
    page: 'https://www.cs.cornell.edu/people/pabo/movie-review-data/',
    licence: 'none stated; a citation is asked for',
    citation:
      'B. Pang, L. Lee: A Sentimental Education: Sentiment Analysis Using Subjectivity Summarization Based on Minimum ' +
      'Cuts, ACL 2004',
  };
}
