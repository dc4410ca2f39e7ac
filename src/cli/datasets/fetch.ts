import { Option } from 'commander';
import type { DownloadProgress } from '../../base/events.js';
import type { FetchedDataset } from '../../corpora/types.js';
import { AdvError } from '../../base/errors.js';
import { command } from '../command.js';
import type { CommandContext } from '../context.js';
import { jsonOption, quietOption } from '../options.js';

interface FetchFlags {
  readonly dataDir?: string;
  readonly force?: boolean;
}

/** Adds `datasets fetch`. */
export const addFetch = command({
  name: 'fetch',
  description: 'download datasets, check their files and print their licences',
  arguments: { '<name...>': 'datasets or whole corpora, see `advnative datasets list`' },
  options: [
    new Option('--data-dir <dir>', 'data directory to fetch to (default: the cache)'),
    new Option(
      '--force',
      'download again and replace the files that a run would find, even in the folder of ADVNATIVE_DATA',
    ),
    jsonOption(),
    quietOption(),
  ],
  examples: [
    'npx advnative datasets fetch subjectivity    into the cache; run it again to continue after Ctrl-C',
    'npx advnative datasets fetch dsl babi --data-dir data',
    'npx advnative datasets fetch czech-facebook --force --json',
    'ADVNATIVE_MIRROR_DSL=https://example.org/dsl npx advnative datasets fetch dsl',
  ],
  action: async (context, flags: FetchFlags, names: string[]) => {
    const { fetchReport, isOfficial } = await import('../../report/fetched.js');
    const { fetched, failure } = await fetchAll(names, flags, context);
    if (failure !== undefined) context.progress.message(failureReport(failure));
    await context.result(
      { datasets: fetched, error: failure && errorFacts(failure) },
      () => fetched.map(fetchReport).join('\n\n'),
      { complete: failure === undefined && fetched.every(isOfficial) },
    );
  },
});

/** What came of several names: what was fetched, and what the first that failed ended with. */
interface Outcome {
  readonly fetched: readonly FetchedDataset[];
  readonly failure: AdvError | undefined;
}

/** @throws what fetching the first name does, and INTERRUPTED and USAGE whenever they come */
async function fetchAll(
  names: readonly string[],
  flags: FetchFlags,
  { onProgress, signal }: CommandContext,
): Promise<Outcome> {
  const { catalogue } = await import('../../datasets/catalogue.js');
  const { dataDir, force } = flags;
  const tell = (download: DownloadProgress): void => {
    onProgress({ kind: 'download', ...download });
  };
  const fetched: FetchedDataset[] = [];
  try {
    for (const name of new Set(names)) {
      onProgress({ kind: 'stage', text: `fetching ${name}` });
      fetched.push(await catalogue.fetch(name, { dataDir, force, signal, onProgress: tell }));
    }
  } catch (error) {
    if (signal.aborted) throw await interrupted(names, flags, error);
    const known = error instanceof AdvError && error.code !== 'USAGE';
    // What came before is worth telling as well.
    if (!known || fetched.length === 0) throw error;
    return { fetched, failure: error };
  }
  return { fetched, failure: undefined };
}

function errorFacts({ code, message, hint }: AdvError): Pick<AdvError, 'code' | 'message' | 'hint'> {
  return { code, message, hint };
}

function failureReport({ message, hint }: AdvError): string {
  return [`error: ${message}`, ...(hint === undefined ? [] : [hint])].join('\n');
}

async function interrupted(
  names: readonly string[],
  { dataDir, force = false }: FetchFlags,
  cause: unknown,
): Promise<AdvError> {
  const { shellQuoted } = await import('../../base/storage/shell-path.js');
  const command = ['npx advnative datasets fetch', ...names.map(shellQuoted)];
  if (dataDir !== undefined) command.push('--data-dir', shellQuoted(dataDir));
  if (force) command.push('--force');
  return new AdvError(
    'INTERRUPTED',
    cause instanceof Error ? cause.message : String(cause),
    `What was downloaded is kept. Continue with: ${command.join(' ')}`,
    { cause },
  );
}
