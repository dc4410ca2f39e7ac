import { Option, type Command } from 'commander';
import type { BenchOptions } from '../bench/options.js';
import type { BenchResult } from '../bench/result.js';
import { writeAtomically } from '../base/storage/atomic-file.js';
import { watchOf, type Runner } from './context.js';
import { examples, jsonOption, numberOption, quietOption } from './options.js';

const options: readonly Option[] = [
  new Option('--cell <cell>', 'cell of every model: gru, gru-cho or lstm (default: gru)'),
  new Option('--configurations <list>', 'among C1, C1-ragged, C2, C3, C4 (default: all)'),
  new Option('--regimes <list>', 'among vanilla, adversarial (default: both)'),
  new Option('--peers <list>', 'among pytorch, onednn, tfjs-wasm, tfjs-cpu, or none (default: all)'),
  numberOption('--rounds <n>', 'rounds in which everyone takes a turn (default: 7)'),
  numberOption('--threads <n>', 'compute threads of every participant'),
  new Option('--scaling', "the engine's tokens/s over lengths of texts and sizes of batches instead"),
  new Option('--svg <file>', 'also draw shares of peak and ratios'),
  jsonOption(),
  quietOption(),
];

/** Adds `bench`. */
export function addBench(program: Command, run: Runner): void {
  const command = program
    .command('bench')
    .description('this engine, its peers and the ceilings of this machine, side by side in turn');
  for (const option of options) command.addOption(option);
  command
    .addHelpText(
      'after',
      `${examples(
        'npx advnative bench                                      everything: takes many minutes',
        'npx advnative bench --configurations C1,C3 --regimes adversarial --peers pytorch,onednn',
        'npx advnative bench --cell lstm --configurations C1 --regimes adversarial',
        'npx advnative bench --peers none --rounds 3 --json',
        'npx advnative bench --peers pytorch,onednn --svg bench.svg',
        'npx advnative bench --scaling --regimes adversarial',
      )}\nThe exit code is 1 when a peer died or computed something else.\n`,
    )
    .action(async (flags: BenchOptions & { json?: boolean; quiet?: boolean }) => {
      const { json, quiet, ...rest } = flags;
      await run({ json, quiet }, async (context) => {
        const { benchReport, scalingReport } = await import('../bench/report.js');
        if (rest.scaling === true) {
          const { benchScaling } = await import('../bench/scaling.js');
          const result = await benchScaling(rest, watchOf(context));
          await context.result(result, () => scalingReport(result));
          return;
        }
        if (rest.svg !== undefined) {
          const { requireOutput } = await import('../training/output-file.js');
          await requireOutput({ flag: '--svg', path: rest.svg });
        }
        const { bench } = await import('../bench/bench.js');
        const result = await bench(rest, watchOf(context));
        try {
          if (rest.svg !== undefined) await draw(result, rest.svg);
        } finally {
          // What was measured is worth telling even when there is no room for the plot.
          await context.result(result, () => benchReport(result), !somePeerFailed(result));
        }
      });
    });
}

async function draw(result: BenchResult, path: string): Promise<void> {
  const { benchPlot } = await import('../bench/plot.js');
  const { renderChart } = await import('../report/charts/render.js');
  await writeAtomically(path, [await renderChart(benchPlot(result))]);
}

function somePeerFailed({ cases }: BenchResult): boolean {
  return cases.some(({ peers }) => peers.some(({ status }) => status === 'failed'));
}
