import type { DatasetDescription } from '../inspect/describe/description.js';
import { classChart } from './charts/classes.js';
import { frequencyChart } from './charts/frequencies.js';
import { lengthChart } from './charts/lengths.js';
import { classRows, factRows, splitRows, trainingRows } from './description.js';
import { figureOf } from './document/html.js';
import { count, share } from './format.js';
import { factTable, numberTable, page, section } from './page.js';

/** A description as one page that needs nothing else: no network, no script; its charts are drawn into it. */
export async function descriptionPage(description: DatasetDescription): Promise<string> {
  const { name, splits, vocabulary } = description;
  const names = splits.map(({ split }) => split);
  const tokens = splits[0]?.tokens ?? 0;
  const frequent = vocabulary.mostFrequent.map(({ token, count: occurrences }) => [
    JSON.stringify(token),
    count(occurrences),
    share(occurrences / tokens),
  ]);
  return page(`${name}: what the dataset is like`, [
    factTable('source', factRows(description)),
    section('Splits', numberTable('splits', ['', ...names], splitRows(description))),
    section('Lengths of the training texts', await figureOf(lengthChart(description))),
    section(
      'Examples of each class',
      await figureOf(classChart(description)),
      numberTable('examples of each class', ['class', ...names], classRows(description)),
    ),
    section('Training data', factTable('training data', trainingRows(description))),
    section('Token frequencies of the training data', await figureOf(frequencyChart(description))),
    section(
      'Most frequent tokens of the training data',
      numberTable('most frequent tokens', ['token', 'count', 'of all tokens'], frequent),
    ),
  ]);
}
