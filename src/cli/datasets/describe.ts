import { Option, type Command } from 'commander';
import type { DescribeOptions } from '../../inspect/describe/describe.js';
import { writeAtomically } from '../../base/storage/atomic-file.js';
import { checkOptions, text } from '../../base/checks.js';
import { watchOf, type Runner } from '../context.js';
import { examples, listOption } from '../options.js';
import { addInspection, filesOf, takeSource, type OutputFlags, type SourceFlags } from './source.js';

type DescribeFlags = DescribeOptions & SourceFlags & OutputFlags & { readonly html?: string };

const help = `
Size, classes, language, vocabulary, text lengths, token frequencies, sentences, unknown tokens, an estimate of wrong
labels and how much texts repeat each other. datasets/README.md says how each is measured.
`;

/** Adds `datasets describe`. */
export function addDescribe(datasets: Command, run: Runner): void {
  addInspection(datasets, 'describe', 'what the texts and labels of a dataset are like', [
    new Option(
      '--level <level>',
      "tokens: char or word (default: the dataset's; for own files by their script)",
    ),
    listOption(
      '--tokenizer <list>',
      'steps of the tokenizer with commas between, as in train (default: by level)',
    ),
    new Option('--on-malformed <what>', 'stop at a malformed line, or skip and report it (default: stop)'),
    new Option('--html <file>', 'also write one page with tables and plots'),
  ])
    .addHelpText('after', help)
    .addHelpText(
      'after',
      examples(
        'npx advnative datasets describe babi-sim-1',
        'npx advnative datasets describe dsl --limit 10000 --html dsl.html',
        'npx advnative datasets describe --train reviews.csv.gz --text-column review --label-column stars --json',
        'npx advnative datasets describe czech-csfd --tokenizer nfc,lowercase,twokenize,czech-stem',
      ),
    )
    .action(async (name: string | undefined, flags: DescribeFlags) => {
      const { json, quiet, html, ...rest } = flags;
      await run({ json, quiet }, async (context) => {
        checkOptions({ html }, { html: { flag: '--html', rule: text } });
        const { source, options } = takeSource(name, rest);
        if (html !== undefined) {
          const { requireOutput } = await import('../../training/output-file.js');
          await requireOutput({ flag: '--html', path: html }, filesOf(source));
        }
        const { describeDataset } = await import('../../inspect/describe/describe.js');
        const { descriptionReport } = await import('../../report/description.js');
        const description = await describeDataset(source, options, watchOf(context));
        try {
          if (html !== undefined) {
            const { descriptionPage } = await import('../../report/description-page.js');
            await writeAtomically(html, [await descriptionPage(description)]);
          }
        } finally {
          // What was found is worth telling even when there is no room for the page.
          await context.result(description, () => descriptionReport(description));
        }
      });
    });
}
