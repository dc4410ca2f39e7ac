import { join } from 'node:path';
import { AdvError } from '../base/errors.js';
import { compareCodePoints } from '../base/order.js';
import { readLines, type CharacterEncoding, type Line } from '../files/lines.js';
import type { MalformedLines } from '../files/malformed.js';
import type { Example } from '../text/types.js';
import type { DatasetEntry } from './entry.js';
import { unsplitEntry, type UnsplitSource } from './unsplit-entry.js';

/** A corpus with a file a class and an example a line. */
export interface LabelledByFile extends Omit<UnsplitSource, 'labels' | 'paths' | 'inParts' | 'read'> {
  /** Path of each class's file below the corpus's folder, by class. */
  readonly files: Readonly<Record<string, string>>;
  readonly encoding: CharacterEncoding;
}

/**
 * The entry of a corpus that has a file a class. Blank lines are no examples. An example's id is "class:line". With
 * `allowIncomplete` files may be missing, whose classes then have no examples. Reading throws DATA_MALFORMED when a file has
 * no example or a line is not in the encoding.
 */
export function labelledByFile({ files, encoding, ...source }: LabelledByFile): DatasetEntry {
  const classes = Object.entries(files).sort(([one], [other]) => compareCodePoints(one, other));
  return unsplitEntry({
    ...source,
    labels: classes.map(([label]) => label),
    paths: classes.map(([, path]) => path),
    inParts: true,
    async *read({ folder, lacks, malformed, signal }) {
      for (const [label, name] of classes) {
        if (lacks.includes(name)) continue;
        const path = join(folder, name);
        yield* examplesOfClass(readLines(path, { encoding, signal }), { path, label, malformed });
      }
    },
  });
}

/** A file with the examples of one class. */
interface ClassFile {
  /** For messages. */
  readonly path: string;
  readonly label: string;
  readonly malformed: MalformedLines;
}

/**
 * Streams the lines of a class as its examples; blank ones are none.
 *
 * @throws AdvError DATA_MALFORMED when there is no example, or `malformed` stops at a line
 */
export async function* examplesOfClass(
  lines: AsyncIterable<Line>,
  { path, label, malformed }: ClassFile,
): AsyncGenerator<Example, void, undefined> {
  let any = false;
  for await (const line of lines) {
    if ('problem' in line) {
      malformed.report(path, line.number, line.problem);
      continue;
    }
    const text = line.text.trim();
    if (text === '') continue;
    any = true;
    yield { id: `${label}:${line.number}`, text, label };
  }
  if (any) return;
  throw new AdvError('DATA_MALFORMED', `${path}: expected an example a line, got none`, 'Check the file.');
}
