import { contrast, ofPairs, over, type Evidence, type RowEffect } from './evidence.js';
import {
  dataFamily,
  gapDifference,
  isOfPaper,
  isSameBut,
  lossRatio,
  lossShare,
  rowEffect,
  type SeedEffect,
} from './row-effects.js';
import type { AnalysedRow } from './study-analysis.js';

/** What evidence says of a claim. */
export type Verdict = 'supported' | 'contradicted' | 'undecided' | 'not tested';

/** A claim of the paper, or a question that it leaves open, and what a study says of it. */
export interface JudgedClaim {
  readonly name: string;
  /** In one sentence, as something that can be true or false. */
  readonly claim: string;
  /** Where the paper says it, or that it is not the paper's. */
  readonly source: string;
  /** What is measured: below 0 it speaks for the claim. */
  readonly effect: string;
  readonly verdict: Verdict;
  /** Null where there is no evidence. */
  readonly evidence: Evidence | null;
}

interface Claim extends Omit<JudgedClaim, 'verdict' | 'evidence'> {
  readonly evidence: (rows: readonly AnalysedRow[]) => Evidence | null;
  /** Of a claim that something makes no difference: how large one may be. */
  readonly within?: number;
}

type Columns = readonly [column: string, other: string];

const regime: Columns = ['adversarial', 'vanilla'];

/** Of all rows, where one is not named otherwise, those of the paper's table with big models. */
const claims: readonly Claim[] = [
  {
    name: 'lower-loss',
    claim: 'Adversarial training lowers the test loss on most datasets.',
    source: 'section 6',
    effect: 'relative difference of the test loss, adversarial to vanilla',
    evidence: (rows) => over(effects(rows.filter(isOfPaper), regime)),
  },
  {
    name: 'regularises',
    claim: 'Adversarial training regularises: it narrows the gap between validation and training loss.',
    source: 'sections 3 and 6',
    effect: 'gap after the last epoch, adversarial minus vanilla',
    evidence: (rows) => over(effects(rows.filter(isOfPaper), regime, gapDifference)),
  },
  {
    name: 'with-dropout',
    claim: 'Beside dropout, adversarial training lowers the test loss further.',
    source: 'section 5.5, of bAbI 6 and subjectivity',
    effect: 'relative difference of the test loss, adversarial + dropout to dropout',
    evidence: (rows) => over(effects(rows.filter(isOfPaper), ['adversarial+dropout', 'dropout'])),
  },
  {
    name: 'big-models',
    claim: 'Big models profit from it more than small ones.',
    source: 'section 5.5',
    effect:
      'difference of the test loss as a share of the loss without learning, adversarial minus vanilla, in big models minus that in small ones of the same data',
    evidence: (rows) => ofPairs(pairsBut('size', rows, (row) => row.size === 'big')),
  },
  {
    name: 'characters',
    claim: 'Perturbing the embeddings of characters lowers the test loss too.',
    source: 'section 6',
    effect: 'relative difference of the test loss, adversarial to vanilla, in models of characters',
    evidence: (rows) =>
      over(
        effects(
          rows.filter((row) => isOfPaper(row) && row.data?.level === 'char'),
          regime,
        ),
      ),
  },
  {
    name: 'less-with-more-data',
    claim: 'It helps less the more training data there is.',
    source: 'section 6',
    effect:
      'difference of the test loss as a share of the loss without learning, adversarial minus vanilla, with the fewest texts of a dataset minus that with the most',
    evidence: (rows) => ofPairs(fewestAndMost(rows)),
  },
  {
    name: 'english',
    claim: 'It helps English data more than Czech.',
    source: 'section 6',
    effect:
      'relative difference of the test loss, adversarial to vanilla, in English data minus that in Czech',
    evidence: (rows) => groups(rows, /^(babi|subjectivity)/u, /^czech/u),
  },
  {
    name: 'artificial',
    claim: 'It helps artificial data more than natural texts.',
    source: 'section 6',
    effect:
      'relative difference of the test loss, adversarial to vanilla, in bAbI minus that in all other data',
    evidence: (rows) => groups(rows, /^babi/u, /^(?!babi)/u),
  },
  {
    name: 'cells',
    claim: 'It makes no major difference whether the cell is a GRU or an LSTM.',
    source: 'section 5.4; that 5 % of the loss without learning would be major is ours',
    effect:
      'difference of the test loss as a share of the loss without learning, adversarial minus vanilla, in LSTMs minus that in GRUs of the same data',
    evidence: (rows) => ofPairs(pairsBut('cell', rows, (row) => row.cell === 'lstm')),
    within: 0.05,
  },
  {
    name: 'losses',
    claim: 'It makes no major difference whether cross-entropy or the squared error is minimised.',
    source: 'section 5.4; that 5 % of the loss without learning would be major is ours',
    effect:
      'difference of the test loss as a share of the loss without learning, adversarial minus vanilla, of the squared error minus that of cross-entropy on the same data',
    evidence: (rows) => ofPairs(pairsBut('loss', rows, (row) => row.loss === 'squared')),
    within: 0.05,
  },
  {
    name: 'direction',
    claim: 'The direction helps: random perturbations of the same size lower the loss less.',
    source: 'not asked by the paper',
    effect: 'relative difference of the test loss, adversarial to random',
    evidence: (rows) => over(effects(rows.filter(isOfPaper), ['adversarial', 'random'])),
  },
];

/** Judges every claim by what the rows of a study found. Rows in which nothing learnt say nothing. */
export function judgeClaims(rows: readonly AnalysedRow[]): JudgedClaim[] {
  return claims.map(({ evidence: find, within, ...told }) => {
    const evidence = find(rows);
    return { ...told, verdict: verdictOf(evidence, within), evidence };
  });
}

/** By its interval: a claim is decided where that lies on one side of 0, or within the bounds of no difference. */
function verdictOf(evidence: Evidence | null, within?: number): Verdict {
  if (evidence === null) return 'not tested';
  if (evidence.ci95 === null) return 'undecided';
  const [low, high] = evidence.ci95;
  const [isBelow, isAbove] = [high < 0, low > 0];
  if (within === undefined) return isBelow ? 'supported' : isAbove ? 'contradicted' : 'undecided';
  if (low > -within && high < within) return 'supported';
  return low >= within || high <= -within ? 'contradicted' : 'undecided';
}

function effects(
  rows: readonly AnalysedRow[],
  columns: Columns,
  effect: SeedEffect = lossRatio,
): RowEffect[] {
  return rows.flatMap((row) => rowEffect(row, columns, effect) ?? []);
}

/** The paper's rows of two kinds of datasets. */
function groups(rows: readonly AnalysedRow[], first: RegExp, others: RegExp): Evidence | null {
  const [ofFirst, ofOthers] = [first, others].map((names) =>
    effects(
      rows.filter((row) => isOfPaper(row) && names.test(row.data?.dataset ?? '')),
      regime,
    ),
  );
  return contrast(ofFirst ?? [], ofOthers ?? []);
}

/** Rows that are the first of two which differ by one thing, each with the other. */
function pairsBut(
  difference: 'size' | 'cell' | 'loss',
  rows: readonly AnalysedRow[],
  isFirst: (row: AnalysedRow) => boolean,
): (readonly [RowEffect, RowEffect])[] {
  return rows.filter(isFirst).flatMap((row) => {
    const fellow = rows.find((other) => isSameBut(difference, row, other));
    return fellow === undefined ? [] : pairOf(row, fellow);
  });
}

/** Of each dataset that has rows of several sizes the one with the fewest training texts and the one with the most; both have learnt something. */
function fewestAndMost(rows: readonly AnalysedRow[]): (readonly [RowEffect, RowEffect])[] {
  const usual = rows.filter(
    (row) =>
      row.size === 'big' &&
      row.cell === 'gru' &&
      row.loss === 'cross-entropy' &&
      effects([row], regime).length > 0,
  );
  const families = [...new Set(usual.map(dataFamily))];
  return families.flatMap((family) => {
    const rising = usual
      .filter((row) => dataFamily(row) === family)
      .sort((one, other) => trained(one) - trained(other));
    const [fewest, most] = [rising[0], rising.at(-1)];
    if (fewest === undefined || most === undefined || trained(fewest) === trained(most)) return [];
    return pairOf(fewest, most);
  });
}

const trained = ({ data }: AnalysedRow): number => data?.examples.train ?? 0;

function pairOf(row: AnalysedRow, fellow: AnalysedRow): (readonly [RowEffect, RowEffect])[] {
  const [one, other] = [row, fellow].map((each) => rowEffect(each, regime, lossShare));
  return one === undefined || other === undefined ? [] : [[one, other]];
}
