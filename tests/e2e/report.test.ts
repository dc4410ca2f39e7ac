import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReportResult } from '../../src/index.js';
import { palettes } from '../../src/report/palette.js';
import {
  browserOfFile,
  chromiumPath,
  expectSound,
  looks,
  marksOf,
  openPage,
  whereBrowser,
} from './browser.js';
import { expectError, films, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());
const browser = browserOfFile();
const epochs = 4;

beforeAll(async () => {
  await place.write('films.tsv', films(120));
  await place.write('test.tsv', films(30));
  const small = [
    '--embedding',
    '4',
    '--hidden',
    '4',
    '--mlp',
    '4',
    '--epochs',
    String(epochs),
    '--patience',
    '9',
  ];
  const data = ['--train', 'films.tsv', '--test', 'test.tsv', '--preset', 'paper', '--no-baseline'];
  await place.json('train', ...data, ...small, '--out', 'run');
  const tiny = { dataset: 'babi-sim-6', limit: 60, epochs: 2, embedding: 4, hidden: 4, mlp: 4 };
  const row = {
    name: 'tiny',
    options: {},
    columns: ['vanilla', 'adversarial'],
    sizes: ['big'],
    seeds: [1, 2],
  };
  const columns = { vanilla: { regime: 'vanilla' }, adversarial: { regime: 'adversarial' } };
  const options = { preset: 'paper', baseline: false, ...tiny };
  await place.write('plan.json', JSON.stringify({ format: 1, options, columns, rows: [row] }));
  await place.run('reproduce', '--plan', 'plan.json', '--out', 'study', '--quiet');
});

it('tells of a run in one file, whose path it prints', async () => {
  const { code, stdout, stderr } = await place.run('report', 'run');
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: `${join('run', 'report.html')}\n`,
    stderr: '',
  });
  const { size } = await stat(join(place.folder, 'run', 'report.html'));
  expect(size).toBeLessThan(2e6);
  // It is nobody's: the run is reported again, and resumed, as if it were not there.
  expect((await place.run('report', 'run')).code).toBe(0);
});

it('gives all tables as Markdown, CSV and LaTeX too', async () => {
  const files = ['--html', 'a.html', '--markdown', 'a.md', '--csv', 'a.csv', '--latex', 'a.tex'];
  const result = await place.json<ReportResult>('report', 'run', ...files);
  expect(result).toEqual({
    kind: 'run',
    title: 'own-data, adversarial, seed 1',
    ...{ html: 'a.html', markdown: 'a.md', csv: 'a.csv', latex: 'a.tex' },
  });
  const cells = parse<Record<string, string>>(await place.text('a.csv'), { columns: true });
  const loss = cells.find((cell) => cell['row'] === 'this run' && cell['column'] === 'test loss');
  expect(Number(loss?.['value'])).toBe((await place.record('run')).result?.test?.loss);
  expect(await place.text('a.md')).toContain('| this run |');
  expect(await place.text('a.tex')).toContain('\\toprule');
});

it('draws each plot as a picture of its own', async () => {
  const result = await place.json<ReportResult>(
    'report',
    'study',
    '--html',
    'p.html',
    '--plots',
    'plots/new',
  );
  expect(result).toMatchObject({ html: 'p.html', plots: 'plots/new' });
  const names = await readdir(join(place.folder, 'plots', 'new'));
  expect(names).toContain('differences-from-vanilla.svg');
  for (const name of names) {
    const svg = await place.text(join('plots', 'new', name));
    expect(svg, name).toMatch(/^<svg [^>]*xmlns=/u);
    // The colours, which a page would declare, and the background are in it.
    expect(svg, name).not.toContain('var(');
    expect(svg, name).toContain(`fill="${palettes.light.background}"`);
  }
  const page = await place.text('p.html');
  expect(names).toHaveLength(page.match(/<div (?:class="wide" )?role="img"/gu)?.length ?? 0);
});

it('tells of a study in one file, what is done of it', async () => {
  const result = await place.json<ReportResult>('report', 'study', '--csv', 'study.csv');
  expect(result).toMatchObject({ kind: 'study', html: join('study', 'report.html') });
  const cells = parse<Record<string, string>>(await place.text('study.csv'), { columns: true });
  const runs = cells.filter((cell) => cell['table'] === 'Every run' && cell['column'] === 'status');
  expect(runs.map((cell) => [cell['row'], cell['value']])).toEqual([
    ['tiny/vanilla/big/1', 'done'],
    ['tiny/adversarial/big/1', 'done'],
    ['tiny/vanilla/big/2', 'done'],
    ['tiny/adversarial/big/2', 'done'],
  ]);
});

it.each([
  ['run/none', [], 'RUN_DIRECTORY', 1],
  ['run', ['--html', 'run/run.json'], 'USAGE', 2],
  ['run', ['--csv', 'films.tsv'], 'USAGE', 2],
  ['run', ['--csv', 'x', '--latex', './x'], 'USAGE', 2],
  ['run', ['--html', 'none/x.html'], 'STORAGE', 1],
  ['study', ['--csv', 'study/table.csv'], 'USAGE', 2],
  ['study', ['--plots', 'films.tsv'], 'STORAGE', 1],
] as const)('refuses %s with %j', async (run, options, code, exit) => {
  const outcome = await place.run('report', run, ...options, '--json');
  expectError(outcome, exit, code);
});

describe.skipIf(chromiumPath === undefined)(`in a browser${whereBrowser}`, () => {
  const path = join(place.folder, 'run', 'report.html');
  const ofStudy = join(place.folder, 'study', 'report.html');

  it.each(looks)('the page of a run is sound in $colorScheme at $width pixels', async (look) => {
    await expectSound(browser(), path, look);
  });

  it.each(looks)('the page of a study is sound in $colorScheme at $width pixels', async (look) => {
    await expectSound(browser(), ofStudy, look);
  });

  it('shows a point for the difference, and a plot of each kind for the row of a study', async () => {
    const { page } = await openPage(browser(), ofStudy, { colorScheme: 'light', width: 1280 });
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    const marks = await marksOf(page);
    // The forest, two learning curves, losses along perturbations, embeddings, ε and norms.
    expect(marks).toHaveLength(7);
    expect(marks[0]).toMatchObject({ symbol: 1 });
    expect(marks.slice(1, 3).map(({ line }) => line)).toEqual([2, 2]);
    expect(marks[3]?.['line']).toBe(4);
    await page.context().close();
  });

  it('shows each plot once, with a point for every epoch', async () => {
    for (const look of looks) {
      const { page } = await openPage(browser(), path, look);
      const marks = await marksOf(page);
      // Losses, gap, accuracy, scale, ε, norms, losses along perturbations, calibration and the histogram.
      expect(marks.map(({ symbol = 0 }) => symbol).slice(0, 7)).toEqual([
        3 * epochs + 1,
        epochs,
        3 * epochs + 2,
        epochs + 1,
        epochs,
        epochs,
        16,
      ]);
      expect(marks).toHaveLength(9);
      expect(marks[8]?.['rect']).toBe(80);
      await page.context().close();
    }
  });
});
