import type { Level } from '../types.js';

/**
 * A step of a tokenizer, named and versioned: inference must do exactly what training did, so that a change of what a step
 * gives for any text is a new version.
 */
interface NamedStep {
  readonly name: string;
  readonly version: number;
}

/** Rewrites a text before it is split. */
export interface TextStep extends NamedStep {
  readonly kind: 'text';
  apply(text: string): string;
}

/** Splits a text into tokens; every tokenizer has exactly one. */
export interface SplitStep extends NamedStep {
  readonly kind: 'split';
  /** What its tokens are. */
  readonly level: Level;
  apply(text: string): string[];
}

/** Rewrites one token, after the text is split, to one that is not empty either. */
export interface TokenStep extends NamedStep {
  readonly kind: 'token';
  apply(token: string): string;
}

export type Step = TextStep | SplitStep | TokenStep;
