import { czechCsfdCorpus } from '../corpora/czech-csfd.js';
import { reviewPaths } from '../corpora/czech.js';
import { czechMallCorpus } from '../corpora/czech-mall.js';
import { bestOfAny } from './best.js';
import { czechReviewsDefaults } from './defaults.js';
import { labelledByFile } from './labelled-by-file.js';

const reviews = {
  files: reviewPaths,
  encoding: 'utf-8',
  defaults: czechReviewsDefaults,
  best: bestOfAny,
} as const;

/** Film reviews in Czech, some in Slovak (Habernal, Ptáček and Steinberger 2013). */
export const czechCsfd = labelledByFile({
  name: 'czech-csfd',
  description: 'film reviews from ČSFD, Czech: positive, neutral or negative',
  language: 'Czech, some Slovak',
  corpus: czechCsfdCorpus,
  ...reviews,
});

/** Product reviews in Czech (Habernal, Ptáček and Steinberger 2013); the paper reads them as words and as characters. */
export const czechMall = labelledByFile({
  name: 'czech-mall',
  description: 'product reviews from Mall.cz, Czech: positive, neutral or negative',
  language: 'Czech',
  corpus: czechMallCorpus,
  ...reviews,
});
