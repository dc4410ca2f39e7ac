import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compare, type Comparison } from '../../src/training/compare.js';
import type { EvaluationResult } from '../../src/training/evaluate.js';
import { errorOf, expectError, temporaryFolder, Workplace, type Outcome } from './support.js';

const place = new Workplace(await temporaryFolder());

interface Example {
  readonly text: string;
  readonly label: string;
}

/** Reviews that one word tells apart, with a text that CSV must quote and one that occurs three times. */
function reviews(from: number, count: number): Example[] {
  const numbered = Array.from({ length: count }, (_, place) => {
    const good = place % 2 === 0;
    return {
      text: `the "film" number ${from + place}, was ${good ? 'lovely' : 'awful'} `,
      label: good ? 'pos' : 'neg',
    };
  });
  const repeated = { text: 'a lovely film', label: 'pos' };
  return [repeated, ...numbered, repeated, repeated];
}

const tsv = (rows: readonly Example[]): string =>
  rows.map(({ text, label }) => `${text}\t${label}\r\n`).join('');
const csv = (rows: readonly Example[]): string =>
  ['label,text', ...rows.map(({ text, label }) => `${label},"${text.replaceAll('"', '""')}"`), ''].join('\n');
const jsonl = (rows: readonly Example[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const test = reviews(0, 60);
/** The same texts in another order of lines, in which each label stays at its line. */
const permuted = ['pos', 'neg'].flatMap((label) => test.filter((row) => row.label === label).toReversed());

const zeroDifferences = { meanDifference: 0, t: 0, p: 1, ci95: [0, 0], cohensDz: 0, better: 'neither' };

async function train(run: string, testFile: string, ...more: readonly string[]): Promise<void> {
  const how = ['--preset', 'paper', '--size', 'small', '--epochs', '1', '--threads', '1', '--out', run];
  await place.json('train', '--train', 'train.tsv', '--test', testFile, ...how, ...more);
}

async function evaluate(model: string, testFile: string, losses: string): Promise<void> {
  await place.json('evaluate', model, '--test', testFile, '--losses', losses);
}

function expectRefused(outcome: Outcome, code: string, said: RegExp, hint: RegExp): void {
  const { message } = expectError(outcome, 1, code, said, hint);
  expect(message).not.toMatch(/Error:|ENOENT:/);
}

/** Compares two, which must be refused as malformed data. */
async function expectUnlike(pair: readonly string[], said: RegExp, hint = /--common/): Promise<void> {
  expectRefused(await place.run('compare', ...pair, '--json'), 'DATA_MALFORMED', said, hint);
}

beforeAll(async () => {
  const files = {
    'train.tsv': tsv(reviews(1000, 200)),
    'test.tsv': tsv(test),
    'permuted.tsv': tsv(permuted),
    'test.csv': csv(test.toReversed()),
    'test.jsonl': jsonl(permuted),
    'other.tsv': tsv(reviews(500, 60)),
    'relabelled.tsv': tsv(test.map((row, line) => (line === 6 ? { ...row, label: 'pos' } : row))),
    'fewer.tsv': tsv(test.slice(1, -2)),
  };
  for (const [name, content] of Object.entries(files)) await place.write(name, content);
  await train('a', 'test.tsv');
});

describe('losses of one model', () => {
  it.each(['permuted.tsv', 'test.csv', 'test.jsonl'])(
    'on the same texts in %s differ nowhere',
    async (file) => {
      await evaluate('a', file, 'again.csv');
      const found = await place.json('compare', 'a', 'again.csv');
      expect(found).toEqual({
        ...{ n: test.length, df: test.length - 1, ...zeroDifferences },
        mcnemar: expect.objectContaining({
          n: test.length,
          onlyA: 0,
          onlyB: 0,
          p: 1,
          better: 'neither',
        }) as object,
      });
      const report = await place.run('compare', 'a', 'again.csv');
      expect(report).toMatchObject({ code: 0, stderr: '' });
      expect(report.stdout).toMatch(/p = 1\.00.*\n.*same loss/);
    },
  );

  it('of its exported model differ by rounding', async () => {
    await evaluate('a/model.onnx', 'permuted.tsv', 'exported.csv');
    const { n, ci95 } = await place.json<Comparison>('compare', 'a', 'exported.csv');
    expect(n).toBe(test.length);
    expect(Math.max(...ci95.map(Math.abs))).toBeLessThan(1e-5);
  });

  it('on its own test data are those that the run wrote, byte for byte', async () => {
    await place.json<EvaluationResult>('evaluate', 'a', '--losses', 'own.csv');
    expect(await place.text('own.csv')).toBe(await place.text('a', 'test-losses.csv'));
  });

  it('name no text', async () => {
    const [header, ...lines] = (await place.text('a', 'test-losses.csv')).trimEnd().split('\n');
    expect(header).toBe('id,textHash,label,prediction,loss');
    expect(lines).toHaveLength(test.length);
    for (const line of lines) expect(line).toMatch(/^test:\d+,[0-9a-f]{32},(pos|neg),(pos|neg),[\d.e-]+$/);
  });
});

describe('two runs', () => {
  it('are drawn with --html, into no file that is compared', async () => {
    await evaluate('a', 'permuted.tsv', 'drawn.csv');
    const { code, stdout } = await place.run('compare', 'a', 'drawn.csv', '--html', 'difference.html');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^a = a$/mu);
    const page = await place.text('.', 'difference.html');
    expect(page).toContain('<svg');
    expect(page).toContain('Each class');
    const losses = join('a', 'test-losses.csv');
    const own = await place.run('compare', losses, 'drawn.csv', '--html', losses, '--json');
    expectError(own, 2, 'USAGE', /another file for --html than what is compared/);
  });

  it('are paired where one has the test set as TSV and the other as CSV in another order', async () => {
    await train('same-texts', 'test.csv', '--seed', '2');
    const { n, meanDifference } = await place.json<Comparison>('compare', 'a', 'same-texts');
    const [a, b] = [await place.record('a'), await place.record('same-texts')];
    expect(n).toBe(test.length);
    expect(meanDifference).toBeCloseTo((a.result?.test?.loss ?? 0) - (b.result?.test?.loss ?? 0), 12);
    expect(meanDifference).not.toBe(0);
  });

  it('are refused where the test files have other texts on the same lines', async () => {
    await train('other-texts', 'other.tsv');
    await expectUnlike(
      ['a', 'other-texts'],
      /got 3 in both, 60 only in a \(such as test:2 'pos'\) and 60 only in b \(such as test:2 'pos'\)/,
    );
    const common = await place.json<Comparison>('compare', 'a', 'other-texts', '--common');
    expect(common).toMatchObject({ n: 3, leftOut: { a: 60, b: 60 } });
    const report = await place.run('compare', 'a', 'other-texts', '--common');
    expect(report.stdout).toMatch(/left out.*60 of a, 60 of b/);
  });
});

describe('examples that do not match', () => {
  it('are told by their label where the text is the same', async () => {
    await evaluate('a', 'relabelled.tsv', 'relabelled.csv');
    await expectUnlike(
      ['a', 'relabelled.csv'],
      /1 only in a .* 1 only in b .*under another label: 1 \(such as test:7 'neg' in a, test:7 'pos' in b\)/,
    );
  });

  it('are counted where a text occurs more often in one', async () => {
    await evaluate('a', 'fewer.tsv', 'fewer.csv');
    const said = /got 60 in both, 3 only in a \(such as test:1 'pos'\) and 0 only in b$/;
    await expectUnlike(['a', 'fewer.csv'], said);
    expect(await place.json('compare', 'fewer.csv', 'a', '--common')).toMatchObject({
      ...zeroDifferences,
      leftOut: { a: 0, b: 3 },
    });
  });

  it('leave nothing to compare, with --common too', async () => {
    await place.write('strange.tsv', tsv([{ text: 'a strange film', label: 'pos' }]));
    await evaluate('a', 'strange.tsv', 'strange.csv');
    const none = /expected examples that both have.*got 0 in both/;
    await expectUnlike(['a', 'strange.csv', '--common'], none, /same examples/);
    const one = /expected at least 2 examples/;
    await expectUnlike(['strange.csv', 'strange.csv', '--common'], one, /same examples/);
  });
});

describe('paths that lead to no losses', () => {
  beforeAll(async () => {
    await mkdir(join(place.folder, 'folder'));
    await cp(join(place.folder, 'a'), join(place.folder, 'old'), { recursive: true });
    const lines = (await place.text('a', 'test-losses.csv')).split('\n');
    const old = lines.map((line) => line.replace(/^([^,]+),[^,]+/, '$1')).join('\n');
    await place.write('old/test-losses.csv', old);
  });

  const trained = /`npx advnative train`/;

  it.each([
    [['compare', 'missing', 'a'], /expected a run directory, or .*, got missing: no such file or directory/],
    [['compare', 'a', 'missing/deep'], /got missing\/deep: no such file or directory \(ENOENT\)$/],
    [['compare', 'folder', 'a'], /expected a run directory, got folder, which holds no run\.json$/],
  ])('%j says what came', async (args, said) => {
    expectRefused(await place.run(...args, '--json'), 'RUN_DIRECTORY', said, trained);
  });

  it('are files of another kind', async () => {
    const losses = /`npx advnative evaluate RUN --losses FILE`/;
    for (const path of ['test.tsv', 'a/model.onnx', 'a/run.json']) {
      const said = new RegExp(`^${path}:1: expected losses with the header id,.*, got ".*"$`, 's');
      await expectUnlike(['a', path], said, losses);
    }
  });

  it('are losses of an earlier version, which the advised command makes anew', async () => {
    const outcome = await place.run('compare', 'a', 'old', '--json');
    const earlier = /old\/test-losses\.csv:1: .*earlier version/;
    expectRefused(outcome, 'DATA_MALFORMED', earlier, /Make the file anew/);
    const advised = errorOf(outcome).hint?.replace(/^.*npx advnative /, '') ?? '';
    await place.json(...advised.split(' '));
    expect(await place.json('compare', 'a', 'old')).toMatchObject(zeroDifferences);
  });

  it('are a run whose losses are cut off, within a line or between two', async () => {
    const whole = await place.text('old/test-losses.csv');
    for (const [cut, said] of [
      [whole.slice(0, -2), /old\/test-losses\.csv:\d+: expected a line end, got the end of the file$/],
      [
        whole.slice(0, whole.trimEnd().lastIndexOf('\n') + 1),
        /expected \d+ losses, as run\.json tells, got \d+$/,
      ],
    ] as const) {
      await place.write('old/test-losses.csv', cut);
      await expectUnlike(['a', 'old'], said, /npx advnative evaluate old --losses old\/test-losses\.csv/);
    }
    await place.write('old/test-losses.csv', whole);
  });

  it('are a run whose losses are gone', async () => {
    await rm(join(place.folder, 'old', 'test-losses.csv'));
    expectRefused(
      await place.run('compare', 'a', 'old', '--json'),
      'DATA_MISSING',
      /readable file at old\/test-losses\.csv, got: no such file or directory/,
      /npx advnative evaluate old --losses old\/test-losses\.csv/,
    );
  });
});

it.each([
  ['no/such/losses.csv', /cannot write no\/such\/losses\.csv: its folder does not exist \(ENOENT\)/],
  ['a', /cannot write a: it is a folder \(EISDIR\)/],
  ['pipe', /cannot write pipe: it is no ordinary file/],
])('losses are refused a place that is no file, before anything is computed: %s', async (losses, said) => {
  const pipe = join(place.folder, 'pipe');
  if (!existsSync(pipe)) execFileSync('mkfifo', [pipe]);
  const args = ['evaluate', 'a', '--test', 'absent.tsv', '--losses', losses, '--json', '--quiet'];
  expectRefused(await place.run(...args), 'STORAGE', said, /path/);
  expect((await stat(pipe)).isFIFO()).toBe(true);
});

it('evaluation of labels that the model does not know names the line and leaves the losses that were there', async () => {
  await place.write('kept.csv', 'kept');
  await place.write('unknown.tsv', tsv([...test, { text: 'a film', label: 'so-so' }]));
  const args = ['evaluate', 'a', '--test', 'unknown.tsv', '--losses', 'kept.csv', '--quiet', '--json'];
  expectRefused(await place.run(...args), 'DATA_MALFORMED', /unknown\.tsv:64: .*'so-so'.*neg.*pos/, /./);
  expect(await place.text('kept.csv')).toBe('kept');
  const skipped = await place.json<EvaluationResult>(...args.slice(0, -2), '--on-malformed', 'skip');
  expect(skipped.n).toBe(test.length);
  expect(await place.json('compare', 'a', 'kept.csv')).toMatchObject(zeroDifferences);
});

it('compare() in a program takes common, refuses other options and heeds the signal', async () => {
  await evaluate('a', 'permuted.tsv', 'from-program.csv');
  const paths = [join(place.folder, 'a'), join(place.folder, 'from-program.csv')] as const;
  expect(await compare(...paths)).not.toHaveProperty('leftOut');
  expect(await compare(...paths, { common: true })).toMatchObject({ leftOut: { a: 0, b: 0 } });
  await expect(compare(...paths, { comon: true } as object)).rejects.toMatchObject({ code: 'USAGE' });
  const stopped = { signal: AbortSignal.abort() };
  await expect(compare(...paths, {}, stopped)).rejects.toMatchObject({ code: 'INTERRUPTED' });
});
