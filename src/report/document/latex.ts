import { isOfWords, tablesOf, type Cell, type ReportDocument, type ReportTable } from './document.js';

/**
 * All tables of a document for LaTeX, each in a `table` with booktabs' rules. The preamble needs \usepackage{booktabs}, and for shaded places
 * of a matrix \usepackage[table]{xcolor}.
 */
export function latexOf(document: ReportDocument): string {
  const head = [
    `% ${escaped(document.title)}`,
    '% \\usepackage{booktabs}',
    '% \\usepackage[table]{xcolor}',
  ].join('\n');
  return `${[head, ...tablesOf(document).map(tableText)].join('\n\n')}\n`;
}

function tableText({ name, caption, header, rows, kind }: ReportTable): string {
  const alignment = header.map((_, place) => (place > 0 && !isOfWords(kind) ? 'r' : 'l')).join('');
  const line = (places: readonly string[]): string => `  ${places.join(' & ')} \\\\`;
  const body = rows.flatMap(({ name: row, cells, divided }) => [
    ...(divided === true ? ['  \\midrule'] : []),
    line([escaped(row), ...cells.map(cellText)]),
  ]);
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escaped(caption ?? name)}}`,
    `  \\label{tab:${name.toLowerCase().replace(/[^a-z0-9]+/gu, '-')}}`,
    `  \\begin{tabular}{${alignment}}`,
    '  \\toprule',
    line(header.map(escaped)),
    '  \\midrule',
    ...body,
    '  \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ].join('\n');
}

/** The share of a shaded place's ink. */
const mostInk = 60;

function cellText({ text, note, shade, strong }: Cell): string {
  const shown = strong && text !== '' ? `\\textbf{${escaped(text)}}` : escaped(text);
  const ink = shade === undefined ? 0 : Math.round(shade * mostInk);
  const noted = note === undefined ? shown : `${shown} (${escaped(note)})`;
  return ink === 0 ? noted : `\\cellcolor{blue!${ink}}${noted}`;
}

const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '−': '$-$',
  '–': '--',
  ε: '$\\varepsilon$',
  Δ: '$\\Delta$',
  α: '$\\alpha$',
  '±': '$\\pm$',
  '≤': '$\\leq$',
  '≥': '$\\geq$',
  '<': '$<$',
  '>': '$>$',
};

/** Text that LaTeX shows as it is. */
const escaped = (text: string): string =>
  text
    .replace(/\s+/gu, ' ')
    .replace(/[\\~^−–εΔα±≤≥<>]|[&%$#_{}]/gu, (character) => commands[character] ?? `\\${character}`);
