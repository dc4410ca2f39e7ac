import { onFirstUse } from '../../base/on-first-use.js';
import { tokenizerOf } from '../../text/tokenizers/pipeline.js';
import type { Dataset } from '../types.js';
import type { Example, Level, Tokenizer } from '../../text/types.js';
import type { DatasetDefaults } from '../../recipe/table.js';
import { withNotes } from '../with-notes.js';
import type { Doubt } from './doubt.js';
import { sum } from '../../statistics/sum.js';

/** A script whose texts have no spaces between words. */
interface Script {
  readonly name: string;
  /** Finds its letters and marks. */
  readonly letters: RegExp;
  /** Letters of a token from which on it is more than one word, on average over a text. */
  readonly longestWord: number;
}

const script = (name: string, longestWord: number, property = `Script=${name}`): Script => ({
  name,
  letters: new RegExp(String.raw`(?=[\p{L}\p{M}])\p{${property}}`, 'gu'),
  longestWord,
});

/** Korean is not among them, nor is Tibetan where a split parts its syllables: what tokens are made of it decides. */
const scripts = onFirstUse((): readonly Script[] => [
  script('Han', 3),
  script('Hiragana', 3),
  // What lengthens a vowel belongs to both kana; it is counted once.
  script('Katakana', 3, 'Script_Extensions=Katakana'),
  ...['Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan'].map((name) => script(name, 8)),
]);

/** Blocks of these scripts, for a quick look: most texts have nothing of them. */
const mayHaveSuch =
  /[\u0e00-\u109f\u1780-\u17ff\u3005-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff66-\uff9d\ud840-\ud888]/;

const letter = /[\p{L}\p{M}]/gu;

/** Share of a text's letters that must be of such scripts: names of other languages are written with many letters. */
const leastLetters = 1 / 3;

/** Share of the texts from which on characters are read where the user says nothing, and from which on words are warned of. */
const most = 1 / 2;
const some = 1 / 10;

/** Share of the letters of such scripts from which on a script is named. */
const named = 1 / 10;

/** What a tokenizer makes of texts in scripts without spaces. */
interface ClauseReading {
  /** The texts of which it makes a token a clause. */
  readonly examples: readonly Example[];
  /** Their share of all texts. */
  readonly share: number;
  /** Names of their scripts, the most frequent first. */
  readonly scripts: readonly string[];
}

/**
 * The level of data that states none: characters where the usual words would be whole clauses for half of the texts or more.
 *
 * @param sample of the training data
 */
export function levelFor(
  sample: readonly Example[],
  defaults: Readonly<Record<Level, Pick<DatasetDefaults, 'tokenizer'>>>,
): Pick<Dataset, 'level' | 'unspaced'> {
  const { share, scripts: names } = readByClauses(sample, tokenizerOf(defaults.word.tokenizer));
  return share >= most ? { level: 'char', unspaced: names } : { level: 'word' };
}

/** The dataset with a note of what its texts' script decided, where it was not the user who did. */
export function withLevelNote(
  dataset: Dataset,
  chosen: { readonly level?: Level | undefined; readonly tokenizer?: readonly string[] | undefined },
): Dataset {
  const { facts, unspaced } = dataset;
  if (unspaced === undefined || chosen.level !== undefined) return dataset;
  const decided =
    chosen.tokenizer === undefined
      ? 'characters are read'
      : 'sizes, rates and the longest text are those for characters, unless --level says otherwise';
  const note = `most texts are in a script without spaces between words (${unspaced.join(', ')}): ${decided}`;
  return withNotes(dataset, [...facts.notes, note]);
}

/**
 * Texts in scripts without spaces of which a tokenizer makes a token a clause, where a tenth of the texts or more are such.
 *
 * @param sample of the training data
 * @param isUsed false when they are read otherwise, and this is what the tokenizer would make of them
 */
export function clauseDoubts(sample: readonly Example[], tokenizer: Tokenizer, isUsed = true): Doubt[] {
  const { examples, share, scripts: names } = readByClauses(sample, tokenizer);
  if (!(share >= some)) return [];
  const texts = `${(100 * share).toFixed(0)} % of the texts are in a script without spaces between words (${names.join(', ')})`;
  const steps = tokenizer.steps.join(', ');
  return [
    {
      code: 'SCRIPT_WITHOUT_SPACES',
      message: isUsed
        ? `${texts}, and the tokenizer (${steps}) makes one token of a whole clause: --level char, without --tokenizer, reads characters`
        : `${texts}, of which words (${steps}) would be whole clauses: characters are read`,
      ...{ splits: ['train'], count: examples.length, share, examples },
    },
  ];
}

function readByClauses(sample: readonly Example[], tokenizer: Tokenizer): ClauseReading {
  const counts = scripts().map(() => 0);
  const examples = sample.filter(({ text }) => {
    const letters = mayHaveSuch.test(text) ? lettersOf(text) : [];
    if (!isOfSuchScripts(text, letters) || !makesClauses(tokenizer.tokenize(text))) return false;
    letters.forEach((count, place) => (counts[place] = (counts[place] ?? 0) + count));
    return true;
  });
  const total = sum(counts);
  return {
    examples,
    share: sample.length === 0 ? 0 : examples.length / sample.length,
    scripts: scripts()
      .map(({ name }, place) => ({ name, count: counts[place] ?? 0 }))
      .filter(({ count }) => count > 0 && count >= named * total)
      .sort((one, other) => other.count - one.count)
      .map(({ name }) => name),
  };
}

function isOfSuchScripts(text: string, letters: readonly number[]): boolean {
  const found = sum(letters);
  return found > 0 && found >= leastLetters * countOf(text, letter);
}

/**
 * Whether tokens are longer than words are, or a text is a single token of more than half a word's length: words that somebody has
 * put spaces between are neither.
 */
function makesClauses(tokens: readonly string[]): boolean {
  const lengths = tokens.map(lengthInWords).filter((length) => length > 0);
  const mean = sum(lengths) / lengths.length;
  return mean > (lengths.length === 1 ? 1 / 2 : 1);
}

/** Of its letters of such scripts, in the longest words that they usually make. */
function lengthInWords(token: string): number {
  if (!mayHaveSuch.test(token)) return 0;
  return sum(lettersOf(token).map((count, place) => count / (scripts()[place]?.longestWord ?? 1)));
}

/** Letters of each of the scripts. */
function lettersOf(text: string): number[] {
  return scripts().map(({ letters }) => countOf(text, letters));
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
