import { Option } from 'commander';
import type { ExportOptions } from '../training/export.js';
import { command } from './command.js';
import { jsonOption, quietOption } from './options.js';

/** Adds `export`. */
export const addExport = command({
  name: 'export',
  description: 'export the selected model of a run to ONNX and check it against the engine',
  arguments: { '<run>': 'a finished run directory' },
  options: [
    new Option('--out <file>', 'path of the model (default: model.onnx in the run directory)'),
    jsonOption(),
    quietOption(),
  ],
  examples: ['npx advnative export runs/reviews --out reviews.onnx'],
  action: async (context, options: ExportOptions, run: string) => {
    const { exportOnnx } = await import('../training/export.js');
    const result = await exportOnnx(run, options, context);
    const { model, onnxParity } = result;
    await context.result(result, () =>
      onnxParity === null
        ? `${model} (not checked: onnxruntime-node is not installed)`
        : `${model}: probabilities within ${onnxParity.maxAbsDiff.toExponential(1)} of the engine on ${onnxParity.n} texts`,
    );
  },
});
