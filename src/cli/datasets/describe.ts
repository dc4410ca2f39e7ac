import { Option } from 'commander';
import type { DescribeOptions } from '../../inspect/describe/describe.js';
import { pick } from '../../base/option.js';
import { text } from '../../base/rules.js';
import { trainOptions } from '../../recipe/table.js';
import { optionsOf } from '../options.js';
import { inspection } from './source.js';

type DescribeFlags = DescribeOptions & { readonly html?: string };

const help = `
Size, classes, language, vocabulary, text lengths, token frequencies, sentences, unknown tokens, an estimate of wrong
labels and how much texts repeat each other. datasets/README.md says how each is measured.
`;

/** Adds `datasets describe`. */
export const addDescribe = inspection({
  name: 'describe',
  description: 'what the texts and labels of a dataset are like',
  options: [
    ...optionsOf(pick(trainOptions, 'level', 'tokenizer', 'onMalformed'), {
      tokenizer: 'steps of the tokenizer with commas between, as in train (default: by level)',
    }),
    new Option('--html <file>', 'also write one page with tables and plots'),
  ],
  help,
  examples: [
    'npx advnative datasets describe babi-sim-1',
    'npx advnative datasets describe dsl --limit 10000 --html dsl.html',
    'npx advnative datasets describe --train reviews.csv.gz --text-column review --label-column stars --json',
    'npx advnative datasets describe czech-csfd --tokenizer nfc,lowercase,twokenize,czech-stem',
  ],
  action: async (context, source, { html, ...options }: DescribeFlags) => {
    const { checkOptions } = await import('../../base/check-options.js');
    checkOptions({ html }, { html: { flag: '--html', rule: text } });
    const { requireOutput } = await import('../../training/output-file.js');
    const { filesOf } = await import('./take-source.js');
    if (html !== undefined) await requireOutput({ flag: '--html', path: html }, filesOf(source));
    const { describeDataset } = await import('../../inspect/describe/describe.js');
    const { descriptionReport } = await import('../../report/description.js');
    const description = await describeDataset(source, options, context);
    const content = async (): Promise<string> => {
      const { descriptionPage } = await import('../../report/description-page.js');
      return descriptionPage(description);
    };
    await context.result(description, () => descriptionReport(description), {
      file: { path: html, content },
    });
  },
});
