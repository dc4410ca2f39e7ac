import { describe, expect, it } from 'vitest';
import { renderInPage } from '../../../../src/report/charts/render.js';
import { csvOf } from '../../../../src/report/document/csv.js';
import {
  tablesOf,
  type Block,
  type ReportDocument,
  type ReportTable,
} from '../../../../src/report/document/document.js';
import { htmlOf } from '../../../../src/report/document/html.js';
import { studyDocument } from '../../../../src/report/study/study-document.js';
import type { AnalysedRow } from '../../../../src/study/analysis/study-analysis.js';
import { analysisOf, cellOf, dataOfRow, rowOf } from './support.js';

const opening = (document: ReportDocument): string => JSON.stringify(document.opening);

function tableNamed(document: ReportDocument, name: string): ReportTable {
  const table = tablesOf(document).find((one) => one.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

const texts = ({ rows }: ReportTable): string[][] =>
  rows.map(({ name, cells }) => [name, ...cells.map(({ text }) => text)]);

const blocksOf = (document: ReportDocument, heading: string): readonly Block[] =>
  document.sections.find((section) => section.heading === heading)?.blocks ?? [];

describe('what is told of a study', () => {
  const pool = rowOf('dsl-10k', {
    title: 'DSL 10k',
    data: {
      ...dataOfRow,
      notes: ['train.txt is a pool of 40 sentences, not the official training data'],
    },
  });

  it('begins with the answer and what makes it doubtful', () => {
    const missing = rowOf('mall', { title: 'Mall', cells: [], failures: ['no data here'], data: null });
    const document = studyDocument(analysisOf([rowOf('babi-6'), pool, missing]));
    expect(document.title).toBe('Does adversarial training help? The study mine');
    expect(opening(document)).toContain(
      'a smaller test loss than vanilla in 2 of 2 rows; over seeds, and corrected over the whole table, the difference is clear in 2 of them',
    );
    expect(opening(document)).toContain('Mall has no result: no data here');
    expect(opening(document)).toContain(
      '† train.txt is a pool of 40 sentences, not the official training data.',
    );
    expect(opening(document)).not.toContain('single seed');
  });

  it('says of every table and plot that shows it which data is a pool', () => {
    const document = studyDocument(analysisOf([rowOf('babi-6'), pool]));
    const withRows = tablesOf(document).filter(({ rows }) =>
      rows.some(({ name }) => name.includes('DSL 10k')),
    );
    expect(withRows.length).toBeGreaterThan(5);
    for (const { caption, rows } of withRows) {
      expect(caption).toContain('† On a pool or another collection, not the official data');
      expect(rows.filter(({ name }) => name.includes('DSL 10k') && !name.includes('†'))).toEqual([]);
    }
    const plots = document.sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'folded' ? block.blocks : [block])),
    );
    const untold = plots.filter(
      (block) =>
        (block.kind === 'chart' && !block.chart.caption.includes('†')) ||
        (block.kind === 'multiples' &&
          JSON.stringify(block.multiples).includes('DSL 10k') &&
          !block.multiples.caption.includes('†')),
    );
    expect(untold).toEqual([]);
  });

  it('stands beside the paper', () => {
    const table = tableNamed(studyDocument(analysisOf([rowOf('babi-6')])), 'Test loss');
    expect(table.header).toEqual(['', 'training texts', 'seeds', 'vanilla', 'adversarial']);
    expect(texts(table)).toEqual([['The babi-6', '900', '3', '0.5000 ± 0.0200', '0.4000 ± 0.0200']]);
    expect(table.rows[0]?.cells.map(({ strong, note }) => [strong, note]).slice(2)).toEqual([
      [false, 'paper 0.636'],
      [true, 'paper 0.636'],
    ]);
  });

  it('names rows of several sizes, cells and losses apart', () => {
    const rows = [rowOf('a'), rowOf('a', { size: 'small' }), rowOf('b', { cell: 'lstm', loss: 'squared' })];
    expect(texts(tableNamed(studyDocument(analysisOf(rows)), 'Test loss')).map(([name]) => name)).toEqual([
      'The a, big',
      'The a, small',
      'The b (LSTM, squared error)',
    ]);
  });

  it('says what did not learn, in the table of results too', () => {
    const learnt = { learnt: 1, of: 3, doubts: ['WORSE_THAN_PRIOR'] };
    const row = rowOf('mall', { cells: [cellOf('vanilla'), cellOf('adversarial', { learnt })] });
    const document = studyDocument(analysisOf([row]));
    expect(texts(tableNamed(document, 'Seeds that learnt something'))[0]?.slice(3)).toEqual([
      'all',
      '1 of 3',
      'worse than prior',
    ]);
    expect(texts(tableNamed(document, 'Test loss'))[0]?.at(-1)).toMatch(/‡$/);
  });

  it('judges claims by name, with their evidence', () => {
    const rows = [rowOf('a'), rowOf('b', { size: 'small' })];
    const table = tableNamed(studyDocument(analysisOf(rows)), 'Claims and evidence');
    expect(texts(table)).toEqual([
      ['It lowers the loss.', 'supported', '−0.2000', '−0.3000', '−0.1000', '2 rows: The a; The b, small'],
      ['Cells are alike.', 'not tested', '', '', '', 'no runs'],
    ]);
    expect(table.rows[0]?.note).toBe('Measured: relative difference. Source: section 6.');
  });

  it('tells of a study of which nothing is done', async () => {
    const rows = [rowOf('a', { cells: [], data: null })];
    const runs = { total: 3, done: 0, failed: 0, missing: 0, open: 3 };
    const document = studyDocument(analysisOf(rows, { runs, versions: [], machines: [] }));
    expect(opening(document)).toContain('nothing can be said');
    expect(opening(document)).toContain('0 of 3 runs done, 3 still to do.');
    expect(await htmlOf(document)).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('tells every run with what repeats it', () => {
    const failure = { code: 'DATA_MISSING', message: 'not here' };
    const { everyRun } = analysisOf([rowOf('a')]);
    const warnings = [{ code: 'DIVERGED', message: 'lost' }] as const;
    const changed = everyRun.map((run, place) =>
      place === 0 ? { ...run, status: 'missing' as const, test: null, failure } : { ...run, warnings },
    );
    const document = studyDocument(analysisOf([rowOf('a')], { everyRun: changed }));
    expect(
      texts(tableNamed(document, 'Every run')).map((line) => [line[0], line[1], ...line.slice(-2)])[0],
    ).toEqual(['a/vanilla/big/1', 'missing', 'DATA_MISSING', 'npx advnative train --dataset a --seed 1']);
    expect(JSON.stringify(document)).toContain('DIVERGED: 5 runs, such as a/vanilla/big/2: lost');
    expect(csvOf(document)).toContain(`a/vanilla/big/1,data,${'ab'.repeat(32)}`);
  });
});

describe('features of the data', () => {
  const heading = 'Features of the data and the effect';
  const old = rowOf('old', {
    data: { ...dataOfRow, dataset: 'babi-6', language: null, classBalance: null, trainingTexts: null },
  });

  it('stand beside the effect, and are a dash where a run of an earlier version lacks them', () => {
    const document = studyDocument(analysisOf([rowOf('a'), old]));
    const table = tableNamed(document, 'Features of the data and the effect of adversarial training');
    const [full, lacking] = texts(table).map((cells): Record<string, string> =>
      Object.fromEntries(table.header.map((title, place) => [title, cells[place] ?? ''])),
    );
    expect(full).toMatchObject({
      ...{ '': '1  The a', 'training texts': '900', vocabulary: '38', 'class balance': '0.980' },
      ...{ 'tokens per text': '70.25', 'sentences per text': '12.50', difference: '−20.0%' },
    });
    expect(lacking).toMatchObject({
      ...{ 'class balance': '–', 'tokens per text': '–', 'sentences per text': '–' },
      ...{ vocabulary: '38', difference: '−20.0%' },
    });
    expect(texts(tableNamed(document, 'Texts of the data'))).toEqual([
      ['1  The a', 'English', 'words', '70.25', '66', '140', '2.00%'],
      ['2  The old', '–', 'words', '–', '–', '–', '2.00%'],
    ]);
  });

  it('are drawn where rows differ in them', () => {
    const chartsOf = (...rows: AnalysedRow[]): string[] => {
      const [block] = blocksOf(studyDocument(analysisOf(rows)), heading);
      return block?.kind === 'multiples' ? block.multiples.charts.map(({ title }) => title) : [];
    };
    const other = rowOf('b', { data: { ...dataOfRow, unknownShare: 0.2, classBalance: 0.5 } });
    expect(chartsOf(rowOf('a'))).toEqual([]);
    expect(chartsOf(rowOf('a'), old)).toEqual([]);
    expect(chartsOf(rowOf('a'), old, other)).toEqual(['class balance', 'unknown tokens']);
  });
});

describe('plots of a study', () => {
  const document = studyDocument(analysisOf([rowOf('a'), rowOf('b')]));

  it('have a point and an interval for every difference, around a line at 0', async () => {
    const [forest] = blocksOf(document, 'Differences from vanilla');
    if (forest?.kind !== 'chart') throw new Error('no chart');
    expect(forest.chart.caption).toContain('Left of 0: smaller test loss than vanilla.');
    for (const form of ['wide', 'narrow'] as const) {
      const svg = await renderInPage(forest.chart.specification(form));
      const [, points = ''] = /mark-symbol role-mark.*?>(.*?)<\/g>/su.exec(svg) ?? [];
      expect(points.match(/<path/g)).toHaveLength(2);
      // Clear differences are filled.
      expect(points.match(/fill="var\(--series-1\)"/g)).toHaveLength(2);
    }
  });

  it('draw each cell of a row on the same axes', async () => {
    const multiples = blocksOf(document, 'Learning curves').filter((block) => block.kind === 'multiples');
    expect(multiples.map((block) => block.multiples.charts.length)).toEqual([2, 2]);
    const [first] = multiples;
    const drawn = await Promise.all(
      (first?.multiples.charts ?? []).map(({ specification }) => renderInPage(specification)),
    );
    const marks = drawn.map((svg) => svg.match(/<text[^>]*>[\d.]+<\/text>/g));
    expect(marks[0]).toEqual(marks[1]);
    for (const svg of drawn) expect(svg.match(/mark-line/g)).toHaveLength(2);
  });

  /** Different in every feature. */
  const dataLike = (place: number): NonNullable<AnalysedRow['data']> => ({
    ...dataOfRow,
    labels: Array.from({ length: 2 + (place % 14) }, (_, label) => `class ${label}`),
    examples: { ...dataOfRow.examples, train: 900 + 7919 * place },
    ...{ vocabularySize: 38 + 613 * place, classBalance: 1 / (1 + place), unknownShare: place / 300 },
    trainingTexts: { tokens: { mean: 7.3 + place, median: 5, p95: 99 }, sentences: 1 + place / 7 },
  });

  it('fit on a page of 2 MB for 500 runs of 14 classes', async () => {
    const columns = ['vanilla', 'dropout', 'adversarial', 'adversarial+dropout', 'random'];
    const big = (row: string, place: number): AnalysedRow =>
      rowOf(row, {
        data: dataLike(place),
        cells: columns.map((column) => cellOf(column, { seeds: [1] }, { classes: 14, epochs: 50 })),
      });
    const rows = Array.from({ length: 100 }, (_, place) => big(`row-${place}`, place));
    const html = await htmlOf(studyDocument(analysisOf(rows)));
    expect(html.length).toBeLessThan(2e6);
  });
});
