import { checkOptions } from '../base/check-options.js';
import { pick, type OptionsOf } from '../base/option.js';
import { formOptionNames } from '../files/record.js';
import { downloadReporter, exampleCounter, type Watch } from '../base/events.js';
import { seedsOf } from '../recipe/recipe.js';
import { trainOptions } from '../recipe/table.js';
import { AdvError } from '../base/errors.js';
import { catalogue, openOwnData, type OwnDataFiles } from '../datasets/catalogue.js';
import type { InspectedSplit } from '../datasets/inspection.js';
import { withPauses } from '../base/streaming.js';
import type { Dataset, OpenDatasetOptions } from '../datasets/types.js';
import type { Example } from '../text/types.js';

/** What is described or audited: a dataset by its name, or own files. */
export type InspectionSource = string | OwnDataFiles;

/** Options that say how its data is found and drawn: those of training. */
export const inspectionOptions = pick(trainOptions, 'dataDir', 'limit', 'seed', 'splitSeed', 'offline');

/** How its data is found and drawn; everything may be left out. */
export interface InspectionOptions extends OptionsOf<typeof inspectionOptions> {}

const fileOptions = pick(trainOptions, 'train', 'valid', 'test', ...formOptionNames);

/** Examples between two reports of progress. */
const examplesBetweenReports = 4096;

/**
 * Opens a dataset or own files as training would with these options; a corpus whose files are not all there, or data of a single
 * class, too.
 *
 * @throws AdvError USAGE, DATA_MISSING, DATA_MALFORMED, DOWNLOAD, STORAGE, INTERRUPTED
 */
export async function openInspected(
  source: InspectionSource,
  options: InspectionOptions,
  onMalformed: 'stop' | 'skip',
  watch: Watch,
): Promise<Dataset> {
  const { dataDir, limit, offline } = options;
  const opening: OpenDatasetOptions = {
    ...{ dataDir, limit, offline, onMalformed },
    ...seedsOf(options),
    allowIncomplete: true,
    signal: watch.signal,
    onProgress: downloadReporter(watch),
  };
  if (typeof source === 'string') return catalogue.open(source, opening);
  checkOptions(source, fileOptions);
  if ((source.train as string | undefined) === undefined) {
    throw new AdvError(
      'USAGE',
      'expected the name of a dataset or own files with a training file, got no training file',
      'Give { train: FILE }, or a name among those of datasets.list().',
    );
  }
  return openOwnData(source, opening);
}

/**
 * Streams a split and reports how far it is.
 *
 * @param done what has been read of it, in words: "reading train"
 * @throws AdvError INTERRUPTED soon after the signal has fired, and whatever reading throws
 */
export async function* watched(
  split: InspectedSplit,
  done: string,
  watch: Watch,
): AsyncGenerator<Example, void, undefined> {
  const report = exampleCounter(watch, done);
  let count = 0;
  for await (const example of withPauses(split.read(), watch.signal)) {
    if (++count % examplesBetweenReports === 0) report(examplesBetweenReports);
    yield example;
  }
}
