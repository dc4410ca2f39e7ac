import { filesBelow, knownFile, type Corpus } from './corpus.js';

/** Where the parts of DSL 2015 lie below its folder. */
export const dslPaths = {
  train: 'train-dev/train.txt',
  valid: 'train-dev/devel.txt',
  test: 'gold/test-gold.txt',
} as const;

/** What is known of the official files: how many sentences, and of two the id that git gives their content. */
export const officialDsl = {
  train: { sentences: '252,000', gitBlob: 'bd6ab10be665846483920a33dddb39129d2b1a54' },
  valid: { sentences: '28,000', gitBlob: '9a390347af448ba9176fe0db00282cdadc0033e9' },
  test: { sentences: '14,000' },
} as const;

/** The DSL Corpus Collection 2.0: training, development and test set A of the Shared Task 2015. */
export function dslCorpus(): Corpus {
  const { train, valid, test } = dslPaths;
  return {
    name: 'dsl',
    title: 'DSL Corpus Collection 2.0, Shared Task 2015',
    files: [
      { path: train, checksum: { kind: 'gitBlob', value: officialDsl.train.gitBlob } },
      { path: valid, checksum: { kind: 'gitBlob', value: officialDsl.valid.gitBlob } },
      knownFile(test, 3_537_550, 'a5b3d632b8667310b534bcec2272cc0a37a81d76b95272a264a431e5195f9015'),
    ],
    sources: [
      filesBelow('https://raw.githubusercontent.com/Simdiva/DSL-Task/master/data/DSLCC-v2.0/', [
        train,
        valid,
        test,
      ]),
      // A copy by one of the organizers.
      filesBelow('https://raw.githubusercontent.com/alvations/bayesmax/master/bayesmax/data/DSLCC-v2.0/', [
        train,
        valid,
      ]),
    ],
    page: 'https://github.com/Simdiva/DSL-Task',
    licence: 'CC0',
    citation:
      'M. Zampieri, L. Tan, N. Ljubešić, J. Tiedemann, P. Nakov: Overview of the DSL Shared Task 2015, ' +
      'LT4VarDial 2015; DSL Corpus Collection 2.0',
  };
}
