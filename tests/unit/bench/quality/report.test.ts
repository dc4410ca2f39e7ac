import { describe, expect, it } from 'vitest';
import { markdownTable, meanAndDeviation, qualityReport } from '../../../../src/bench/quality/report.js';
import { result } from './fixtures.js';

describe('a mean over seeds', () => {
  it('has the standard deviation of a sample beside it, where there are several', () => {
    // Deviations −0.02, 0, 0.02: variance 0.0008 / 2.
    expect(meanAndDeviation([0.8, 0.82, 0.84], 3)).toBe('0.820 ± 0.020');
    expect(meanAndDeviation([0.8], 3)).toBe('0.800');
    expect(meanAndDeviation([], 3)).toBe('–');
  });
});

it('writes tables of Markdown with columns of one width', () => {
  expect(markdownTable(['a', 'long title'], [['1 ± 2', 'x|y']])).toBe(
    ['| a     | long title |', '| ----- | ---------- |', '| 1 ± 2 | x\\|y       |'].join('\n'),
  );
});

/** A section of a report as its title, the lines before the table, and the cells. */
function cellsOf(text: string, title: string): string[][] {
  const [, section = ''] = text.split(`### ${title}\n`);
  const [table = ''] = section.split('###');
  return table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));
}

describe('a report', () => {
  const better = { ...result, test: { ...result.test, accuracy: 0.9 }, seconds: 13.5, seed: 2 };
  const results = [
    { ...result, system: 'zebra', dataset: 'own', notes: [] },
    { ...result, system: 'best', options: ['--preset', 'best'] },
    result,
    better,
  ];

  it('has a table a dataset and a row a system, in the order of the bench, over the seeds', () => {
    const report = qualityReport(results);
    expect([...report.matchAll(/^### (.*)$/gm)].map(([, title]) => title)).toEqual(['dsl:10000', 'own']);
    const [header, dashes, ...rows] = cellsOf(report, 'dsl:10000');
    expect(header?.slice(0, 6)).toEqual(['system', 'seeds', 'accuracy', 'macro F1', 'loss', 'ECE']);
    expect(dashes).toHaveLength(13);
    const svm = ['0.850 ± 0.071', '0.750 ± 0.000', '0.500 ± 0.000', '0.050 ± 0.000'];
    const rest = [
      '0.900 ± 0.000',
      '0.750 ± 0.000',
      '0.500 ± 0.000',
      '13.0 ± 0.7',
      '20.0 ± 0.0',
      '3 ± 0',
      '0.5 ± 0.0',
    ];
    expect(rows[0]).toEqual(['svm', '2', ...svm, ...rest]);
    expect(rows[1]?.slice(0, 3)).toEqual(['best', '1', '0.800']);
    expect(cellsOf(report, 'own').at(-1)?.[0]).toBe('zebra');
  });

  it('says once what texts there are, what must be known of them, and why something is missing', () => {
    const missing = { name: 'fasttext', status: 'missing', reason: 'fastText is not installed' } as const;
    const report = qualityReport(results, [missing, { ...missing, name: 'again' }]);
    const said = '80 training, 10 validation and 10 test texts of 14 classes.';
    expect(report.split(said)).toHaveLength(3);
    expect(report.split('a pool.')).toHaveLength(2);
    expect(report.endsWith('\n\nfasttext, again: fastText is not installed')).toBe(true);
  });

  it('sets the regimes side by side where they were measured', () => {
    const regimes = ['vanilla', 'adversarial+dropout'].map((system) => ({ ...better, system }));
    const cells = cellsOf(qualityReport([...results, ...regimes]), 'Regimes');
    expect(cells[0]).toEqual([
      ...['dataset', 'measure', 'vanilla', 'dropout', 'adversarial', 'adversarial+dropout'],
    ]);
    expect(cells.slice(2)).toEqual([
      ['dsl:10000', 'accuracy', '0.900', '–', '–', '0.900'],
      ['dsl:10000', 'macro F1', '0.750', '–', '–', '0.750'],
      ['dsl:10000', 'loss', '0.500', '–', '–', '0.500'],
    ]);
    expect(qualityReport(results)).not.toContain('### Regimes');
  });
});
