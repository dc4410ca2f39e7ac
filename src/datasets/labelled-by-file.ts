import { join } from 'node:path';
import { AdvError } from '../base/errors.js';
import { shellQuoted } from '../base/storage/shell-path.js';
import type { Corpus } from '../corpora/corpus.js';
import { describeCorpusFiles } from '../corpora/describe-files.js';
import { obtainCorpus, obtainCorpusPart, type CorpusPart } from '../corpora/find-corpus.js';
import { readLines, type CharacterEncoding, type Line } from '../files/lines.js';
import { MalformedLines } from '../files/malformed.js';
import { openUnsplit, type UnsplitCorpus } from './splits/unsplit.js';
import type { Dataset, OpenDatasetOptions } from './types.js';
import type { Example } from '../text/types.js';

/** A corpus with a file a class and an example a line. */
export interface LabelledByFile extends Pick<UnsplitCorpus, 'name' | 'level' | 'defaults'> {
  /** Of the texts, in words. */
  readonly language: string;
  readonly corpus: Corpus;
  /** Path of each class's file below the corpus's folder, by class. */
  readonly files: Readonly<Record<string, string>>;
  readonly encoding: CharacterEncoding;
}

/**
 * Opens a corpus that has a file a class. Blank lines are no examples. An example's id is "class:line". With `allowIncomplete`
 * files may be missing, whose classes then have no examples.
 *
 * @throws AdvError what {@link obtainCorpus} and {@link openUnsplit} throw; DATA_MALFORMED when a file has no example or a line
 * is not in the encoding
 */
export async function openLabelledByFile(
  dataset: LabelledByFile,
  options: OpenDatasetOptions,
): Promise<Dataset> {
  const { name, language, level, defaults, corpus, encoding } = dataset;
  const { folder, lacks } = await obtain(corpus, options);
  const malformed = new MalformedLines(options.onMalformed);
  const labels = Object.keys(dataset.files).sort();
  const paths = labels
    .map((label) => [label, dataset.files[label] ?? ''] as const)
    .filter(([, path]) => !lacks.includes(path));
  const described = await describeCorpusFiles(
    corpus,
    folder,
    paths.map(([, path]) => path),
    options.signal,
  );
  return openUnsplit(
    {
      ...{ name, labels, level, defaults },
      facts: {
        files: described.files,
        language,
        licence: corpus.licence,
        citation: corpus.citation,
        notes: [...describeLacks(corpus, lacks, options.dataDir), ...described.notes],
      },
      async *read() {
        for (const [label, name] of paths) {
          const path = join(folder, name);
          const lines = readLines(path, { encoding, signal: options.signal });
          yield* examplesOfClass(lines, { path, label, malformed });
        }
      },
      skipped: () => malformed.skipped,
    },
    options,
  );
}

async function obtain(corpus: Corpus, options: OpenDatasetOptions): Promise<CorpusPart> {
  if (options.allowIncomplete === true) return obtainCorpusPart(corpus, options);
  return { folder: await obtainCorpus(corpus, options), lacks: [] };
}

function describeLacks({ name }: Corpus, lacks: readonly string[], dataDir: string | undefined): string[] {
  if (lacks.length === 0) return [];
  const where = dataDir === undefined ? '' : ` --data-dir ${shellQuoted(dataDir)}`;
  return [
    `incomplete: ${lacks.join(' and ')} of ${name} missing; training needs them, \`datasets fetch ${name}${where}\` gets them`,
  ];
}

/** A file with the examples of one class. */
interface ClassFile {
  /** For messages. */
  readonly path: string;
  readonly label: string;
  readonly malformed: MalformedLines;
}

/**
 * Streams the lines of a class as its examples; blank ones are none.
 *
 * @throws AdvError DATA_MALFORMED when there is no example, or `malformed` stops at a line
 */
export async function* examplesOfClass(
  lines: AsyncIterable<Line>,
  { path, label, malformed }: ClassFile,
): AsyncGenerator<Example, void, undefined> {
  let any = false;
  for await (const line of lines) {
    if ('problem' in line) {
      malformed.report(path, line.number, line.problem);
      continue;
    }
    const text = line.text.trim();
    if (text === '') continue;
    any = true;
    yield { id: `${label}:${line.number}`, text, label };
  }
  if (any) return;
  throw new AdvError('DATA_MALFORMED', `${path}: expected an example a line, got none`, 'Check the file.');
}
