import { checkOptions } from '../base/check-options.js';
import type { OptionsOf } from '../base/option.js';
import { text } from '../base/rules.js';
import type { Watch } from '../base/events.js';
import { exportModel, modelMetadata, randomTexts } from './export-model.js';
import { asInterruption } from '../base/interruption.js';
import { filesOfRun, requireNoInput, requireOutput } from './output-file.js';
import { runPaths } from './run-paths.js';
import { openRunModel } from './run-model.js';

const exportOptions = {
  /** Path of the model; the run's own model.onnx when left out. */
  out: { flag: '--out', rule: text },
};

/** What exportOnnx() takes. */
export interface ExportOptions extends OptionsOf<typeof exportOptions> {}

/** What exportOnnx() returns and `export --json` prints. */
export interface ExportResult {
  readonly model: string;
  /** Null when onnxruntime-node is not installed. */
  readonly onnxParity: { readonly maxAbsDiff: number; readonly n: number } | null;
}

/**
 * Writes the selected model of a finished run as ONNX and compares it with the native engine on random token
 * sequences of many lengths, which needs none of the run's data.
 *
 * @throws AdvError USAGE for an `out` that is another part of a run or the data of this one; RUN_DIRECTORY, CHECKPOINT, STORAGE, or
 *   MODEL when the two differ
 */
export async function exportOnnx(
  run: string,
  options: ExportOptions = {},
  watch: Watch = {},
): Promise<ExportResult> {
  checkOptions(options, exportOptions);
  const path = options.out ?? runPaths(run).model;
  const output = { flag: exportOptions.out.flag, path };
  if (options.out !== undefined) await requireOutput(output, [], runPaths(run).model);
  const model = await openRunModel(run);
  try {
    const { tokens, labels, selected, record, network, branch } = model;
    const { recipe, dataset } = record;
    await requireNoInput(output, filesOfRun(recipe.data));
    const metadata = modelMetadata({ tokens, labels, recipe, selected, branch, datasetName: dataset.name });
    const texts = randomTexts(network?.config, branch?.classifier.features.count);
    const parity = await exportModel(model, metadata, path, texts, watch);
    return { model: path, onnxParity: parity ?? null };
  } catch (error) {
    throw asInterruption(error, watch.signal);
  } finally {
    await model.dispose();
  }
}
