import { Option, type Command } from 'commander';
import { describeDataset, type DescribeOptions } from '../../data/describe/describe.js';
import { descriptionPage } from '../../report/description-page.js';
import { descriptionReport } from '../../report/description.js';
import { requireWritableFolder, writeAtomically } from '../../storage/atomic-file.js';
import { watchOf, type Runner } from '../context.js';
import { examples, jsonOption, quietOption } from '../options.js';
import { sourceOf, sourceOptions, type SourceFlags } from './source.js';

type DescribeFlags = DescribeOptions &
  SourceFlags & { readonly html?: string; readonly json?: boolean; readonly quiet?: boolean };

const help = `
Size, classes, language, vocabulary, text lengths, token frequencies, sentences, unknown tokens, an estimate of wrong
labels and how much texts repeat each other. datasets/README.md says how each is measured.
`;

/** Adds `datasets describe`. */
export function addDescribe(datasets: Command, run: Runner): void {
  const command = datasets
    .command('describe')
    .description('what the texts and labels of a dataset are like')
    .argument('[name]', 'a dataset, see `advnative datasets list`; or own files by --train');
  for (const option of sourceOptions()) command.addOption(option);
  command
    .addOption(new Option('--level <level>', "tokens: char or word (default: the dataset's)"))
    .addOption(
      new Option('--on-malformed <what>', 'stop at a malformed line, or skip and report it (default: stop)'),
    )
    .addOption(new Option('--html <file>', 'also write one page with tables and plots'))
    .addOption(jsonOption())
    .addOption(quietOption())
    .addHelpText('after', help)
    .addHelpText(
      'after',
      examples(
        'npx advnative datasets describe babi-sim-1',
        'npx advnative datasets describe dsl --limit 10000 --html dsl.html',
        'npx advnative datasets describe --train reviews.tsv --test held-out.tsv --level char --json',
      ),
    )
    .action(async (name: string | undefined, flags: DescribeFlags) => {
      const { json, quiet, html, train, valid, test, ...options } = flags;
      await run({ json, quiet }, async (context) => {
        const source = sourceOf(name, { train, valid, test });
        if (html !== undefined) await requireWritableFolder(html);
        const description = await describeDataset(source, options, watchOf(context));
        if (html !== undefined) await writeAtomically(html, [await descriptionPage(description)]);
        context.result(description, () => descriptionReport(description));
      });
    });
}
