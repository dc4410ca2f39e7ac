import { dataSource } from '../../recipe/data-source.js';
import type { TrainOptions } from '../../recipe/table.js';
import type { Level } from '../../text/types.js';
import type { RowData } from './row-data.js';

/** How many texts a run reads, by the description of a corpus. */
export interface DescribedTexts extends Pick<RowData, 'texts' | 'validTexts'> {
  /** What tells how many there are. */
  readonly source: string;
  /** What the tokens of a mean text were counted on. */
  readonly counted: string;
}

/** The same with what texts are like. */
export interface DescribedCorpus extends DescribedTexts {
  readonly means: Readonly<Record<Level, MeanText>>;
}

/** Tokens of a mean text with begin and end, cut to the 400 of the preset 'paper', and the vocabulary of so many texts: as a forecast counts them. */
interface MeanText {
  readonly tokens: number;
  readonly vocabulary: number;
  readonly texts: number;
}

/**
 * How vocabularies grow: V ∝ texts^growth (Heaps' law). Words have 0.55 between 10,000 and 40,284 sentences of the DSL pool and 0.62 between
 * 5,000 and 21,916 film reviews; characters are soon all there.
 */
const growth: Readonly<Record<Level, number>> = { char: 0, word: 0.6 };

/** Mean texts of characters and of words, both counted on so many. */
const means = (
  texts: number,
  char: Omit<MeanText, 'texts'>,
  word: Omit<MeanText, 'texts'>,
): DescribedCorpus['means'] => ({ char: { texts, ...char }, word: { texts, ...word } });

/** The sizes of a corpus of so many texts of each class that is split by `cutIntoParts`, duplicates counted. */
function unsplit(...classes: readonly number[]): Pick<DescribedTexts, 'texts' | 'validTexts'> {
  const all = classes.reduce((sum, count) => sum + count, 0);
  const tenth = classes.reduce((sum, count) => sum + Math.round(count / 10), 0);
  return { texts: all - 2 * tenth, validTexts: tenth };
}

const official = 'the official corpus';

/** A bAbI task: of its 200 stories of five questions, or 2,000, the last tenth validates. */
const babi = (
  stories: 200 | 2000,
  char: Omit<MeanText, 'texts'>,
  word: Omit<MeanText, 'texts'>,
): DescribedCorpus => ({
  ...{ texts: 4.5 * stories, validTexts: 0.5 * stories },
  ...{ source: 'the stories of version 1.2', counted: official },
  means: means(4.5 * stories, char, word),
});

/** Those of whole corpora, by the names of their datasets. */
const corpora: ReadonlyMap<string, DescribedCorpus> = new Map(
  Object.entries<DescribedCorpus>({
    'babi-1': babi(200, { tokens: 196.9, vocabulary: 33 }, { tokens: 43.1, vocabulary: 24 }),
    'babi-2': babi(200, { tokens: 348.5, vocabulary: 34 }, { tokens: 100.6, vocabulary: 38 }),
    'babi-6': babi(200, { tokens: 212.4, vocabulary: 34 }, { tokens: 46.7, vocabulary: 38 }),
    'babi-1-10k': babi(2000, { tokens: 197.2, vocabulary: 33 }, { tokens: 43.2, vocabulary: 24 }),
    'babi-2-10k': babi(2000, { tokens: 350.2, vocabulary: 34 }, { tokens: 102.2, vocabulary: 38 }),
    'babi-6-10k': babi(2000, { tokens: 212.5, vocabulary: 34 }, { tokens: 46.5, vocabulary: 38 }),
    subjectivity: {
      ...unsplit(5000, 5000),
      ...{ source: 'the counts of Pang and Lee 2004', counted: official },
      means: means(8000, { tokens: 130.1, vocabulary: 92 }, { tokens: 26.3, vocabulary: 20_778 }),
    },
    'czech-facebook': {
      ...unsplit(2587, 5174, 1991, 248),
      ...{ source: 'the counts of Habernal et al. 2013', counted: official },
      means: means(8000, { tokens: 62.3, vocabulary: 142 }, { tokens: 14.6, vocabulary: 17_835 }),
    },
    'czech-facebook-3': {
      ...unsplit(2587, 5174, 1991),
      ...{ source: 'the counts of Habernal et al. 2013', counted: official },
      means: means(7802, { tokens: 61.3, vocabulary: 143 }, { tokens: 14.4, vocabulary: 17_428 }),
    },
    'czech-csfd': {
      ...unsplit(30_897, 30_768, 29_716),
      source: 'the counts of Habernal et al. 2013 (duplicates among them)',
      counted: '21,916 reviews of another crawl',
      means: means(21_916, { tokens: 273.3, vocabulary: 278 }, { tokens: 82.9, vocabulary: 153_583 }),
    },
    'czech-mall': {
      ...unsplit(102_977, 31_943, 10_387),
      source: 'the counts of Habernal et al. 2013 (duplicates among them)',
      counted: '6,624 of its negative reviews',
      means: means(6624, { tokens: 178.7, vocabulary: 139 }, { tokens: 40.4, vocabulary: 33_126 }),
    },
    dsl: {
      ...{ texts: 252_000, validTexts: 28_000 },
      source: 'the counts of the Shared Task 2015',
      counted: '40,284 sentences of its test set B and of other years',
      means: means(40_284, { tokens: 231, vocabulary: 310 }, { tokens: 44.6, vocabulary: 206_341 }),
    },
  }),
);

/** What the description of a run's corpus says of its texts; undefined where it has none. */
export function describedCorpus({ limit = Infinity, ...options }: TrainOptions): DescribedCorpus | undefined {
  const source = dataSource(options);
  const corpus = 'dataset' in source ? corpora.get(source.dataset) : undefined;
  return corpus && { ...corpus, texts: Math.min(limit, corpus.texts) };
}

/** How much that is in tokens. */
export function sizeOf(
  { texts, validTexts, means }: DescribedCorpus,
  level: Level,
  maxTokens: number,
): Omit<RowData, 'classes'> {
  const { tokens: mean, vocabulary, texts: counted } = means[level];
  const tokens = Math.min(mean, maxTokens + 2);
  return {
    ...{ texts, validTexts },
    tokens: Math.round(texts * tokens),
    validTokens: Math.round(validTexts * tokens),
    vocabulary: Math.round(vocabulary * (texts / counted) ** growth[level]),
  };
}
