// Writes a labelled file of invented words, the same bytes for the same options: 50,000 words that occur as words do (the
// n-th most frequent about 1/n as often as the first), 8 to 19 of them a line, four labels.
//
//   node bench/generate-corpus.js FILE MEGABYTES
//   node bench/generate-corpus.js FILE --lines N [options]
//
// The second form writes lines with the labels of DSL 2015, the same number of each but for copies, and as long as its sentences: 217
// characters in the mean, 4 % of them longer than 400. A share X of them copies an earlier line, copies one but for a word, or copies
// one with another label; how many of each, and how many characters in all, is printed as JSON. --help shows the options.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AdvError } from '../dist/base/errors.js';
import { integer, number } from '../dist/base/rules.js';
import { runScript } from '../dist/cli/script.js';

const syllables = 'ba ce di fo gu la me ni po ru sa te vi zo ža či'.split(' ');
const vocabularySize = 50_000;
const fourLabels = ['north', 'east', 'south', 'west'];
const dslLabels = 'bg bs cz es-AR es-ES hr id mk my pt-BR pt-PT sk sr xx'.split(' ');
const linesAtOnce = 2000;

/** Words of the shortest and of the longest line: most are short, a few long, as sentences are. */
const [fewestWords, mostWords] = [24, 75];

/** Earlier lines that are still there to be copied. */
const linesRemembered = 1000;

/** Marsaglia's xorshift of 32 bits: a number in [0, bound) at each call. */
function numbers(seed = 1) {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

function word(number) {
  let text = '';
  for (let rest = number + 1; rest > 0; rest = Math.floor(rest / syllables.length)) {
    text += syllables[rest % syllables.length];
  }
  return text;
}

/** A number in [0, 1). */
const share = (next) => next(2 ** 20) / 2 ** 20;

/** Draws words as often as words occur. */
function wordDraw(next) {
  const words = Array.from({ length: vocabularySize }, (_, number) => word(number));
  return () => words[Math.floor(vocabularySize ** share(next)) - 1];
}

/** Writes lines until there are enough. */
async function writeLines(path, line, isEnough) {
  const file = createWriteStream(path);
  for (let [bytes, lines] = [0, 0]; !isEnough(bytes, lines);) {
    let part = '';
    for (let count = 0; count < linesAtOnce && !isEnough(0, lines); count++, lines++) part += line();
    bytes += Buffer.byteLength(part);
    if (!file.write(part)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

/**
 * Writes whole lines until the file has at least so many bytes.
 *
 * @param {string} path
 * @param {number} bytes
 */
export async function generateCorpus(path, bytes) {
  const next = numbers();
  const draw = wordDraw(next);
  const line = () => {
    const drawn = Array.from({ length: 8 + next(12) }, draw);
    return `${drawn.join(' ')}\t${fourLabels[next(fourLabels.length)]}\n`;
  };
  await writeLines(path, line, (written) => written >= bytes);
}

/**
 * Writes lines of the length and the labels of DSL 2015, some of which are like earlier ones.
 *
 * @param {string} path
 * @param {object} options
 * @param {number} options.lines
 * @param {number} [options.copies] share of lines that copy an earlier one
 * @param {number} [options.edits] share of lines that copy an earlier one but for one word
 * @param {number} [options.relabelled] share of lines that copy an earlier one with another label
 * @param {number} [options.seed] from 1 on: another seed, another file
 * @returns {Promise<{ characters: number, copies: number, edits: number, relabelled: number }>} characters of all texts, and how
 *   many copies there are of each kind
 */
export async function generateSentences(path, { lines, copies = 0, edits = 0, relabelled = 0, seed = 1 }) {
  const next = numbers(seed);
  const draw = wordDraw(next);
  const counts = { characters: 0, copies: 0, edits: 0, relabelled: 0 };
  const earlier = [];
  let number = 0;
  const fresh = () => {
    const length = Math.floor(fewestWords * (mostWords / fewestWords) ** (share(next) ** 2));
    return { words: Array.from({ length }, draw), label: number % dslLabels.length };
  };
  const made = () => {
    const chance = share(next);
    if (earlier.length < linesRemembered || chance >= copies + edits + relabelled) return fresh();
    const { words, label } = earlier[next(earlier.length)];
    if (chance < copies) {
      counts.copies += 1;
      return { words, label };
    }
    if (chance < copies + edits) {
      counts.edits += 1;
      const place = next(words.length);
      return { words: words.with(place, `${words[place]}q${next(2 ** 20)}`), label };
    }
    counts.relabelled += 1;
    return { words, label: (label + 1) % dslLabels.length };
  };
  const line = () => {
    const one = made();
    earlier[number++ % linesRemembered] = one;
    const text = one.words.join(' ');
    counts.characters += text.length;
    return `${text}\t${dslLabels[one.label]}\n`;
  };
  await writeLines(path, line, (_, written) => written >= lines);
  return counts;
}

const shareOption = (flag, help) => ({
  flag,
  help,
  defaultWords: '0',
  rule: number('a number from 0 to 1', (value) => value >= 0 && value <= 1),
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript({
    name: 'node bench/generate-corpus.js',
    description: 'writes a labelled file of invented words',
    arguments: { '<file>': 'to be written', '[megabytes]': 'its size, where --lines is not given' },
    table: {
      lines: {
        flag: '--lines <n>',
        help: 'so many lines, of the length and the labels of DSL 2015',
        rule: integer(1),
      },
      copies: shareOption('--copies <x>', 'share of lines that copy an earlier one'),
      edits: shareOption('--edits <x>', 'share of lines that copy an earlier one but for one word'),
      relabelled: shareOption(
        '--relabelled <x>',
        'share of lines that copy an earlier one with another label',
      ),
      seed: { flag: '--seed <n>', help: 'seed of the lines', defaultWords: '1', rule: integer(0) },
    },
    examples: [
      'node bench/generate-corpus.js corpus.tsv 100                   100 MB',
      'node bench/generate-corpus.js dsl.tsv --lines 14000 --copies 0.01',
    ],
    body: async ({ result }, options, path, megabytes) => {
      if (options.lines !== undefined && megabytes === undefined) {
        const counts = await generateSentences(path, options);
        return result(counts, () => JSON.stringify(counts));
      }
      if (Object.keys(options).length > 0 || !(Number(megabytes) > 0)) {
        throw new AdvError('USAGE', 'expected FILE MEGABYTES, or FILE --lines N and what goes with it');
      }
      await generateCorpus(path, Number(megabytes) * 1e6);
    },
  });
}
