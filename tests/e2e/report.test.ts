import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReportResult } from '../../src/index.js';
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

it.each([
  ['run/none', [], 'RUN_DIRECTORY', 1],
  ['run', ['--html', 'run/run.json'], 'USAGE', 2],
  ['run', ['--csv', 'films.tsv'], 'USAGE', 2],
  ['run', ['--csv', 'x', '--latex', './x'], 'USAGE', 2],
  ['run', ['--html', 'none/x.html'], 'STORAGE', 1],
] as const)('refuses %s with %j', async (run, options, code, exit) => {
  const outcome = await place.run('report', run, ...options, '--json');
  expectError(outcome, exit, code);
});

describe.skipIf(chromiumPath === undefined)(`in a browser${whereBrowser}`, () => {
  const path = join(place.folder, 'run', 'report.html');

  it.each(looks)('the page of a run is sound in $colorScheme at $width pixels', async (look) => {
    await expectSound(browser(), path, look);
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
