import { Option } from 'commander';
import type { CompareOptions } from '../training/compare.js';
import { command } from './command.js';
import { jsonOption } from './options.js';

const pairingHelp = `
Examples are paired by text and label, whatever their order and the form of the file that they came from. A text that
occurs several times is paired as often as it occurs in both. Texts must be identical, character by character.
`;

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
    jsonOption(),
  ],
  help: [pairingHelp],
  examples: [
    'npx advnative compare runs/vanilla runs/adversarial',
    'npx advnative evaluate runs/a --test new.csv --losses a.csv',
    'npx advnative evaluate b.onnx --test new.tsv --losses b.csv',
    'npx advnative compare a.csv b.csv --common',
  ],
  action: async (context, options: CompareOptions, a: string, b: string) => {
    const { compare } = await import('../training/compare.js');
    const { comparisonReport } = await import('../report/tables.js');
    const comparison = await compare(a, b, options, context);
    await context.result(comparison, () => comparisonReport(a, b, comparison));
  },
});
