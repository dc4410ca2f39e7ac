import { resolve } from 'node:path';
import { fields, kept, optional, orNull, type Kept, type Schema } from '../base/schema.js';
import { namesFile } from '../files/file-name.js';
import { dataOptions as options, defaultDataset } from './data-options.js';
import type { TrainOptions } from './table.js';
import * as v from 'valibot';

const said = <Value>(schema: Schema<Value>) => optional(orNull(schema));

const ownDataSchema = fields({
  train: kept(options.train.rule),
  valid: orNull(kept(options.valid.rule)),
  test: orNull(kept(options.test.rule)),
  /** As the user said; null for what each file's extension says. Absent in runs from before there was a choice: TSV. */
  format: said(kept(options.format.rule)),
  /** As the user said; null or absent for the default columns, which TSV takes as having no header. */
  textColumn: said(kept(options.textColumn.rule)),
  labelColumn: said(kept(options.labelColumn.rule)),
  /** As the user said; null or absent for the comma. */
  delimiter: said(kept(options.delimiter.rule)),
  /** Whether the first line of TSV names the columns. Absent in runs from before it was looked at: it does where a column is named. */
  header: said(kept(options.header.rule)),
});
const datasetSchema = fields({ dataset: kept(options.dataset.rule) });

/** Own files have absolute paths, so that a run resumes from any folder. */
export type OwnDataSource = Kept<typeof ownDataSchema>;

/** Where the examples come from. */
export type DataSource = Kept<typeof datasetSchema> | OwnDataSource;

/** Own files where there is a training file, else a dataset by its name. */
export const dataSourceSchema: Schema<DataSource> = v.lazy((value): Schema<DataSource> =>
  typeof value === 'object' && value !== null && 'train' in value ? ownDataSchema : datasetSchema,
);

/** Where the examples of checked options come from. */
export function dataSource({ dataset = defaultDataset, ...own }: TrainOptions): DataSource {
  if (own.train === undefined) return { dataset: namesFile(dataset) ? resolve(dataset) : dataset };
  return {
    train: resolve(own.train),
    valid: own.valid === undefined ? null : resolve(own.valid),
    test: own.test === undefined ? null : resolve(own.test),
    format: own.format ?? null,
    textColumn: own.textColumn ?? null,
    labelColumn: own.labelColumn ?? null,
    delimiter: own.delimiter ?? null,
    header: own.header ?? null,
  };
}

/** The same source, once its files have been read: what their first lines were taken for does not change any more. */
export function settled(source: DataSource): DataSource {
  if ('dataset' in source) return source;
  const { textColumn, labelColumn, header } = source;
  return { ...source, header: header ?? (textColumn !== null || labelColumn !== null) };
}
