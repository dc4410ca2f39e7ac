import type { Warning } from '../../base/warnings.js';
import type { MeanInterval } from '../../statistics/mean-interval.js';
import type { ClassMetrics } from '../../statistics/metrics.js';
import type { LossName } from '../../statistics/loss-names.js';
import type { TestSummary } from '../../training/run-record.js';
import type { TrainingTexts } from '../../training/training-texts.js';
import type { RunFailure } from '../study-folder.js';
import type { PaperFigure } from '../paper-rows.js';
import type { JudgedClaim } from './claims.js';
import type { FromVanilla } from './comparison.js';

/** All that a report tells of a study. Numbers are finite; what has not been measured is null. */
export interface StudyAnalysis {
  /** The folder. */
  readonly study: string;
  /** What carries it out, or goes on with it. */
  readonly command: string;
  /** Runs of the plan, by how far they are. */
  readonly runs: Readonly<Record<'total' | 'done' | 'failed' | 'missing' | 'open', number>>;
  /** Versions of the package that made the finished runs, and machines, each once. */
  readonly versions: readonly string[];
  readonly machines: readonly string[];
  /** In the plan's order; a row of two sizes is two. */
  readonly rows: readonly AnalysedRow[];
  /** The paper's, one by one; all are there, also those that this study has no evidence for. */
  readonly claims: readonly JudgedClaim[];
  /** Every run of the plan, in its order. */
  readonly everyRun: readonly AnalysedRun[];
}

/** A row of a study in one size. */
export interface AnalysedRow {
  readonly row: string;
  readonly size: string;
  readonly title: string;
  /** Which score is told: the paper's, where the row is one of its table. */
  readonly measure: 'accuracy' | 'macroF1';
  readonly loss: LossName;
  readonly cell: string;
  /** Null where no run is done. */
  readonly data: RowData | null;
  /** Why runs have no result, each reason once. */
  readonly failures: readonly string[];
  /** In the plan's order; columns without a finished run are missing. */
  readonly cells: readonly AnalysedCell[];
}

/** What a row is trained on, by its first finished run. */
export interface RowData {
  readonly dataset: string;
  /** Null where the dataset states none, and in runs of earlier versions. */
  readonly language: string | null;
  readonly level: string;
  readonly labels: readonly string[];
  /** Normalised entropy of the classes in the training part; null in runs of earlier versions. */
  readonly classBalance: number | null;
  readonly examples: { readonly train: number; readonly valid: number; readonly test: number | null };
  readonly vocabularySize: number;
  /** How long the training texts are; null in runs of earlier versions, and without a network. */
  readonly trainingTexts: TrainingTexts | null;
  /** Share of the training texts that are longer than what is read of them. */
  readonly truncatedShare: number;
  /** Share of validation tokens that training lacks. */
  readonly unknownShare: number;
  /** What sets the data apart from what others mean by its name, such as a pool in place of the official split: to be told wherever results are. */
  readonly notes: readonly string[];
  /** Loss of always answering with the shares of the classes, and accuracy of always answering the most frequent one; null in results of earlier versions. */
  readonly priorLoss: number | null;
  readonly majorityAccuracy: number | null;
}

/** A column of a row: its finished runs together. */
export interface AnalysedCell {
  readonly column: string;
  readonly seeds: readonly number[];
  /** A run each. */
  readonly results: readonly SeedResult[];
  /** Of the test results over seeds. */
  readonly loss: MeanInterval;
  readonly accuracy: MeanInterval;
  readonly macroF1: MeanInterval;
  /** Null for vanilla itself, and where it has no finished run. */
  readonly fromVanilla: FromVanilla | null;
  readonly learnt: Learnt;
  /** Null where the paper's table has no such cell. */
  readonly paper: (PaperFigure & { readonly learnt: PaperLearnt }) | null;
  readonly course: CellCourse;
  /** Null where no run has it. */
  readonly lossAlong: CellLossAlong | null;
  /** Test predictions of all seeds together: counts [true class][predicted class] and what follows of them. */
  readonly confusion: readonly (readonly number[])[];
  readonly perClass: readonly ClassMetrics[];
}

/** What the run of one seed reached on the test part, and how far apart its validation and training loss were after the last epoch. */
export interface SeedResult extends TestSummary {
  readonly seed: number;
  readonly gapAtLast: number;
}

/** Whether runs are better on validation data than answers that never read the text. */
export interface Learnt {
  /** Seeds of which this is so, and of how many. */
  readonly learnt: number;
  readonly of: number;
  /** Codes of the warnings of the others, each once. */
  readonly doubts: readonly string[];
}

/**
 * How the paper's loss stands to what is reached without learning: 'no' where it is not 1 % below the loss of the classes' shares here, or of equal shares where there
 * is no data; null where neither is known.
 */
export type PaperLearnt = 'yes' | 'no' | null;

/** How the runs of a cell went over epochs: means over those seeds that trained so far. */
export interface CellCourse {
  /** Epochs 0 to the last that any seed trained; number e is at place e, null where it was not measured. */
  readonly trainLoss: readonly (number | null)[];
  readonly validLoss: readonly (number | null)[];
  readonly epsilon: readonly (number | null)[];
  readonly embeddingStd: readonly (number | null)[];
  readonly gradientNorm: readonly (number | null)[];
  /** Over seeds: the epoch that was selected, how many were trained, and by how much the validation loss was above the training loss in the selected and the last epoch. */
  readonly selectedEpoch: MeanInterval;
  readonly epochs: MeanInterval;
  readonly gapAtSelected: MeanInterval;
  readonly gapAtLast: MeanInterval;
}

/** Validation loss of the selected networks along perturbations, as means over seeds. */
export interface CellLossAlong {
  readonly seeds: number;
  /** In standard deviations of the embedding table, from 0 on. */
  readonly epsilons: readonly number[];
  readonly fastGradientSign: readonly number[];
  readonly random: readonly number[];
}

/** One run of the plan. */
export interface AnalysedRun {
  readonly name: string;
  readonly status: 'waiting' | 'begun' | 'done' | 'missing' | 'failed';
  /** What trains it alone. */
  readonly command: string;
  readonly seed: number;
  readonly test: TestSummary | null;
  readonly selectedEpoch: number | null;
  /** Wall time of its epochs. */
  readonly seconds: number | null;
  readonly version: string | null;
  /** SHA-256 of the token ids, offsets and labels that it read. */
  readonly dataSha256: string | null;
  readonly warnings: readonly Warning[];
  readonly failure: RunFailure | null;
}
