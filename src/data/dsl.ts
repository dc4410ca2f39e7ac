import { join } from 'node:path';
import { obtainCorpus, type Corpus } from './corpus.js';
import { dslDefaults } from './defaults.js';
import { digestFile, type FileDigest } from './files.js';
import { readExamples, scanLabels, type LabelledFile } from './labelled-file.js';
import { MalformedLines } from './malformed.js';
import { sealed } from './sealed.js';
import { drawTraining } from './training-draw.js';
import { oneOf } from './tsv.js';
import type { Dataset, OpenDatasetOptions } from './types.js';

/** The classes of DSL 2015, sorted by code point; xx is any other language. */
export const dslLabels: readonly string[] = 'bg bs cz es-AR es-ES hr id mk my pt-BR pt-PT sk sr xx'.split(
  ' ',
);

const officialHome = 'https://raw.githubusercontent.com/Simdiva/DSL-Task/master/data/DSLCC-v2.0/';

const paths = {
  train: 'train-dev/train.txt',
  valid: 'train-dev/devel.txt',
  test: 'gold/test-gold.txt',
} as const;

/** What is known of the official files: how many sentences, and the id that git gives their content. */
const official = {
  train: { sentences: '252,000', gitBlob: 'bd6ab10be665846483920a33dddb39129d2b1a54' },
  valid: { sentences: '28,000', gitBlob: '9a390347af448ba9176fe0db00282cdadc0033e9' },
} as const;

/** The corpus as it lies on the disk. The environment variable ADVNATIVE_DSL_URL names a mirror of its home. */
export function dslCorpus(): Corpus {
  const mirror = process.env['ADVNATIVE_DSL_URL'];
  return {
    name: 'dsl',
    files: [
      { path: paths.train, checksum: { kind: 'gitBlob', value: official.train.gitBlob } },
      { path: paths.valid, checksum: { kind: 'gitBlob', value: official.valid.gitBlob } },
      { path: paths.test, checksum: undefined },
    ],
    home: mirror ? `${mirror.replace(/\/+$/, '')}/` : officialHome,
  };
}

/**
 * Opens DSL 2015 (DSL Corpus Collection 2.0, official train, development and gold test files), wherever it is found or
 * downloaded to. One pass over the training file reads its labels; what `limit` leaves out is never kept.
 *
 * @throws AdvError DATA_MISSING, DOWNLOAD, STORAGE when the files cannot be had; DATA_MALFORMED when a line is not
 * `sentence<TAB>label`; USAGE for a limit above what exists
 */
export async function openDsl(options: OpenDatasetOptions): Promise<Dataset> {
  const folder = await obtainCorpus(dslCorpus(), options);
  const malformed = new MalformedLines(options.onMalformed);
  const { signal } = options;
  const rule = oneOf(dslLabels, (written) => written.replace('_', '-'));
  const file = (split: keyof typeof paths): LabelledFile => ({
    path: join(folder, paths[split]),
    split,
    rule,
    malformed,
    signal,
  });
  const digests = {
    train: await digestFile(file('train').path, signal),
    valid: await digestFile(file('valid').path, signal),
    test: await digestFile(file('test').path, signal),
  };
  const scan = await scanLabels(file('train'));
  const source = { path: file('train').path, ...inAllClasses(scan) };
  const draw = drawTraining(source, options.limit, options.seed);
  return {
    name: 'dsl',
    labels: dslLabels,
    defaults: dslDefaults,
    train: () => readExamples(file('train'), draw.wanted),
    valid: () => readExamples(file('valid')),
    test: sealed(() => readExamples(file('test'))),
    facts: {
      name: 'dsl',
      files: (['train', 'valid', 'test'] as const).map((split) => describe(split, digests[split])),
      language:
        'Bulgarian, Bosnian, Czech, Argentine and European Spanish, Croatian, Indonesian, Macedonian, Malay, ' +
        'Brazilian and European Portuguese, Slovak, Serbian, and others as one class',
      licence: 'CC0',
      citation:
        'M. Zampieri, L. Tan, N. Ljubešić, J. Tiedemann, P. Nakov: Overview of the DSL Shared Task 2015, ' +
        'LT4VarDial 2015; DSL Corpus Collection 2.0',
      notes: [
        ...provenance('train', digests.train, `a pool of ${scan.labels.length} sentences`),
        ...provenance('valid', digests.valid, 'another set'),
        ...draw.notes,
      ],
    },
    get skipped() {
      return malformed.skipped;
    },
  };
}

/** The labels of a scan as ids of all 14 classes, whether the file has examples of each or not. */
function inAllClasses({ names, labels }: { names: readonly string[]; labels: Int16Array }): {
  names: readonly string[];
  labels: Int16Array;
} {
  const ids = Int32Array.from(names, (name) => dslLabels.indexOf(name));
  return { names: dslLabels, labels: labels.map((label) => ids[label] ?? -1) };
}

function describe(
  split: keyof typeof paths,
  { bytes, sha256 }: FileDigest,
): Dataset['facts']['files'][number] {
  return { name: `dsl/${paths[split]}`, bytes, sha256 };
}

/** Says so when a file is not the official one. */
function provenance(split: keyof typeof official, { gitBlob }: FileDigest, what: string): string[] {
  const { sentences, gitBlob: officialBlob } = official[split];
  if (gitBlob === officialBlob) return [];
  const kind = split === 'train' ? 'training' : 'development';
  return [`${paths[split]} is ${what}, not the official ${kind} data (${sentences} sentences)`];
}
