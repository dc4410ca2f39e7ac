import type { Line } from '../lines.js';
import type { MalformedLines } from '../malformed.js';

/** A question of a bAbI file with the story before it. */
export interface BabiQuestion {
  /** Line of the question, from 1. */
  readonly line: number;
  /** Number of the story, from 0. */
  readonly story: number;
  /** The sentences so far, without earlier questions, and then this question. */
  readonly text: string;
  readonly answer: string;
}

/** Longest story in lines: the longest of the published tasks has 228; a file that never begins anew would fill the memory. */
const longestStory = 1000;

const lineForm = /^(\d+) +(\S.*)$/u;

/** What a file of bAbI stories may hold, and where its malformed lines go. */
export interface BabiFormat {
  /** The file, for messages. */
  readonly path: string;
  /** What an answer may be. */
  readonly answers: readonly string[];
  readonly malformed: MalformedLines;
}

/**
 * Streams the questions of lines in the bAbI format: `N sentence` or `N question?<TAB>answer<TAB>ids of supporting lines`; N = 1
 * begins a new story.
 *
 * @throws AdvError DATA_MALFORMED when `malformed` stops at a line
 */
export async function* questionsOf(
  lines: AsyncIterable<Line>,
  { path, answers, malformed }: BabiFormat,
): AsyncGenerator<BabiQuestion, void, undefined> {
  let story = -1;
  let expected = 1;
  let sentences: string[] = [];
  for await (const line of lines) {
    const parsed = 'problem' in line ? line.problem : parseLine(line.text, answers);
    if (typeof parsed === 'string') {
      malformed.report(path, line.number, parsed);
      expected++;
      continue;
    }
    if (parsed.number === 1) [story, expected, sentences] = [story + 1, 1, []];
    const wrong = parsed.number !== expected;
    expected = parsed.number + 1;
    if (wrong || parsed.number > longestStory) {
      malformed.report(
        path,
        line.number,
        `line number ${parsed.number} of a story of at most ${longestStory} lines, which go up by one from 1`,
      );
      continue;
    }
    if (parsed.answer === undefined) {
      sentences.push(parsed.sentence);
    } else {
      const text = [...sentences, parsed.sentence].join(' ');
      yield { line: line.number, story: Math.max(story, 0), text, answer: parsed.answer };
    }
  }
}

interface BabiLine {
  readonly number: number;
  readonly sentence: string;
  readonly answer: string | undefined;
}

/** The parts of a line, or what is wrong with it. */
function parseLine(line: string, answers: readonly string[]): BabiLine | string {
  const [, number, rest] = lineForm.exec(line) ?? [];
  if (number === undefined || rest === undefined) return 'expected a number, a space and a sentence';
  const [sentence = '', answer, ...more] = rest.split('\t');
  if (answer === undefined) return { number: Number(number), sentence: sentence.trim(), answer: undefined };
  if (sentence.trim() === '') return 'empty question before the tab';
  if (more.length !== 1) return `${more.length + 1} tabs, expected question, answer and supporting lines`;
  if (!answers.includes(answer)) return `answer '${answer}', expected one of ${answers.join(', ')}`;
  return { number: Number(number), sentence: sentence.trim(), answer };
}
