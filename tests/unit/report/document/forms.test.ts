import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { csvOf } from '../../../../src/report/document/csv.js';
import {
  numberCell,
  tablesOf,
  type Block,
  type ReportDocument,
} from '../../../../src/report/document/document.js';
import { htmlOf } from '../../../../src/report/document/html.js';
import { latexOf } from '../../../../src/report/document/latex.js';
import { markdownOf } from '../../../../src/report/document/markdown.js';

const table: Block = {
  kind: 'table',
  table: {
    name: 'Some losses',
    caption: 'Below 0 | better.',
    header: ['row', 'loss', 'F_1'],
    rows: [
      {
        name: 'a & b',
        cells: [numberCell(1 / 3, (value) => value.toFixed(2), { shade: 0.5, strong: true }), { text: '' }],
      },
      {
        name: 'ε_{x} ≤ 50%',
        cells: [{ text: '−1', value: -1, note: 'paper 2' }, { text: 'x*y' }],
        divided: true,
      },
    ],
    kind: 'numbers',
  },
};

const document: ReportDocument = {
  title: 'A <report>',
  opening: [
    { kind: 'text', text: 'First.' },
    { kind: 'warnings', warnings: ['careful', 'very'] },
  ],
  sections: [
    {
      heading: 'Ones & others',
      blocks: [
        { kind: 'facts', name: 'facts', rows: [['name', 'said']] },
        { kind: 'command', command: 'npx advnative train' },
        { kind: 'folded', summary: 'More', blocks: [table] },
      ],
    },
  ],
  footer: 'The end.',
};

it('gives all tables as CSV, a line a cell, with all digits and without empty ones', () => {
  expect(parse(csvOf(document), { columns: true })).toEqual([
    { table: 'Some losses', row: 'a & b', column: 'loss', value: String(1 / 3) },
    { table: 'Some losses', row: 'ε_{x} ≤ 50%', column: 'loss', value: '-1' },
    { table: 'Some losses', row: 'ε_{x} ≤ 50%', column: 'loss (note)', value: 'paper 2' },
    { table: 'Some losses', row: 'ε_{x} ≤ 50%', column: 'F_1', value: 'x*y' },
  ]);
});

it('gives text and tables as Markdown', () => {
  expect(markdownOf(document)).toBe(
    [
      String.raw`# A \<report\>`,
      'First.',
      '> **Warning:** careful\n>\n> **Warning:** very',
      '## Ones & others',
      '- **name**: said',
      '```sh\nnpx advnative train\n```',
      '**More**',
      String.raw`Below 0 \| better.`,
      [
        String.raw`| row | loss | F\_1 |`,
        '| --- | ---: | ---: |',
        '| a & b | **0.33** |  |',
        String.raw`| ε\_{x} ≤ 50% | −1<br>paper 2 | x\*y |`,
      ].join('\n'),
      '_The end._\n',
    ].join('\n\n'),
  );
});

it('gives tables for LaTeX with the rules of booktabs', () => {
  const latex = latexOf(document);
  expect(latex).toContain(
    [
      String.raw`  \caption{Below 0 | better.}`,
      String.raw`  \label{tab:some-losses}`,
      String.raw`  \begin{tabular}{lrr}`,
      String.raw`  \toprule`,
      String.raw`  row & loss & F\_1 \\`,
      String.raw`  \midrule`,
      String.raw`  a \& b & \cellcolor{blue!30}\textbf{0.33} &  \\`,
      String.raw`  \midrule`,
      String.raw`  $\varepsilon$\_\{x\} $\leq$ 50\% & $-$1 (paper 2) & x*y \\`,
      String.raw`  \bottomrule`,
    ].join('\n'),
  );
});

it('gives a page whose table can be scrolled by keyboard and whose parts open', async () => {
  const html = await htmlOf(document);
  expect(html).toContain('<div class="scroll" role="region" aria-label="Some losses" tabindex="0">');
  expect(html).toContain('<td class="shade-5"><strong>0.33</strong></td><td></td>');
  expect(html).toContain(
    '<tr class="divided"><th scope="row">ε_{x} ≤ 50%</th><td>−1<span class="note">paper 2</span></td>',
  );
  expect(html).toContain('<summary>More</summary>');
  expect(html).toContain('<h2 id="ones-others">Ones &amp; others</h2>');
  expect(html).not.toContain('<nav');
  expect(tablesOf(document).map(({ name }) => name)).toEqual(['Some losses']);
});
