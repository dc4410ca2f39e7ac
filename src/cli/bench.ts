import { benchOptions, type BenchOptions } from '../bench/options.js';
import { command } from './command.js';
import type { CommandContext } from './context.js';
import { jsonOption, optionsOf, quietOption } from './options.js';

/** Adds `bench`. */
export const addBench = command({
  name: 'bench',
  description: 'compare this engine with its peers and with what this machine can do, in turn',
  options: [...optionsOf(benchOptions), jsonOption(), quietOption()],
  examples: [
    'npx advnative bench                                      everything: takes many minutes',
    'npx advnative bench --configurations C1,C3 --regimes adversarial --peers pytorch,onednn',
    'npx advnative bench --cell lstm --configurations C1 --regimes adversarial',
    'npx advnative bench --peers none --rounds 3 --json',
    'npx advnative bench --peers pytorch,onednn --svg bench.svg',
    'npx advnative bench --scaling --regimes adversarial',
  ],
  end: '\nThe exit code is 1 when a peer crashed or computed a different loss.\n',
  action: async (context, options: BenchOptions) =>
    options.scaling === true ? scaling(context, options) : compared(context, options),
});

async function scaling(context: CommandContext, options: BenchOptions): Promise<void> {
  const { scalingReport } = await import('../bench/report.js');
  const { benchScaling } = await import('../bench/scaling.js');
  const result = await benchScaling(options, context);
  await context.result(result, () => scalingReport(result));
}

async function compared(context: CommandContext, options: BenchOptions): Promise<void> {
  const { svg } = options;
  const { requireOutput } = await import('../training/output-file.js');
  if (svg !== undefined) await requireOutput({ flag: '--svg', path: svg });
  const { bench } = await import('../bench/bench.js');
  const { benchReport } = await import('../bench/report.js');
  const result = await bench(options, context);
  const failed = result.cases.some(({ peers }) => peers.some(({ status }) => status === 'failed'));
  const content = async (): Promise<string> => {
    const { benchPlot } = await import('../bench/plot.js');
    const { renderChart } = await import('../report/charts/render.js');
    return renderChart(benchPlot(result));
  };
  const more = { complete: !failed, file: { path: svg, content } };
  await context.result(result, () => benchReport(result), more);
}
