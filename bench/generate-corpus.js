// Writes a labelled file of invented words, the same bytes for the same size: 50,000 words that occur as words do (the
// n-th most frequent about 1/n as often as the first), 8 to 19 of them a line, four labels.
//
//   node bench/generate-corpus.js FILE MEGABYTES
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';

const syllables = 'ba ce di fo gu la me ni po ru sa te vi zo ža či'.split(' ');
const vocabularySize = 50_000;
const labels = ['north', 'east', 'south', 'west'];
const linesAtOnce = 2000;

/** Marsaglia's xorshift of 32 bits: a number in [0, bound) at each call. */
function numbers() {
  let state = 1;
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

/**
 * Writes whole lines until the file has at least so many bytes.
 *
 * @param {string} path
 * @param {number} bytes
 */
export async function generateCorpus(path, bytes) {
  const next = numbers();
  const words = Array.from({ length: vocabularySize }, (_, number) => word(number));
  const line = () => {
    const drawn = Array.from({ length: 8 + next(12) }, () => {
      const rank = Math.floor(vocabularySize ** (next(2 ** 20) / 2 ** 20));
      return words[rank - 1];
    });
    return `${drawn.join(' ')}\t${labels[next(labels.length)]}\n`;
  };
  const file = createWriteStream(path);
  for (let written = 0; written < bytes;) {
    const part = Buffer.from(Array.from({ length: linesAtOnce }, line).join(''));
    written += part.length;
    if (!file.write(part)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, megabytes] = process.argv.slice(2);
  if (path === undefined || !(Number(megabytes) > 0)) {
    throw new Error('expected: node bench/generate-corpus.js FILE MEGABYTES');
  }
  await generateCorpus(path, Number(megabytes) * 1e6);
}
