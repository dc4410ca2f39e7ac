import { packageVersion } from '../base/package.js';
import { plainName } from './plain-name.js';
import { declarations, palettes, shadeSteps } from './palette.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML shows it, inside elements and quoted attributes; lone surrogates, which no file can hold, as U+FFFD. */
export function escapeHtml(text: string): string {
  return text.toWellFormed().replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Rows of one table: a name and a cell for each column. */
export type Rows = readonly (readonly string[])[];

/** Below this width of the window, in CSS pixels, charts are shown in their narrow form. */
const narrowWindow = 700;

/** The backgrounds of shaded places, by their class. */
const shades = Array.from(
  { length: shadeSteps },
  (_, step) => `.shade-${step + 1} { background: var(--shade-${step + 1}); }`,
).join(' ');

const style = `
  :root { color-scheme: light dark; ${declarations(palettes.light)} }
  @media screen and (prefers-color-scheme: dark) { :root { ${declarations(palettes.dark)} } }
  body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  body { color: var(--text); background: var(--background); }
  h1 { font-size: 1.6rem; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
  table { border-collapse: collapse; } tr { border-bottom: 1px solid var(--line); }
  th, td { text-align: left; vertical-align: top; padding: 0.2rem 1rem 0.2rem 0; }
  th { font-weight: 600; } th[scope=row] { font-weight: 400; min-width: 5.5rem; overflow-wrap: anywhere; }
  .facts td { overflow-wrap: anywhere; } .facts th[scope=row] { color: var(--muted); }
  .numbers td, .numbers th[scope=col]:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
  .numbers th[scope=row] { min-width: 8.5rem; overflow-wrap: normal; } .facts { margin-bottom: 1.2rem; } figure { margin: 0 0 1.2rem; } figcaption { color: var(--muted); margin-bottom: 0.6rem; max-width: 45rem; }
  svg { display: block; max-width: 100%; height: auto; font-family: system-ui, sans-serif; }
  .narrow { display: none; }
  a { color: var(--series-1); } nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; list-style: none; padding: 0; }
  .scroll { overflow-x: auto; margin-bottom: 1.2rem; } .scroll:focus-visible { outline: 2px solid var(--series-1); outline-offset: 2px; }
  thead th { vertical-align: bottom; } .numbers thead th { max-width: 8rem; } tr.divided { border-top: 2px solid var(--line); }
  .words td:not(:last-child) { white-space: nowrap; } .words td:last-child { min-width: 14rem; } .sentences th[scope=row] { min-width: 18rem; } .sentences td { min-width: 5rem; } .note { display: block; color: var(--muted); font-size: 0.85em; white-space: nowrap; }
  .matrix td, .matrix thead th { text-align: right; padding: 0.2rem 0.45rem; font-variant-numeric: tabular-nums; min-width: 2.2rem; }
  .matrix thead th:not(:first-child) span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 10rem; }
  .matrix thead th:first-child { text-align: left; } .matrix th[scope=row] { position: sticky; left: 0; background: var(--background); min-width: 0; max-width: 12rem; }
  .sentences .note { white-space: normal; } [class^=shade] .note { color: inherit; } h3 { font-size: 1rem; margin: 1.4rem 0 0.5rem; }
  .none { color: var(--muted); } ${shades}
  .command { font: 0.85rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; padding: 0.7rem 0.9rem; border: 1px solid var(--line); border-radius: 4px; }
  .warnings { border-left: 4px solid var(--series-2); padding: 0.1rem 0 0.1rem 0.9rem; margin: 1rem 0; } .warnings p { margin: 0.4rem 0; }
  .multiples { display: grid; gap: 1rem 1.2rem; } .multiples p { margin: 0 0 0.2rem; font-weight: 600; font-size: 0.9rem; }
  details { margin: 1rem 0; } summary { cursor: pointer; color: var(--series-1); } details[open] > summary { margin-bottom: 0.6rem; }
  footer { margin-top: 3rem; color: var(--muted); font-size: 0.85rem; }
  @media screen and (max-width: ${narrowWindow - 1}px) {
    .wide { display: none; } .narrow { display: block; }
    body { margin: 1rem auto; } th, td { padding-right: 0.6rem; }
  }
  @media print {
    body { margin: 0; max-width: none; font-size: 10pt; } nav { display: none; } .scroll { overflow: visible; }
    td { print-color-adjust: exact; } details::details-content { display: block; content-visibility: visible; }
    h2 { break-after: avoid; } figure:not(:has(table)), tr { break-inside: avoid; } footer { margin-top: 1rem; } thead { display: table-header-group; }
  }
`;

/**
 * A page that needs nothing else: no network, no script. It follows the light or dark scheme of the reader.
 *
 * @param sections HTML from {@link section}
 * @param measured how numbers are measured, or where that is said
 */
export function page(
  title: string,
  sections: readonly string[],
  measured = 'datasets/README.md says how each number is measured.',
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${sections.join('\n')}
</main>
<footer>Made by advnative ${escapeHtml(packageVersion)}. ${escapeHtml(measured)}</footer>
</body>
</html>
`;
}

/** A part of a page under its heading, to which its name leads. */
export function section(heading: string, ...parts: readonly string[]): string {
  return `<section>\n<h2 id="${plainName(heading)}">${escapeHtml(heading)}</h2>\n${parts.join('\n')}\n</section>`;
}

/** Links to the parts of a page. */
export function contents(headings: readonly string[]): string {
  const links = headings.map(
    (heading) => `<li><a href="#${plainName(heading)}">${escapeHtml(heading)}</a></li>`,
  );
  return `<nav aria-label="Contents">\n<ul>\n${links.join('\n')}\n</ul>\n</nav>`;
}

/**
 * A table of names and what is said of them.
 *
 * @param name what a screen reader calls it
 */
export function factTable(name: string, rows: Rows): string {
  return tableOf(name, 'facts', '', rows);
}

/**
 * A table of numbers, flush right below their headings.
 *
 * @param name what a screen reader calls it
 * @param header the first column's heading, which may be empty, and those of the numbers
 */
export function numberTable(name: string, header: readonly string[], rows: Rows): string {
  const cells = header.map((title) =>
    title === '' ? '<td></td>' : `<th scope="col">${escapeHtml(title)}</th>`,
  );
  return tableOf(name, 'numbers', `<thead><tr>${cells.join('')}</tr></thead>\n`, rows);
}

function tableOf(name: string, kind: string, head: string, rows: Rows): string {
  const body = rows.map(([first = '', ...cells]) => {
    const values = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`);
    return `<tr><th scope="row">${escapeHtml(first)}</th>${values.join('')}</tr>`;
  });
  return `<table class="${kind}" aria-label="${escapeHtml(name)}">\n${head}<tbody>\n${body.join('\n')}\n</tbody>\n</table>`;
}

/**
 * A chart under its caption, drawn for wide and for narrow windows, of which a browser shows one.
 *
 * @param alternative what a reader is told who cannot see it
 */
export function figureElement(
  caption: string,
  alternative: string,
  drawn: Readonly<Record<'wide' | 'narrow', string>>,
): string {
  const shown = (['wide', 'narrow'] as const).map(
    (form) =>
      `<div class="${form}" role="img" aria-label="${escapeHtml(alternative)}">\n${drawn[form]}\n</div>`,
  );
  return `<figure>\n<figcaption>${escapeHtml(caption)}</figcaption>\n${shown.join('\n')}\n</figure>`;
}
