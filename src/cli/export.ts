import type { Command } from 'commander';
import type { ExportOptions } from '../training/export.js';
import { watchOf, type Runner } from './context.js';
import { examples, jsonOption, quietOption } from './options.js';

/** Adds `export`. */
export function addExport(program: Command, run: Runner): void {
  program
    .command('export')
    .description('write the selected model of a run as ONNX and compare it with the engine')
    .argument('<run>', 'a finished run directory')
    .option('--out <file>', 'path of the model (default: model.onnx in the run directory)')
    .addOption(jsonOption())
    .addOption(quietOption())
    .addHelpText('after', examples('npx advnative export runs/reviews --out reviews.onnx'))
    .action(async (path: string, flags: ExportOptions & { json?: boolean; quiet?: boolean }) => {
      const { json, quiet, ...options } = flags;
      await run({ json, quiet }, async (context) => {
        const { exportOnnx } = await import('../training/export.js');
        const result = await exportOnnx(path, options, watchOf(context));
        const { model, onnxParity } = result;
        await context.result(result, () =>
          onnxParity === null
            ? `${model} (not compared: onnxruntime-node is not installed)`
            : `${model}: probabilities within ${onnxParity.maxAbsDiff.toExponential(1)} of the engine on ${onnxParity.n} texts`,
        );
      });
    });
}
