import { join } from 'node:path';
import type { OptionsOf } from '../base/option.js';
import { text } from '../base/rules.js';

/** The options of report(). */
export const reportOptions = {
  /** The page. Default: report.html in the folder that is told of. */
  html: { flag: '--html <file>', help: 'the page (default: report.html in the folder)', rule: text },
  /** The same without plots, for GitHub and the like. */
  markdown: { flag: '--markdown <file>', help: 'also text and tables as Markdown', rule: text },
  /** All tables, a line a cell. */
  csv: { flag: '--csv <file>', help: 'also all tables as CSV, a line a cell, with all digits', rule: text },
  /** All tables, with booktabs' rules. */
  latex: { flag: '--latex <file>', help: 'also all tables for LaTeX, with booktabs', rule: text },
  /** Every plot as a picture of its own, for papers and READMEs. */
  plots: { flag: '--plots <dir>', help: 'also each plot as an SVG file, into this folder', rule: text },
} as const;

/** What report() takes. */
export interface ReportOptions extends OptionsOf<typeof reportOptions> {}

/** Where the page of a folder is, unless another place is asked for. */
export const pageIn = (folder: string): string => join(folder, 'report.html');
