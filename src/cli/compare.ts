import { Option } from 'commander';
import { text } from '../base/rules.js';
import type { CompareOptions } from '../training/compare.js';
import { command } from './command.js';
import { jsonOption } from './options.js';

const pairingHelp = `
Examples are paired by text and label, whatever their order and the form of the file that they came from. A text that
occurs several times is paired as often as it occurs in both. Texts must be identical, character by character.
`;

type CompareFlags = CompareOptions & { readonly html?: string };

/** Adds `compare`. */
export const addCompare = command({
  name: 'compare',
  description: 'paired t-test on the per-example test losses of two runs',
  arguments: {
    '<run-a>': 'a finished run directory, or a file that evaluate --losses wrote',
    '<run-b>': 'another one, on the same test examples',
  },
  options: [
    new Option('--common', 'leave out examples that only one of the two has (default: refuse them)'),
    new Option('--html <file>', 'also write one page that draws the differences'),
    jsonOption(),
  ],
  help: [pairingHelp],
  examples: [
    'npx advnative compare runs/vanilla runs/adversarial',
    'npx advnative compare runs/vanilla runs/adversarial --html difference.html',
    'npx advnative evaluate runs/a --test new.csv --losses a.csv',
    'npx advnative evaluate b.onnx --test new.tsv --losses b.csv',
    'npx advnative compare a.csv b.csv --common',
  ],
  action: async (context, { html, ...options }: CompareFlags, a: string, b: string) => {
    const { checkOptions } = await import('../base/check-options.js');
    checkOptions({ html }, { html: { flag: '--html', rule: text } });
    const { requireOutput } = await import('../training/output-file.js');
    const inputs = [a, b].map((path) => ({ what: 'what is compared', path }));
    if (html !== undefined) await requireOutput({ flag: '--html', path: html }, inputs);
    const { compareInFull } = await import('../training/compare.js');
    const { comparisonReport } = await import('../report/tables.js');
    const full = await compareInFull(a, b, options, context);
    const content = async (): Promise<string> => {
      const { comparisonDocument } = await import('../report/comparison/comparison-document.js');
      const { htmlOf } = await import('../report/document/html.js');
      return htmlOf(comparisonDocument(a, b, full));
    };
    await context.result(full.comparison, () => comparisonReport(a, b, full.comparison), {
      file: { path: html, content },
    });
  },
});
