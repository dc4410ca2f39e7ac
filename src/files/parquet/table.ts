import {
  parquetMetadata,
  parquetSchema,
  type ColumnMetaData,
  type RowGroup,
  type SchemaTree,
} from 'hyparquet';
import { AdvError } from '../../base/errors.js';
import { at } from '../../base/at.js';
import { findColumns, nameColumnsHint } from '../columns.js';
import type { Columns } from '../record.js';
import type { RandomAccess } from './chunk.js';
import type { Chunk } from './column.js';
import { ParquetProblem } from './problem.js';
import { readStruct } from './thrift.js';
import { Cursor } from './varint.js';

/** Both columns of a row group. */
export interface RowGroupChunks {
  readonly rows: number;
  readonly text: Chunk;
  readonly label: Chunk;
}

const magic = Buffer.from('PAR1');
const lengthBytes = 4;
const footerEndBytes = lengthBytes + magic.length;
/** Longest description of a file that is read: what a file of some ten thousand row groups has. */
const longestFooterBytes = 1 << 28;

/**
 * Reads what a Parquet file says of itself, and finds both columns in it.
 *
 * @param name for messages
 * @throws AdvError DATA_MALFORMED when a column is missing or nested; ParquetProblem, or whatever hyparquet throws, when the file is
 * damaged
 */
export async function readTable(
  file: RandomAccess,
  name: string,
  columns: Columns,
): Promise<readonly RowGroupChunks[]> {
  const footer = await readFooter(file);
  // hyparquet believes every length and count in it, so that it gets none that can't be.
  readStruct(new Cursor(footer.subarray(0, -footerEndBytes)));
  const metadata = parquetMetadata(footer, { geoparquet: false });
  const nodes = parquetSchema(metadata).children;
  // A damaged file may lack what the types of hyparquet promise.
  const names = nodes.map(({ element }) => (element.name as string | undefined) ?? '');
  const places = findColumns(name, names, columns, nameColumnsHint);
  const nodeOf = (place: number): SchemaTree => requireFlat(at(nodes, place), name);
  const [text, label] = [nodeOf(places.text), nodeOf(places.label)];
  // A row group without rows may lack what the others have: its chunks lie nowhere.
  const groups = metadata.row_groups.filter((group) => rowsOf(group) > 0);
  return groups.map((group) => ({
    rows: rowsOf(group),
    text: chunkOf(group, text, file),
    label: chunkOf(group, label, file),
  }));
}

async function readFooter(file: RandomAccess): Promise<Buffer> {
  const { byteLength } = file;
  if (byteLength < magic.length + footerEndBytes) throw new ParquetProblem(`a file of ${byteLength} bytes`);
  const start = await file.read(0, magic.length);
  const end = await file.read(byteLength - footerEndBytes, byteLength);
  if (!start.equals(magic)) throw new ParquetProblem('a start that is not that of a Parquet file');
  if (!end.subarray(lengthBytes).equals(magic))
    throw new ParquetProblem('an end that is not that of a Parquet file');
  const length = end.readUInt32LE(0);
  if (length > byteLength - magic.length - footerEndBytes || length > longestFooterBytes) {
    throw new ParquetProblem(`a description of ${length} bytes in a file of ${byteLength}`);
  }
  return file.read(byteLength - footerEndBytes - length, byteLength);
}

function requireFlat(node: SchemaTree, file: string): SchemaTree {
  const { name, repetition_type: repetition } = node.element;
  if (node.children.length === 0 && repetition !== 'REPEATED') return node;
  throw new AdvError(
    'DATA_MALFORMED',
    `${file}: expected one value a row in the column '${name}', got lists or columns in it`,
    'Name a column of texts and one of labels with --text-column and --label-column, or write them as such.',
  );
}

function rowsOf({ num_rows: rows }: RowGroup): number {
  const count = Number(rows);
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new ParquetProblem(`a row group of ${String(rows)} rows`);
}

/** Paths are compared by their parts: the name of a column may have dots in it. */
function isTopLevel(meta: ColumnMetaData | undefined, name: string): boolean {
  return meta?.path_in_schema.length === 1 && meta.path_in_schema[0] === name;
}

function chunkOf(group: RowGroup, node: SchemaTree, { byteLength }: RandomAccess): Chunk {
  const { name, type } = node.element;
  const chunk = group.columns.find(({ meta_data: meta }) => isTopLevel(meta, name));
  const meta = chunk?.meta_data;
  if (meta === undefined) throw new ParquetProblem(`a row group without the column '${name}'`);
  if (chunk?.file_path !== undefined) throw new ParquetProblem(`the column '${name}' in another file`);
  if (meta.type !== type)
    throw new ParquetProblem(`the column '${name}' of the types ${type ?? 'none'} and ${meta.type}`);
  const { dictionary_page_offset: dictionary, data_page_offset: data } = meta;
  const start = Number(dictionary !== undefined && dictionary > 0 && dictionary < data ? dictionary : data);
  const end = start + Number(meta.total_compressed_size);
  if (start >= magic.length && end >= start && end <= byteLength - footerEndBytes) {
    return { start, end, meta, node, rows: rowsOf(group) };
  }
  throw new ParquetProblem(`the column '${name}' from byte ${start} to ${end} in a file of ${byteLength}`);
}
