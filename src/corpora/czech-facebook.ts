import { knownFile, type Corpus } from './corpus.js';
import { czechArchive, czechTerms } from './czech.js';

/** Where posts and their labels lie below the corpus's folder: the same number of lines, one for one. */
export const facebookPaths = { posts: 'gold-posts.txt', labels: 'gold-labels.txt' } as const;

/** Czech Facebook posts: 2,587 positive, 5,174 neutral, 1,991 negative, 248 bipolar. */
export function czechFacebookCorpus(): Corpus {
  const { posts, labels } = facebookPaths;
  const paths = [posts, labels];
  return {
    name: 'czech-facebook',
    title: 'Czech Facebook posts',
    files: [
      knownFile(posts, 673_991, '15884210a2b2c559a806be5fbd4f6b5b211d094cb692e07484f1cec82746155a'),
      knownFile(labels, 30_000, '9da91c58361cb61de140ebe8628d692a25026fdd03bb8feb55f829e453109f01'),
    ],
    sources: [
      czechArchive('http://nlp.kiv.zcu.cz/data/research/sentiment/facebook.zip', paths),
      // The deposit at LINDAT/CLARIAH-CZ.
      czechArchive(
        'https://lindat.mff.cuni.cz/repository/xmlui/bitstream/handle/11858/00-097C-0000-0022-FE82-7/facebook.zip',
        paths,
      ),
    ],
    ...czechTerms,
  };
}
