import { catalogue } from './datasets/catalogue.js';
import { auditDataset } from './inspect/audit/audit.js';
import { describeDataset } from './inspect/describe/describe.js';

/**
 * The datasets as the library gives them. What reads a test split without a selected model is put beside the rest here and
 * not in datasets/catalogue.ts, which training imports: training cannot reach it.
 */
export const datasets = { ...catalogue, describe: describeDataset, audit: auditDataset };

export { AdvError, type AdvErrorCode } from './base/errors.js';
export type { Warning, WarningCode } from './base/warnings.js';

export { train } from './training/train.js';
export type { TrainResult } from './training/run.js';
export type { ModelSize, Size } from './recipe/option.js';
export type { Regime } from './recipe/regime.js';
export type { DatasetDefaults, TrainOptions } from './recipe/table.js';
export type { TestSummary } from './training/run-record.js';
export type { EpochRecord } from './base/epoch-record.js';
export type { ProgressEvent, TrainingStepEvent, Watch } from './base/events.js';

export { reproduce, type StudyResult } from './report/reproduce.js';
export type { ReproduceOptions } from './study/options.js';
export {
  forecastStudy,
  type ColumnForecast,
  type RowForecast,
  type StudyForecast,
} from './study/forecast/forecast.js';
export type { ForecastOptions } from './study/forecast/options.js';

export { report, type ReportResult } from './report/report.js';
export type { ReportOptions } from './report/report-options.js';

export { tune } from './study/tune/tune.js';
export type { TuneResult } from './study/tune/result.js';
export type { Ranges, TuneOptions } from './study/tune/options.js';
export { readTune, type SweptValue, type TrialResult, type Tuned } from './study/tune/read-tune.js';

export { evaluate, type EvaluateOptions, type EvaluationResult } from './training/evaluate.js';
export { compare, type CompareOptions, type Comparison } from './training/compare.js';
export { exportOnnx, type ExportOptions, type ExportResult } from './training/export.js';
export { Classifier } from './training/classifier.js';
export type {
  AdversarialOptions,
  ClassifierOptions,
  TrainStepOptions,
} from './training/classifier-options.js';
export type {
  NativeBatch,
  NativeCell,
  NativeClassifierConfig,
  NativeEvaluation,
  NativeStepResult,
  NativeTensorInfo,
  NativeTexts,
  NativeWords,
} from './engine/addon.js';

export type { DataFormat } from './files/form.js';
export type { DataForm } from './files/record.js';
export type { DatasetListing } from './datasets/catalogue.js';
export type { AuditOptions, AuditResult } from './inspect/audit/audit.js';
export type {
  ExcerptedText,
  Finding,
  FindingExample,
  FindingKind,
  Severity,
} from './inspect/audit/finding.js';
export type { DescribeOptions } from './inspect/describe/describe.js';
export type {
  DatasetDescription,
  SplitDescription,
  VocabularyDescription,
} from './inspect/describe/description.js';
export type { Artificiality } from './inspect/describe/artificiality.js';
export type { ClassBalance } from './statistics/class-balance.js';
export type { Distribution } from './statistics/distribution.js';
export type { LabelNoise } from './inspect/describe/label-noise.js';
export type { OwnDataFiles } from './datasets/own-data.js';
export type { Doubt } from './datasets/doubts/doubt.js';
export type { InspectionOptions, InspectionSource } from './inspect/source.js';
export type { Inspection } from './datasets/proof.js';
export type { SplitName } from './datasets/split-names.js';
export {
  defineDataset,
  type DatasetDefinition,
  type ReadContext,
  type ReadExamples,
} from './datasets/definition/definition.js';
export type { Dataset, DatasetFacts, OpenDatasetOptions, OpenSplit, SealedSplit } from './datasets/types.js';
export type { DatasetFile, SkippedLines } from './files/types.js';
export type { DownloadProgress } from './base/events.js';
export type { Example, Level } from './text/types.js';
export type { FetchedDataset, FetchedFile, FetchOptions } from './corpora/types.js';

export { pairedTTest, type PairedTTest } from './statistics/paired-t-test.js';
export { meanInterval, type MeanInterval } from './statistics/mean-interval.js';
export {
  pairedPermutationTest,
  unpairedPermutationTest,
  type PermutationOptions,
  type PermutationTest,
} from './statistics/permutation-test.js';
export {
  hierarchicalBootstrap,
  type BootstrapInterval,
  type BootstrapOptions,
} from './statistics/hierarchical-bootstrap.js';
export type { ComparedArms, SeedLosses } from './statistics/arms.js';
export {
  almostStochasticOrder,
  type StochasticOrder,
  type StochasticOrderOptions,
} from './statistics/almost-stochastic-order.js';
export { mcNemarTest, type McNemarTest } from './statistics/mcnemar.js';
export { holm } from './statistics/holm.js';
export { pairedTPower, seedsForPower, type PowerOptions } from './statistics/power.js';
export type { Better } from './statistics/better.js';
export type { ClassificationMetrics } from './statistics/metrics.js';
export type { ModelMetadata } from './inference/metadata.js';
export type { OnnxParity } from './onnx/parity.js';
export type { BestEpoch } from './training/selection.js';
export type { SelectedModel } from './datasets/proof.js';
