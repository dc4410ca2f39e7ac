import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allCorpora } from '../../../src/corpora/all.js';
import { babiCorpus } from '../../../src/corpora/babi.js';
import { dslCorpus } from '../../../src/corpora/dsl.js';
import { addresses } from '../../../src/corpora/fetch/by-hand.js';
import { mirrorVariable, sourcesOf } from '../../../src/corpora/sources.js';
import { digestFile } from '../../../src/files/files.js';
import { advError } from '../support.js';

const realData = process.env['ADVNATIVE_DATA'];
const corpora = allCorpora().map((corpus) => [corpus.name, corpus] as const);

describe.each(corpora)('the description of %s', (_, corpus) => {
  test('says where every file comes from, on what terms', () => {
    const paths = corpus.files.map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(1);
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of paths) expect(path).toMatch(/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/);
    for (const text of [corpus.title, corpus.licence, corpus.citation]) expect(text).toMatch(/\w/);
    const [official] = corpus.sources;
    const offered = official?.kind === 'archive' ? official.members : official?.urls;
    expect(Object.keys(offered ?? {}).toSorted()).toEqual(paths.toSorted());
    for (const url of corpus.sources.flatMap(addresses)) expect(new URL(url).protocol).toMatch(/^https?:$/);
  });

  test('knows checksums wherever a mirror is named: nobody vouches for one', () => {
    const mirrored = corpus.sources
      .slice(1)
      .flatMap((source) => Object.keys(source.kind === 'archive' ? source.members : source.urls));
    for (const { path, checksum } of corpus.files) {
      if (mirrored.includes(path)) expect(checksum, path).toBeDefined();
    }
  });
});

test('the corpora have names of their own, and a variable each', () => {
  expect(corpora.map(([name]) => mirrorVariable(name))).toEqual([
    'ADVNATIVE_MIRROR_DSL',
    'ADVNATIVE_MIRROR_BABI',
    'ADVNATIVE_MIRROR_SUBJECTIVITY',
    'ADVNATIVE_MIRROR_CZECH_FACEBOOK',
    'ADVNATIVE_MIRROR_CZECH_CSFD',
    'ADVNATIVE_MIRROR_CZECH_MALL',
  ]);
});

test('a mirror has archives under their own names and files under their paths', () => {
  const urls = (name: string) => {
    const corpus = allCorpora().find((one) => one.name === name);
    if (corpus === undefined) throw new Error(`no corpus ${name}`);
    return sourcesOf(corpus, { [mirrorVariable(name)]: 'https://m.example/x//' }).flatMap(addresses);
  };
  expect(urls('babi')).toEqual(['https://m.example/x/tasks_1-20_v1-2.tar.gz']);
  expect(urls('czech-mall')).toEqual(['https://m.example/x/mallcz.zip']);
  expect(urls('dsl')).toEqual([
    'https://m.example/x/train-dev/train.txt',
    'https://m.example/x/train-dev/devel.txt',
    'https://m.example/x/gold/test-gold.txt',
  ]);
});

test('white space around the address of a mirror is no part of it, and a question is no folder', () => {
  const corpus = dslCorpus();
  const first = (mirror: string) => {
    const [source] = sourcesOf(corpus, { ADVNATIVE_MIRROR_DSL: mirror });
    return source?.kind === 'files' ? source.urls['train-dev/train.txt'] : undefined;
  };
  for (const mirror of ['https://m.example/x', ' https://m.example/x/ ', 'https://m.example/x//\n'])
    expect(first(mirror)).toBe('https://m.example/x/train-dev/train.txt');
  const wrong = 'https://m.example/x?y https://m.example/#x file:///x ftp://m.example/ m.example'.split(' ');
  for (const mirror of wrong)
    expect(() => first(mirror)).toThrow(advError('USAGE', /ADVNATIVE_MIRROR_DSL: expected a URL/));
});

test('a dataset of one bAbI task does without the files of the others', () => {
  const needed = (needs: Parameters<typeof babiCorpus>[0]) =>
    babiCorpus(needs)
      .files.filter(({ optional }) => optional !== true)
      .map(({ path }) => path);
  expect(needed({})).toHaveLength(12);
  expect(needed({ task: 6, folder: 'en-10k' })).toEqual([
    'tasks_1-20_v1-2/en-10k/qa6_yes-no-questions_train.txt',
    'tasks_1-20_v1-2/en-10k/qa6_yes-no-questions_test.txt',
  ]);
});

describe.runIf(realData)('the real corpora', () => {
  // What lies in their place is a pool of other sentences, or not there.
  const replaced = ['train-dev/train.txt', 'train-dev/devel.txt', 'positive.txt', 'neutral.txt'];

  test.each(corpora)('%s has the checksums and sizes that are known of it', async (name, corpus) => {
    for (const { path, checksum, bytes } of corpus.files) {
      if (checksum === undefined || replaced.includes(path)) continue;
      const digest = await digestFile(join(realData ?? '', name, path));
      expect(digest[checksum.kind], path).toBe(checksum.value);
      expect(digest.bytes, path).toBe(bytes);
    }
  });
});
