export { AdvError, type AdvErrorCode } from './errors.js';
export type { Warning, WarningCode } from './warnings.js';

export { train } from './training/train.js';
export type { TrainResult } from './training/run.js';
export type { Regime, TrainOptions } from './training/options.js';
export type { TestSummary } from './training/run-record.js';
export type { EpochRecord } from './training/history.js';
export type { ProgressEvent, TrainingStepEvent, Watch } from './training/events.js';

export { evaluate, type EvaluateOptions, type EvaluationResult } from './training/evaluate.js';
export { compare, type CompareOptions, type Comparison } from './training/compare.js';
export { exportOnnx, type ExportOptions, type ExportResult } from './training/export.js';
export { Classifier, type TrainStepOptions } from './training/classifier.js';
export type { ClassifierOptions } from './training/classifier-options.js';
export type {
  NativeAdversarialOptions,
  NativeBatch,
  NativeCell,
  NativeClassifierConfig,
  NativeEvaluation,
  NativeStepResult,
  NativeTensorInfo,
  NativeTexts,
} from './native/addon.js';

export type { DataFormat } from './data/readers/format.js';
export type { DataForm } from './data/readers/record.js';
export { datasets } from './datasets.js';
export type { DatasetListing } from './data/datasets.js';
export type { AuditOptions, AuditResult } from './data/audit/audit.js';
export type { ExcerptedText, Finding, FindingExample, FindingKind, Severity } from './data/audit/finding.js';
export type { DescribeOptions } from './data/describe/describe.js';
export type {
  DatasetDescription,
  SplitDescription,
  VocabularyDescription,
} from './data/describe/description.js';
export type { Artificiality } from './data/describe/artificiality.js';
export type { ClassBalance } from './data/describe/class-balance.js';
export type { Distribution } from './data/describe/distribution.js';
export type { LabelNoise } from './data/describe/label-noise.js';
export type { OwnDataFiles } from './data/own-data.js';
export type { Doubt } from './data/doubts/doubt.js';
export type { InspectionOptions, InspectionSource } from './data/inspected-source.js';
export type { Inspection, SplitName } from './data/inspection.js';
export {
  defineDataset,
  type DatasetDefinition,
  type ReadContext,
  type ReadExamples,
} from './data/definition/definition.js';
export type {
  Dataset,
  DatasetDefaults,
  DatasetFacts,
  DatasetFile,
  DownloadProgress,
  Example,
  FetchedDataset,
  FetchedFile,
  FetchOptions,
  Level,
  ModelSize,
  OpenDatasetOptions,
  OpenSplit,
  SealedSplit,
  Size,
  SkippedLines,
} from './data/types.js';

export { pairedTTest, type PairedTTest } from './statistics/paired-t-test.js';
export type { ClassificationMetrics } from './statistics/metrics.js';
export type { ModelMetadata } from './onnx/metadata.js';
export type { OnnxParity } from './onnx/parity.js';
export type { BestEpoch, SelectedModel } from './training/selection.js';
