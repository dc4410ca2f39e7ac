import { AdvError } from '../../base/errors.js';
import { at } from '../../base/at.js';
import { countByClass } from '../../statistics/class-counts.js';
import { drawBalanced } from './draw.js';
import { Random } from '../../base/random.js';
import type { OpenDatasetOptions } from '../types.js';
import type { SkippedLines } from '../../files/types.js';

/** What of the options decides a draw. */
type DrawOptions = Pick<OpenDatasetOptions, 'limit' | 'seed' | 'allowIncomplete'>;

/** Which examples of a training file are drawn, and what a reader of a result must know about the draw. */
export interface TrainingDraw {
  /** 1 for each example drawn; undefined when all are. */
  readonly wanted: Uint8Array | undefined;
  /** How many that are. */
  readonly count: number;
  readonly notes: readonly string[];
}

/** The training examples that a draw chooses from. */
export interface DrawSource {
  /** The file, for messages. */
  readonly path: string;
  readonly names: readonly string[];
  /** Class id of each example, or -1 for one that is not training data. */
  readonly labels: Int16Array;
  /** Lines left out as malformed: they may be why there are so few examples. */
  readonly skipped: SkippedLines;
}

/** For a message on too few examples: how many lines were left out, and the first of them. */
export function describeSkipped({ skipped: { count, first } }: Pick<DrawSource, 'skipped'>): string {
  if (count === 0) return '';
  return `; ${count} malformed ${count === 1 ? 'line was' : 'lines were'} left out, the first: ${first[0] ?? ''}`;
}

/**
 * Draws `limit` training examples balanced over classes, or takes all when it is absent.
 *
 * @throws AdvError DATA_MALFORMED when the data has fewer than two classes and that is not allowed, USAGE when the limit is above
 * what exists or leaves fewer than two classes
 */
export function drawTraining(source: DrawSource, options: DrawOptions): TrainingDraw {
  const { path, names, labels } = source;
  const { limit, seed, allowIncomplete = false } = options;
  const counts = countByClass(labels, names.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!allowIncomplete) requireTwoClasses(source, counts);
  if (limit === undefined || limit === total) return { wanted: undefined, count: total, notes: [] };
  if (limit > total) {
    throw new AdvError(
      'USAGE',
      `expected a limit of at most ${total} training examples, which is what ${path} gives, got ${limit}`,
      `Use --limit ${total}, or leave it out to train on all.`,
    );
  }
  if (limit < 2) {
    throw new AdvError(
      'USAGE',
      `expected a limit of at least 2, so that two classes are left, got ${limit}`,
      'Use a larger --limit.',
    );
  }
  const wanted = drawBalanced(labels, names.length, limit, new Random(seed, 'training draw'));
  return { wanted, count: limit, notes: [describeDraw(names, counts, limit)] };
}

function requireTwoClasses(source: DrawSource, counts: Int32Array): void {
  const { path, names } = source;
  const present = names.filter((_, id) => at(counts, id) > 0);
  if (present.length >= 2) return;
  throw new AdvError(
    'DATA_MALFORMED',
    `${path}: expected training examples of at least two classes, got ` +
      (present.length === 0 ? 'none' : `only '${present.join('')}'`) +
      describeSkipped(source),
    'A classifier needs examples of two classes or more in its training data.',
  );
}

function describeDraw(names: readonly string[], counts: Int32Array, limit: number): string {
  const share = Math.floor(limit / names.length);
  const short = names.flatMap((name, id) => {
    const count = at(counts, id);
    return count < share ? [`${name} ${count}`] : [];
  });
  const even = `training data: ${limit} examples drawn by seed, about ${share} of each of ${names.length} classes`;
  if (short.length === 0) return even;
  return `${even}; classes with fewer give all they have (${short.join(', ')}) and the others fill up evenly`;
}
