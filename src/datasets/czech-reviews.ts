import { czechCsfdCorpus } from '../corpora/czech-csfd.js';
import { czechMallCorpus } from '../corpora/czech-mall.js';
import { czechReviewsDefaults } from './defaults.js';
import type { DatasetEntry } from './entry.js';
import { openLabelledByFile } from './labelled-by-file.js';

const files = { negative: 'negative.txt', neutral: 'neutral.txt', positive: 'positive.txt' } as const;
const labels = Object.keys(files);

/** Film reviews in Czech, some in Slovak (Habernal, Ptáček and Steinberger 2013). */
export const czechCsfd: DatasetEntry = {
  name: 'czech-csfd',
  description: 'film reviews from ČSFD, Czech: positive, neutral or negative',
  labels,
  corpus: czechCsfdCorpus,
  open: (options) =>
    openLabelledByFile(
      {
        ...{
          name: 'czech-csfd',
          language: 'Czech, some Slovak',
          corpus: czechCsfdCorpus(),
          level: 'word',
          defaults: czechReviewsDefaults,
        },
        ...{ files, encoding: 'utf-8' },
      },
      options,
    ),
};

/** Product reviews in Czech (Habernal, Ptáček and Steinberger 2013); the paper reads them as words and as characters. */
export const czechMall: DatasetEntry = {
  name: 'czech-mall',
  description: 'product reviews from Mall.cz, Czech: positive, neutral or negative',
  labels,
  corpus: czechMallCorpus,
  open: (options) =>
    openLabelledByFile(
      {
        ...{
          name: 'czech-mall',
          language: 'Czech',
          corpus: czechMallCorpus(),
          level: 'word',
          defaults: czechReviewsDefaults,
        },
        ...{ files, encoding: 'utf-8' },
      },
      options,
    ),
};
