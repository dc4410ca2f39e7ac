import { join } from 'node:path';
import { AdvError } from '../base/errors.js';
import { czechFacebookCorpus, facebookPaths } from '../corpora/czech-facebook.js';
import { czechPostsBest } from './best.js';
import { czechPostsDefaults } from './defaults.js';
import { readLines, type Line } from '../files/lines.js';
import type { MalformedLines } from '../files/malformed.js';
import type { Example } from '../text/types.js';
import type { DatasetEntry } from './entry.js';
import { unsplitEntry } from './unsplit-entry.js';

const { posts: postsFile, labels: labelsFile } = facebookPaths;

/** What the letters of the labels file stand for. */
const classes: ReadonlyMap<string, string> = new Map([
  ['b', 'bipolar'],
  ['n', 'negative'],
  ['0', 'neutral'],
  ['p', 'positive'],
]);

/** The posts, without those of one class where it is left out. */
function postsEntry(named: Pick<DatasetEntry, 'name' | 'description'>, leftOut?: string): DatasetEntry {
  return unsplitEntry({
    ...named,
    labels: [...classes.values()].filter((label) => label !== leftOut).sort(),
    language: 'Czech, some Slovak',
    corpus: czechFacebookCorpus,
    defaults: czechPostsDefaults,
    best: czechPostsBest,
    paths: [postsFile, labelsFile],
    async *read({ folder, malformed, signal }) {
      const files = { posts: join(folder, postsFile), labels: join(folder, labelsFile) };
      const posts = readLines(files.posts, { signal });
      const labels = readLines(files.labels, { signal });
      for await (const example of joinPosts(posts, labels, files, malformed)) {
        if (example.label !== leftOut) yield example;
      }
    },
  });
}

/**
 * Posts from Facebook pages of Czech brands (Habernal, Ptáček and Steinberger 2013), in two files aligned by line. An example's id
 * is "post:line".
 */
export const czechFacebook = postsEntry({
  name: 'czech-facebook',
  description: 'Facebook posts, Czech: positive, neutral, negative or bipolar',
});

/** The same without the bipolar posts, which are few. */
export const czechFacebookOfThree = postsEntry(
  { name: 'czech-facebook-3', description: 'the same Facebook posts without the bipolar ones' },
  'bipolar',
);

/** The two files by their paths, for messages. */
interface AlignedFiles {
  readonly posts: string;
  readonly labels: string;
}

/**
 * Joins posts and labels line by line.
 *
 * @throws AdvError DATA_MALFORMED when one has more lines than the other, or `malformed` stops at a line
 */
export async function* joinPosts(
  posts: AsyncGenerator<Line>,
  letters: AsyncGenerator<Line>,
  files: AlignedFiles,
  malformed: MalformedLines,
): AsyncGenerator<Example, void, undefined> {
  for await (const [post, letter] of pairs(posts, letters)) {
    if (post === undefined || letter === undefined) {
      throw post === undefined
        ? unaligned(files.labels, files.posts, letter?.number)
        : unaligned(files.posts, files.labels, post.number);
    }
    const read = exampleOf(post, letter);
    if (typeof read === 'string') malformed.report(files.posts, post.number, read);
    else yield read;
  }
}

/** A post and its label as an example, or what is wrong with them. */
function exampleOf(post: Line, label: Line): Example | string {
  if ('problem' in post) return post.problem;
  if ('problem' in label) return `its label is ${label.problem}`;
  const text = post.text.trim();
  const name = classes.get(label.text.trim());
  if (text === '') return 'empty post';
  if (name === undefined) {
    return `its label in ${labelsFile} is '${label.text.trim()}', expected one of ${[...classes.keys()].join(', ')}`;
  }
  return { id: `post:${post.number}`, text, label: name };
}

function unaligned(longer: string, shorter: string, line: number | undefined): AdvError {
  return new AdvError(
    'DATA_MALFORMED',
    `expected as many lines in ${shorter} as in ${longer}, but it ends before line ${line ?? 1}`,
    'The two files go together line by line: take both from one download.',
  );
}

/** Two streams side by side, until both have ended. */
async function* pairs<Item>(
  left: AsyncGenerator<Item>,
  right: AsyncGenerator<Item>,
): AsyncGenerator<[Item | undefined, Item | undefined], void, undefined> {
  try {
    for (;;) {
      const [one, other] = [await left.next(), await right.next()];
      if (one.done && other.done) return;
      yield [one.done ? undefined : one.value, other.done ? undefined : other.value];
    }
  } finally {
    await left.return(undefined);
    await right.return(undefined);
  }
}
