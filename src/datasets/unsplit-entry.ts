import { shellQuoted } from '../base/storage/shell-path.js';
import type { Corpus } from '../corpora/corpus.js';
import { describeCorpusFiles } from '../corpora/describe-files.js';
import { obtainCorpus, obtainCorpusPart } from '../corpora/find-corpus.js';
import { MalformedLines } from '../files/malformed.js';
import type { Example } from '../text/types.js';
import type { BestByExamples } from './best.js';
import type { DatasetEntry, UsualSettings } from './entry.js';
import { openUnsplit } from './splits/unsplit.js';
import type { Dataset, OpenDatasetOptions } from './types.js';

/** A corpus without official splits, read by words. */
export interface UnsplitSource extends Pick<DatasetEntry, 'name' | 'description' | 'labels'> {
  readonly defaults: Dataset['defaults'];
  readonly best: BestByExamples;
  /** Of the texts, in words. */
  readonly language: string;
  readonly corpus: () => Corpus;
  /** Paths of the files that are read, below the corpus's folder. */
  readonly paths: readonly string[];
  /** Whether a look at the data can do with some of the files. Default false. */
  readonly inParts?: boolean;
  /** All examples of those files that are there, in an order that never changes; each call reads anew from the start. */
  read(files: CorpusFiles): AsyncIterable<Example>;
}

/** The files of a corpus that are there, and how they are read. */
export interface CorpusFiles {
  readonly folder: string;
  /** Paths of files that are not there, below the folder; only of a source that can be read in parts. */
  readonly lacks: readonly string[];
  readonly malformed: MalformedLines;
  readonly signal: AbortSignal | undefined;
}

/**
 * The entry of a corpus without official splits: opening it finds or downloads its files, describes and splits them. With
 * `allowIncomplete` files of a source in parts may be missing.
 */
export function unsplitEntry(source: UnsplitSource): DatasetEntry {
  const { name, description, labels, defaults, best, corpus } = source;
  const usual: UsualSettings = { level: 'word', defaults, best };
  const open = (options: OpenDatasetOptions): Promise<Dataset> => openSource(source, usual, options);
  return { name, description, labels, usual, corpus, open };
}

async function openSource(
  source: UnsplitSource,
  usual: UsualSettings,
  options: OpenDatasetOptions,
): Promise<Dataset> {
  const { name, labels, language, inParts = false } = source;
  const { dataDir, signal } = options;
  const corpus = source.corpus();
  const obtained =
    inParts && options.allowIncomplete
      ? await obtainCorpusPart(corpus, options)
      : { folder: await obtainCorpus(corpus, options), lacks: [] };
  const { folder, lacks } = obtained;
  const malformed = new MalformedLines(options.onMalformed);
  const paths = source.paths.filter((path) => !lacks.includes(path));
  const { files, notes } = await describeCorpusFiles(corpus, folder, paths, signal);
  const { licence, citation } = corpus;
  return openUnsplit(
    {
      ...{ name, labels, ...usual },
      facts: {
        ...{ files, language, licence, citation },
        notes: [...describeLacks(corpus, lacks, dataDir), ...notes],
      },
      read: () => source.read({ folder, lacks, malformed, signal }),
      skipped: () => malformed.skipped,
    },
    options,
  );
}

function describeLacks({ name }: Corpus, lacks: readonly string[], dataDir: string | undefined): string[] {
  if (lacks.length === 0) return [];
  const where = dataDir === undefined ? '' : ` --data-dir ${shellQuoted(dataDir)}`;
  return [
    `incomplete: ${lacks.join(' and ')} of ${name} missing; training needs them, \`datasets fetch ${name}${where}\` gets them`,
  ];
}
