import { join } from 'node:path';
import { at } from '../base/at.js';
import { babiLabels } from './babi-simulator/dataset.js';
import { babiCorpus, babiPath, type BabiFolder, type BabiTask } from '../corpora/babi.js';
import { describeCorpusFiles } from '../corpora/describe-files.js';
import { obtainCorpus } from '../corpora/find-corpus.js';
import { babiBest } from './best.js';
import { babiDefaults } from './defaults.js';
import { Growing } from '../base/growing.js';
import { readLines } from '../files/lines.js';
import { MalformedLines } from '../files/malformed.js';
import { sealed } from './sealed.js';
import { withPauses } from '../base/streaming.js';
import { drawTraining } from './splits/training-draw.js';
import type { Dataset, OpenDatasetOptions } from './types.js';
import type { Example } from '../text/types.js';
import { questionsOf, type BabiQuestion } from './babi-stories.js';
import { settingsFor, type DatasetEntry, type UsualSettings } from './entry.js';

const descriptions: Readonly<Record<BabiTask, string>> = {
  1: 'where is somebody? (one supporting fact)',
  2: 'where is a thing? (two supporting facts)',
  6: 'is somebody there? (yes or no)',
};

const usual: UsualSettings = { level: 'word', defaults: babiDefaults, best: babiBest };

/** Share of the training stories, the last ones, that becomes validation data. */
const validationShare = 0.1;

/** The bAbI tasks of the paper, each with 1,000 and with 10,000 training questions; both have the same test. */
export const babiEntries: readonly DatasetEntry[] = ([1, 2, 6] as const).flatMap((task) =>
  (['en', 'en-10k'] as const).map((folder): DatasetEntry => {
    const questions = folder === 'en' ? '1,000' : '10,000';
    return {
      name: folder === 'en' ? `babi-${task}` : `babi-${task}-10k`,
      description: `bAbI task ${task}, ${questions} training questions: ${descriptions[task]}`,
      labels: babiLabels(task),
      usual,
      corpus: () => babiCorpus({ task, folder }),
      open(options) {
        return openBabi(this.name, task, folder, options);
      },
    };
  }),
);

/**
 * Opens a bAbI task (Weston et al. 2015) in its official files. The last tenth of the training stories is validation data. An
 * example is the story so far, without earlier questions, and then the question; its id is "train:line" or "test:line" of the
 * question.
 *
 * @throws AdvError DATA_MISSING, DOWNLOAD, STORAGE when the files cannot be had; DATA_MALFORMED when a line is none of the
 * format; USAGE for a limit above what exists
 */
async function openBabi(
  name: string,
  task: BabiTask,
  version: BabiFolder,
  options: OpenDatasetOptions,
): Promise<Dataset> {
  const corpus = babiCorpus({ task, folder: version });
  const folder = await obtainCorpus(corpus, options);
  const malformed = new MalformedLines(options.onMalformed);
  const { signal } = options;
  const labels = babiLabels(task);
  const file = (split: 'train' | 'test') => babiPath(version, task, split);
  const questions = (split: 'train' | 'test') => {
    const path = join(folder, file(split));
    return withPauses(questionsOf(readLines(path, { signal }), { path, answers: labels, malformed }), signal);
  };
  const scan = await scanTraining(questions('train'), labels);
  const validFrom = scan.stories - Math.max(1, Math.round(validationShare * scan.stories));
  const trainLabels = scan.labels.map((label, place) => (at(scan.storyOf, place) < validFrom ? label : -1));
  const source = { path: file('train'), names: labels, labels: trainLabels, skipped: malformed.skipped };
  const draw = drawTraining(source, options);
  const train = (valid: boolean, wanted?: Uint8Array) => () =>
    examples(questions('train'), 'train', (question, place) =>
      valid ? question.story >= validFrom : question.story < validFrom && wanted?.[place] !== 0,
    );
  const test = () => examples(questions('test'), 'test', () => true);
  const paths = [file('train'), ...(options.withoutTest === true ? [] : [file('test')])];
  const described = await describeCorpusFiles(corpus, folder, paths, signal);
  return {
    ...{ name, labels, ...settingsFor(usual, draw.count) },
    train: train(false, draw.wanted),
    valid: train(true),
    test: sealed(test),
    facts: {
      ...{
        name,
        files: described.files,
        language: 'English',
        licence: corpus.licence,
        citation: corpus.citation,
      },
      notes: [
        `validation data: the last ${scan.stories - validFrom} of ${scan.stories} training stories`,
        ...described.notes,
        ...draw.notes,
      ],
    },
    get skipped() {
      return malformed.skipped;
    },
  };
}

async function* examples(
  questions: AsyncIterable<BabiQuestion>,
  split: string,
  wanted: (question: BabiQuestion, place: number) => boolean,
): AsyncGenerator<Example, void, undefined> {
  let place = 0;
  for await (const question of questions) {
    const { line, text, answer } = question;
    if (wanted(question, place++)) yield { id: `${split}:${line}`, text, label: answer };
  }
}

/** What one pass over the training file found. */
interface TrainingScan {
  readonly stories: number;
  /** Class id of each question, in order. */
  readonly labels: Int16Array;
  /** Story of each question. */
  readonly storyOf: ArrayLike<number>;
}

async function scanTraining(
  questions: AsyncIterable<BabiQuestion>,
  names: readonly string[],
): Promise<TrainingScan> {
  const labels = new Growing(names.length);
  const storyOf = new Growing(2 ** 32);
  for await (const { story, answer } of questions) {
    labels.push(names.indexOf(answer));
    storyOf.push(story);
  }
  const last = labels.length - 1;
  return {
    stories: last < 0 ? 0 : storyOf.at(last) + 1,
    labels: Int16Array.from(labels.view()),
    storyOf: storyOf.view(),
  };
}
