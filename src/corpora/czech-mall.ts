import { knownFile, type Corpus } from './corpus.js';
import { czechArchive, czechTerms, reviewPaths } from './czech.js';

/** Reviews of products from Mall.cz: 102,977 positive, 31,943 neutral, 10,387 negative. */
export function czechMallCorpus(): Corpus {
  const { positive, neutral, negative } = reviewPaths;
  return {
    name: 'czech-mall',
    title: 'Czech product reviews (Mall.cz)',
    files: [
      { path: positive },
      { path: neutral },
      knownFile(negative, 2_285_842, '91c645043618c8fcd1fa382a186fee52692e740900e9078a8be8768c684e50f1'),
    ],
    sources: [
      czechArchive('http://nlp.kiv.zcu.cz/data/research/sentiment/mallcz.zip', [positive, neutral, negative]),
    ],
    ...czechTerms,
  };
}
