import type { DatasetDescription } from '../data/describe/description.js';
import { packageVersion } from '../package.js';
import { renderChart } from './chart.js';
import { descriptionCharts, type DescribedChart } from './description-charts.js';
import { classRows, factRows, splitRows, trainingRows, type Rows } from './description.js';
import { escapeHtml } from './html.js';

const style = `
  body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
  table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: 0.2rem 1rem 0.2rem 0; }
  tr { border-bottom: 1px solid #e5e5e5; } th { font-weight: 600; }
  td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
  .numbers td:not(:first-child), .numbers th:not(:first-child) { text-align: right; }
  figure { margin: 0; } figcaption { color: #555; margin-bottom: 0.6rem; } svg { max-width: 100%; height: auto; }
  footer { margin-top: 3rem; color: #777; font-size: 0.85rem; }
`;

/** A description as one page that needs nothing else: no network, no script; its charts are drawn into it. */
export async function descriptionPage(description: DatasetDescription): Promise<string> {
  const { splits } = description;
  const names = splits.map(({ split }) => split);
  const charts: string[] = [];
  for (const chart of descriptionCharts(description)) charts.push(await figureOf(chart));
  const frequent = description.vocabulary.mostFrequent.map(({ token, count }) => [
    JSON.stringify(token),
    count.toLocaleString('en-US'),
  ]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(description.name)}: what the dataset is like</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(description.name)}</h1>
${tableOf([], factRows(description))}
<h2>Splits</h2>
${tableOf(['', ...names], splitRows(description), 'numbers')}
<h2>Training data</h2>
${tableOf([], trainingRows(description))}
${charts.join('\n')}
<h2>Classes</h2>
${tableOf(['class', ...names], classRows(description), 'numbers')}
<h2>Most frequent tokens of the training data</h2>
${tableOf(['token', 'count'], frequent, 'numbers')}
<footer>Made by advnative ${escapeHtml(packageVersion)}; datasets/README.md says how each number is measured.</footer>
</body>
</html>
`;
}

async function figureOf({ title, caption, specification }: DescribedChart): Promise<string> {
  const svg = await renderChart(specification);
  return `<h2>${escapeHtml(title)}</h2>\n<figure><figcaption>${escapeHtml(caption)}</figcaption>\n${svg}\n</figure>`;
}

function tableOf(header: readonly string[], rows: Rows, kind = ''): string {
  const line = (cells: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const head = header.length === 0 ? '' : `<thead>${line(header, 'th')}</thead>\n`;
  const body = rows.map((cells) => line(cells, 'td')).join('\n');
  return `<table${kind === '' ? '' : ` class="${kind}"`}>\n${head}<tbody>\n${body}\n</tbody>\n</table>`;
}
