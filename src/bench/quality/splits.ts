import { open } from 'node:fs/promises';
import { Growing } from '../../base/growing.js';
import { inGroups } from '../../base/streaming.js';
import type { Example } from '../../text/types.js';

const linesWrittenAtOnce = 1024;

/** What stands before the place of a class in a peer's files. */
export const labelMark = '__label__';

/**
 * Writes a split as peers read it: `__label__I<TAB>text` lines, I the place of the class. Tabs and line breaks of a text become spaces;
 * everything else is left as it is.
 *
 * @param classNames C names
 * @returns the classes [N], each in [0, C)
 */
export async function writeSplit(
  path: string,
  examples: AsyncIterable<Example>,
  classNames: readonly string[],
): Promise<Int32Array> {
  const places = new Map(classNames.map((name, place) => [name, place]));
  const labels = new Growing(classNames.length);
  const file = await open(path, 'w');
  try {
    for await (const group of inGroups(examples, linesWrittenAtOnce)) {
      await file.writeFile(group.map((example) => lineOf(example, places)).join(''));
      labels.pushAll(group.map(({ label }) => placeOf(label, places)));
    }
  } finally {
    await file.close();
  }
  return Int32Array.from(labels.view());
}

function lineOf({ text, label }: Example, places: ReadonlyMap<string, number>): string {
  return `${labelMark}${placeOf(label, places)}\t${text.replaceAll(/[\t\n\r]/g, ' ')}\n`;
}

function placeOf(label: string, places: ReadonlyMap<string, number>): number {
  const place = places.get(label);
  if (place === undefined) throw new Error(`expected a label of the dataset, got '${label}'`);
  return place;
}
