import { join } from 'node:path';
import { dslCorpus, dslPaths, officialDsl } from '../corpora/dsl.js';
import { describeCorpusFiles } from '../corpora/describe-files.js';
import { obtainCorpus } from '../corpora/find-corpus.js';
import { dslBest } from './best.js';
import { dslDefaults } from './defaults.js';
import { oneOf } from '../files/label-rule.js';
import { readExamples, scanLabels, type LabelledFile } from '../files/labelled-file.js';
import { MalformedLines } from '../files/malformed.js';
import { settingsFor, type DatasetEntry, type UsualSettings } from './entry.js';
import { sealed } from './sealed.js';
import { select } from '../base/streaming.js';
import { drawTraining } from './splits/training-draw.js';
import type { Dataset, OpenDatasetOptions } from './types.js';

/** The classes of DSL 2015, sorted by code point; xx is any other language. */
export const dslLabels: readonly string[] = 'bg bs cz es-AR es-ES hr id mk my pt-BR pt-PT sk sr xx'.split(
  ' ',
);

const usual: UsualSettings = { level: 'char', defaults: dslDefaults, best: dslBest };

/** DSL 2015: the paper's limits are 10,000, 70,000, 130,000 and 190,000 training sentences. */
export const dsl: DatasetEntry = {
  name: 'dsl',
  description: 'DSL 2015: telling 13 similar languages and "other" apart',
  labels: dslLabels,
  usual,
  corpus: dslCorpus,
  open: openDsl,
};

/**
 * Opens DSL 2015 (DSL Corpus Collection 2.0, official train, development and gold test files), wherever it is found or
 * downloaded to. One pass over the training file reads its labels; what `limit` leaves out is never kept.
 *
 * @throws AdvError DATA_MISSING, DOWNLOAD, STORAGE when the files cannot be had; DATA_MALFORMED when a line is not
 * `sentence<TAB>label`; USAGE for a limit above what exists
 */
async function openDsl(options: OpenDatasetOptions): Promise<Dataset> {
  const corpus = dslCorpus();
  const folder = await obtainCorpus(corpus, options);
  const malformed = new MalformedLines(options.onMalformed);
  const { signal } = options;
  const rule = oneOf(dslLabels, (written) => written.replace('_', '-'));
  const file = (split: keyof typeof dslPaths): LabelledFile => ({
    path: join(folder, dslPaths[split]),
    form: { format: 'tsv', header: false },
    split,
    rule,
    malformed,
    signal,
  });
  const { train, valid, test } = dslPaths;
  const paths = [train, valid, ...(options.withoutTest === true ? [] : [test])];
  const { files, differing } = await describeCorpusFiles(corpus, folder, paths, signal);
  const scan = await scanLabels(file('train'));
  const source = { path: file('train').path, ...inAllClasses(scan), skipped: malformed.skipped };
  const draw = drawTraining(source, options);
  return {
    name: 'dsl',
    labels: dslLabels,
    ...settingsFor(usual, draw.count),
    train: () => select(readExamples(file('train')), (place) => draw.wanted?.[place] !== 0),
    valid: () => readExamples(file('valid')),
    test: sealed(() => readExamples(file('test'))),
    facts: {
      name: 'dsl',
      files,
      language:
        'Bulgarian, Bosnian, Czech, Argentine and European Spanish, Croatian, Indonesian, Macedonian, Malay, ' +
        'Brazilian and European Portuguese, Slovak, Serbian, and others as one class',
      licence: corpus.licence,
      citation: corpus.citation,
      notes: [...differing.map((path) => provenance(path, scan.labels.length)), ...draw.notes],
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

/** What lies in the place of an official file. */
function provenance(path: string, trainingSentences: number): string {
  const { train, valid, test } = officialDsl;
  if (path === dslPaths.train) {
    return `${path} is a pool of ${trainingSentences} sentences, not the official training data (${train.sentences} sentences)`;
  }
  const [kind, { sentences }] = path === dslPaths.valid ? ['development', valid] : ['test', test];
  return `${path} is another set, not the official ${kind} data (${sentences} sentences)`;
}
