import { knownFile, type Corpus, type CorpusFile } from './corpus.js';

/** The tasks that are used: one supporting fact, two supporting facts, yes or no. */
export type BabiTask = 1 | 2 | 6;

/** The folder of 1,000 training questions a task, or that of 10,000; the test questions are the same. */
export type BabiFolder = 'en' | 'en-10k';

const release = 'tasks_1-20_v1-2';

const taskNames: Readonly<Record<BabiTask, string>> = {
  1: 'qa1_single-supporting-fact',
  2: 'qa2_two-supporting-facts',
  6: 'qa6_yes-no-questions',
};

/** Bytes and SHA-256 of each file; both folders have the same test files. */
const tests = {
  1: [94_477, '55acf66cef2f6d798e2aa1d056e1ec8f24e910ea9215b639450574321132959b'],
  2: [179_835, 'eff93fb9cd81ba02eb765772cf7cc269769ed44ec71cbbbc19cfb16ee5eba0f6'],
  6: [100_109, 'b108b16f1eccbd1c24df6dca2649079a7b2f10af7fd12d4c45a3393802de59e3'],
} as const;
const trainings = {
  en: {
    1: [94_346, 'c64ba9b1a49bbb111ffc4cd2ae4f129d25c012399dd7ade9679eea464b9afb05'],
    2: [177_412, 'a4978af5bc0dc30191810e7c9949aaa6eae939ed0f6beb9fcb5f4330c2a27860'],
    6: [100_561, '5a133115ee35d475776df703ff605d145b11effbcdbf7e74861f9d5639246a5a'],
  },
  'en-10k': {
    1: [944_248, '749ea9f7c99070feb2d88c975a254417a0dcc8274add4435ae5ae24c7afc7e9d'],
    2: [1_794_716, 'd4074c0c5d54f70ce2f538056ce2b6ef6a313da336da4245f1a24f1298e37ef3'],
    6: [1_003_212, '602f379184bf3cb59660d0f7769d9c94ccdc1fc4d82dfe90bd460d985b1ff0c5'],
  },
} as const;

/** Where a file of questions lies below the folder `babi`. */
export function babiPath(folder: BabiFolder, task: BabiTask, split: 'train' | 'test'): string {
  return `${release}/${folder}/${taskNames[task]}_${split}.txt`;
}

/**
 * The English bAbI tasks 1, 2 and 6, version 1.2.
 *
 * @param needs what a dataset reads: the files of the other tasks or of the other folder are fetched but not missed
 */
export function babiCorpus(needs: { readonly task?: BabiTask; readonly folder?: BabiFolder } = {}): Corpus {
  const files = (['en', 'en-10k'] as const).flatMap((folder) =>
    ([1, 2, 6] as const).flatMap((task): CorpusFile[] => {
      const optional = (needs.task ?? task) !== task || (needs.folder ?? folder) !== folder;
      return (['train', 'test'] as const).map((split) => {
        const [bytes, sha256] = split === 'train' ? trainings[folder][task] : tests[task];
        return { ...knownFile(babiPath(folder, task, split), bytes, sha256), optional };
      });
    }),
  );
  const members = Object.fromEntries(files.map(({ path }) => [path, path]));
  return {
    name: 'babi',
    title: 'bAbI tasks 1, 2 and 6, version 1.2, English',
    files,
    sources: [
      {
        kind: 'archive',
        url: 'https://thespermwhale.com/jaseweston/babi/tasks_1-20_v1-2.tar.gz',
        format: 'tar.gz',
        members,
      },
      // The copy that the examples of Keras use.
      {
        kind: 'archive',
        url: 'https://s3.amazonaws.com/text-datasets/babi_tasks_1-20_v1-2.tar.gz',
        format: 'tar.gz',
        members,
      },
    ],
    page: 'https://research.fb.com/downloads/babi/',
    licence: 'CC BY 3.0',
    citation:
      'J. Weston, A. Bordes, S. Chopra, A. M. Rush, B. van Merriënboer, A. Joulin, T. Mikolov: Towards AI-Complete ' +
      'Question Answering: A Set of Prerequisite Toy Tasks, 2015, arXiv:1502.05698',
  };
}
