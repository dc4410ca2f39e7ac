import type { DescribedChart } from '../charts/described-chart.js';
import { renderInPage } from '../charts/render.js';
import type { SmallMultiples } from '../charts/small-multiples.js';
import { contents, escapeHtml, factTable, figureElement, page, section } from '../page.js';
import { shadeSteps } from '../palette.js';
import type { Block, Cell, ReportDocument, ReportTable, TableRow } from './document.js';

/** A document with so many sections has a list of them. */
const sectionsForContents = 4;

/** A document as one page that needs nothing else: no network, no script; its charts are drawn into it. */
export async function htmlOf({ title, opening, sections, footer }: ReportDocument): Promise<string> {
  const parts = [await blocksHtml(opening)];
  if (sections.length >= sectionsForContents) parts.push(contents(sections.map(({ heading }) => heading)));
  for (const { heading, blocks } of sections) parts.push(section(heading, await blocksHtml(blocks)));
  return page(title, parts, footer);
}

async function blocksHtml(blocks: readonly Block[]): Promise<string> {
  const parts: string[] = [];
  for (const block of blocks) parts.push(await blockHtml(block));
  return parts.join('\n');
}

async function blockHtml(block: Block): Promise<string> {
  switch (block.kind) {
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'warnings':
      return warningsHtml(block.warnings);
    case 'facts':
      return factTable(block.name, block.rows);
    case 'table':
      return tableHtml(block.table);
    case 'chart':
      return figureOf(block.chart);
    case 'multiples':
      return multiplesHtml(block.multiples);
    case 'command':
      return `<pre class="command">${escapeHtml(block.command)}</pre>`;
    case 'folded':
      return `<details>\n<summary>${escapeHtml(block.summary)}</summary>\n${await blocksHtml(block.blocks)}\n</details>`;
  }
}

function warningsHtml(warnings: readonly string[]): string {
  const paragraphs = warnings.map((warning) => `<p><strong>Warning:</strong> ${escapeHtml(warning)}</p>`);
  return `<div class="warnings">\n${paragraphs.join('\n')}\n</div>`;
}

/** A chart under its caption, drawn for wide and for narrow windows. */
export async function figureOf({ caption, alternative, specification }: DescribedChart): Promise<string> {
  return figureElement(caption, alternative, {
    wide: await renderInPage(specification('wide')),
    narrow: await renderInPage(specification('narrow')),
  });
}

async function multiplesHtml({ heading, caption, charts, width }: SmallMultiples): Promise<string> {
  const drawn: string[] = [];
  for (const { title, alternative, specification } of charts) {
    const svg = await renderInPage(specification);
    const label = escapeHtml(`${title}: ${alternative}`);
    drawn.push(
      `<div>\n<p>${escapeHtml(title)}</p>\n<div role="img" aria-label="${label}">\n${svg}\n</div>\n</div>`,
    );
  }
  const columns = `grid-template-columns: repeat(auto-fill, minmax(min(100%, ${width}px), 1fr))`;
  const title = heading === undefined ? '' : `<h3>${escapeHtml(heading)}</h3>\n`;
  const said = caption === '' ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>\n`;
  return (
    `${title}<figure>\n${said}` +
    `<div class="multiples" style="${columns}">\n${drawn.join('\n')}\n</div>\n</figure>`
  );
}

/** A table that scrolls by itself where the window is too narrow for it, also by keyboard. */
function tableHtml({ name, caption, header, rows, kind }: ReportTable): string {
  const label = escapeHtml(name);
  const titles = header.map((title) =>
    title === ''
      ? '<td></td>'
      : `<th scope="col"><span>${escapeHtml(title).replaceAll('+', '+<wbr>')}</span></th>`,
  );
  const body = rows.map((row) => rowHtml(row));
  const table =
    `<div class="scroll" role="region" aria-label="${label}" tabindex="0">\n<table class="${kind}" aria-label="${label}">\n` +
    `<thead><tr>${titles.join('')}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>\n</div>`;
  // A table's own caption would be as narrow as the table.
  return caption === undefined
    ? table
    : `<figure>\n<figcaption>${escapeHtml(caption)}</figcaption>\n${table}\n</figure>`;
}

function rowHtml({ name, note, cells, divided }: TableRow): string {
  const start = divided === true ? '<tr class="divided">' : '<tr>';
  return `${start}<th scope="row">${escapeHtml(name)}${noteHtml(note)}</th>${cells.map(cellHtml).join('')}</tr>`;
}

/** No line ends between ± and its number, nor before the mark of a number. */
const bindingSpaces = /(?<=±) | (?=‡)/gu;

function cellHtml({ text, value, note, shade = 0, strong }: Cell): string {
  const step = Math.ceil(shade * shadeSteps);
  const kind = step > 0 ? ` class="shade-${step}"` : value === 0 ? ' class="none"' : '';
  const whole = escapeHtml(text).replace(bindingSpaces, '\u00a0');
  const shown = strong && text !== '' ? `<strong>${whole}</strong>` : whole;
  return `<td${kind}>${shown}${noteHtml(note)}</td>`;
}

const noteHtml = (note: string | undefined): string =>
  note === undefined ? '' : `<span class="note">${escapeHtml(note)}</span>`;
