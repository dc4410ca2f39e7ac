import { babiCorpus } from './babi.js';
import type { Corpus } from './corpus.js';
import { czechCsfdCorpus } from './czech-csfd.js';
import { czechFacebookCorpus } from './czech-facebook.js';
import { czechMallCorpus } from './czech-mall.js';
import { dslCorpus } from './dsl.js';
import { subjectivityCorpus } from './subjectivity.js';

/** Every corpus that can be fetched. */
export function allCorpora(): Corpus[] {
  return [
    dslCorpus(),
    babiCorpus(),
    subjectivityCorpus(),
    czechFacebookCorpus(),
    czechCsfdCorpus(),
    czechMallCorpus(),
  ];
}
