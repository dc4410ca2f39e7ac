import type { Line } from '../files/lines.js';
import type { MalformedLines } from '../files/malformed.js';

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
 * begins a new story. After a malformed line the rest of its story is left out as well: what it told is missing.
 *
 * @throws AdvError DATA_MALFORMED when `malformed` stops at a line
 */
export async function* questionsOf(
  lines: AsyncIterable<Line>,
  { path, answers, malformed }: BabiFormat,
): AsyncGenerator<BabiQuestion, void, undefined> {
  let story = -1;
  let sentences: string[] = [];
  /** The number of the next line of the story; undefined after a malformed one. */
  let expected: number | undefined = 1;
  for await (const line of lines) {
    const parsed = 'problem' in line ? line.problem : parseLine(line.text, answers);
    if (typeof parsed !== 'string' && parsed.number === 1) [story, expected, sentences] = [story + 1, 1, []];
    const placed: BabiLine | string = typeof parsed === 'string' ? parsed : inPlace(parsed, expected);
    if (typeof placed === 'string') {
      malformed.report(path, line.number, placed);
      expected = undefined;
      continue;
    }
    const { number, sentence, answer }: BabiLine = placed;
    expected = number + 1;
    if (answer === undefined) sentences.push(sentence);
    else yield { line: line.number, story, text: [...sentences, sentence].join(' '), answer };
  }
}

/** The line when it is the one that its story goes on with, else what is wrong. */
function inPlace(line: BabiLine, expected: number | undefined): BabiLine | string {
  const { number } = line;
  if (expected === undefined) return 'part of a story with a malformed line';
  if (number === expected && number <= longestStory) return line;
  return `line number ${number} of a story of at most ${longestStory} lines, which go up by one from 1`;
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
