import { isOfWords, type Block, type Cell, type ReportDocument, type ReportTable } from './document.js';

/** A document as GitHub's Markdown; what charts would show stands as their captions and what is said to who cannot see them. */
export function markdownOf({ title, opening, sections, footer }: ReportDocument): string {
  const parts = [
    `# ${escaped(title)}`,
    ...opening.map(blockText),
    ...sections.flatMap(({ heading, blocks }) => [`## ${escaped(heading)}`, ...blocks.map(blockText)]),
    `_${escaped(footer)}_`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return escaped(block.text);
    case 'warnings':
      return block.warnings.map((warning) => `> **Warning:** ${escaped(warning)}`).join('\n>\n');
    case 'facts':
      return block.rows
        .map(([name = '', ...said]) => `- **${escaped(name)}**: ${escaped(said.join(' '))}`)
        .join('\n');
    case 'table':
      return tableText(block.table);
    case 'chart':
      return `_Plot: ${escaped(block.chart.caption)} ${escaped(block.chart.alternative)}_`;
    case 'multiples':
      return `_Plots: ${escaped(`${block.multiples.heading ?? ''} ${block.multiples.caption}`.trim())}_`;
    case 'command':
      return `\`\`\`sh\n${block.command}\n\`\`\``;
    case 'folded':
      return [`**${escaped(block.summary)}**`, ...block.blocks.map(blockText)].join('\n\n');
  }
}

function tableText({ caption, header, rows, kind }: ReportTable): string {
  const align = header.map((_, place) => (place > 0 && !isOfWords(kind) ? '---:' : '---'));
  const lines = [
    header.map(escaped),
    align,
    ...rows.map(({ name, note, cells }) => [noted(escaped(name), note), ...cells.map(cellText)]),
  ].map((places) => `| ${places.join(' | ')} |`);
  return [...(caption === undefined ? [] : [escaped(caption), '']), ...lines].join('\n');
}

function cellText({ text, note, strong }: Cell): string {
  const shown = strong && text !== '' ? `**${escaped(text)}**` : escaped(text);
  return noted(shown, note);
}

const noted = (shown: string, note: string | undefined): string =>
  note === undefined ? shown : `${shown}<br>${escaped(note)}`;

/** Text that Markdown shows as it is. */
const escaped = (text: string): string =>
  text.replace(/\s+/gu, ' ').replace(/[\\`*_[\]<>|~#]/gu, (character) => `\\${character}`);
