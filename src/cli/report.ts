import { reportOptions, type ReportOptions } from '../report/report-options.js';
import { command } from './command.js';
import { jsonOption, optionsOf, quietOption } from './options.js';

/** Adds `report`. */
export const addReport = command({
  name: 'report',
  description:
    'one page with tables and plots that tells of a run, a study or a search for options; it needs no network',
  arguments: { '<folder>': 'a run directory, or the folder of a study or of tune' },
  options: [
    ...optionsOf(reportOptions),
    jsonOption('the title and the paths of what was written, one JSON object,'),
    quietOption(),
  ],
  examples: [
    'npx advnative report runs/babi-sim-1-adversarial-seed1',
    'npx advnative report study --markdown study.md --latex tables.tex --plots plots',
    'npx advnative report runs/reviews --html reviews.html --csv reviews.csv --latex reviews.tex',
  ],
  action: async (context, options: ReportOptions, path: string) => {
    const { report } = await import('../report/report.js');
    const result = await report(path, options, context);
    const { html, markdown, csv, latex, plots } = result;
    const written = [html, markdown, csv, latex, plots].filter((file) => file !== undefined);
    await context.result(result, () => written.join('\n'));
  },
});
