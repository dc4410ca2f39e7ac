/** What evidence says of a claim. */
export type Verdict = 'supported' | 'contradicted' | 'undecided' | 'not tested';

/** A claim of the paper, or a question that it leaves open, and what a study says of it. */
export interface JudgedClaim {
  readonly name: string;
  /** In one sentence, as something that can be true or false. */
  readonly claim: string;
  /** Where the paper says it, or that it is not the paper's. */
  readonly source: string;
  /** What is measured, and what a number below 0 means. */
  readonly effect: string;
  readonly verdict: Verdict;
  /** Null where there is no evidence. */
  readonly evidence: ClaimEvidence | null;
}

/** What a verdict is made of. */
export interface ClaimEvidence {
  readonly mean: number;
  /** 95 % interval; null where it rests on one value. */
  readonly ci95: readonly [number, number] | null;
  /** What varies in the interval. */
  readonly over: 'rows' | 'seeds';
  readonly n: number;
  /** Rows that it rests on, with the size where there are several. */
  readonly rows: readonly string[];
}
