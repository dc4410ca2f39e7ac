import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../src/base/package.js';
import { flagOf, withoutFlag } from '../../../src/base/option.js';
import { byDataset, defaultInWords, type TrainOption } from '../../../src/recipe/option.js';
import { trainOptions } from '../../../src/recipe/table.js';

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function row([name, option]: readonly [string, TrainOption]): string {
  const usual = option.recorded?.default === byDataset ? "the dataset's" : '';
  const { flag, noHelp, rule } = option;
  const without = noHelp === undefined || rule.accepts(false) ? '' : `; ${withoutFlag(flag)}: ${noHelp}`;
  const cells = [option.help, rule.expected + without, defaultInWords(option) ?? usual].map(inCell);
  return `| \`${flagOf(option)}\` | \`${name}\` | ${cells.join(' | ')} |`;
}

const reference = `# Options of train

What \`advnative train\` takes on the command line and \`train()\` in a program. The table is made of src/recipe: after a change there,
write it anew with \`npm run docs:options\`. Defaults are those of \`--preset paper\`; [best](decisions/presets.md), which is what you have
unless you say otherwise, and fast set some of these options in their place.

| Flag | Name in TypeScript | What it is | Takes | Default |
| --- | --- | --- | --- | --- |
${Object.entries<TrainOption>(trainOptions).map(row).join('\n')}
`;

it('is the table of options in the docs', async () => {
  await expect(reference).toMatchFileSnapshot(join(packageRoot, 'docs', 'options.md'));
});
