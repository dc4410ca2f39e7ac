import type { TopLevelSpec } from 'vega-lite';

/** One of several small charts beside each other. */
export interface SmallChart {
  /** What sets it apart from the others. */
  readonly title: string;
  /** What a reader is told who cannot see it. */
  readonly alternative: string;
  readonly specification: TopLevelSpec;
}

/** Small charts of one kind under one caption; as many stand beside each other as a window has room for. */
export interface SmallMultiples {
  /** What they have in common, where a section has several of them. */
  readonly heading?: string;
  /** What a reader must know to read them; empty where that stands before. */
  readonly caption: string;
  readonly charts: readonly SmallChart[];
  /** CSS pixels of each. */
  readonly width: number;
}
