import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditResult, DatasetDescription } from '../../src/index.js';
import type { TrainResult } from '../../src/training/run.js';
import type { WarningCode } from '../../src/base/warnings.js';
import { matching } from '../unit/support.js';
import { expectError, temporaryFolder, Workplace } from './support.js';

const place = new Workplace(await temporaryFolder());

const little = '--preset paper --size small --epochs 1 --threads 1 --offline'.split(' ');

/** Reviews that one word tells apart. */
const rows = Array.from({ length: 60 }, (_, row) => ({
  text: `the ${['film', 'meal', 'song'][row % 3] ?? ''} of ${1900 + row} was ${row % 2 === 0 ? 'lovely' : 'poor'}`,
  label: row % 2 === 0 ? 'pos' : 'neg',
}));
type LabelOf = (label: string, row: number) => string;
const tsv = (labelOf: LabelOf = (label) => label): string =>
  rows.map(({ text, label }, row) => `${text}\t${labelOf(label, row)}\n`).join('');

const write = async (name: string, content: string) => join(place.folder, await place.write(name, content));

/** Trains a little on files and says what it warned of: in the result, which run.json and standard error repeat. */
async function warningsOf(run: string, ...files: readonly string[]) {
  const { code, stdout, stderr } = await place.run('train', ...files, ...little, '--json', '--out', run);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { warnings } = JSON.parse(stdout) as TrainResult;
  expect((await place.record(run)).warnings).toEqual(warnings);
  const said = stderr.split('\n').filter((line) => line.startsWith('warning: '));
  expect(said).toEqual(warnings.map(({ message }) => `warning: ${message}`));
  const ofData = warnings.filter(({ code: one }) => dataCodes.includes(one));
  expect((await described(...files)).warnings).toEqual(ofData);
  return ofData;
}

/** What data alone is warned for: a model that was trained for an epoch has learnt next to nothing. */
const dataCodes: readonly WarningCode[] = [
  ...(['QUOTED_FIELDS', 'SIMILAR_LABELS', 'MISSING_VALUE_LABELS'] as const),
  ...(['SINGLE_EXAMPLE_CLASSES', 'SAME_DATA', 'SCRIPT_WITHOUT_SPACES'] as const),
];

async function inspected<Result>(command: string, files: readonly string[]): Promise<Result> {
  const { stdout } = await place.run('datasets', command, ...files, '--json', '--quiet');
  return JSON.parse(stdout) as Result;
}
const audited = async (...files: readonly string[]) => inspected<AuditResult>('audit', files);
const described = async (...files: readonly string[]) => inspected<DatasetDescription>('describe', files);

describe('what is likely wrong with own files', () => {
  it('quotes in TSV, which knows none', async () => {
    const file = ['--train', await write('quoted.tsv', tsv().replaceAll(/[^\t\n]+/g, '"$&"'))];
    expect(await warningsOf('run-quoted', ...file)).toEqual([
      {
        code: 'QUOTED_FIELDS',
        message:
          `${file[1] ?? ''}: every field is in quotes; TSV knows none, so that quotes are part of what is read. ` +
          "Quotes of CSV are read with --format csv --delimiter '\\t', for which the first line must name the columns.",
      },
    ]);
    const evaluated = await place.run('evaluate', 'run-quoted', '--test', ...file.slice(1), '--json');
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ n: 60, warnings: [{ code: 'QUOTED_FIELDS' }] });
    expect(evaluated.stderr).toMatch(/^warning: \S*quoted\.tsv: every field is in quotes/m);
    expect((await audited(...file)).findings).toContainEqual(
      expect.objectContaining({ kind: 'quoted-fields', severity: 'warning', count: 60, share: 1 }),
    );
  });

  it.each<[string, LabelOf, RegExp]>([
    [
      'case',
      (label, row) => (row % 6 === 0 ? label.toUpperCase() : label),
      /'POS' \(10\) and 'pos' \(20\) differ by case/,
    ],
    [
      'composing',
      (label, row) => (label === 'neg' ? label : row % 4 === 0 ? 'cafe\u0301' : 'caf\u00e9'),
      /'cafe\\u0301' \(15\) and 'café' \(15\) differ by how letters are composed/,
    ],
    [
      'invisible characters',
      (label, row) => (row % 10 === 0 ? `${label}\u200b` : label),
      /'pos' \(24\) and 'pos\\u200b' \(6\) differ by invisible characters/,
    ],
  ])('labels that differ by %s', async (what, labelOf, message) => {
    const file = ['--train', await write(`${what}.tsv`, tsv(labelOf))];
    const said = matching(message);
    expect(await warningsOf(`run-${what}`, ...file)).toEqual([{ code: 'SIMILAR_LABELS', message: said }]);
    const { findings } = await audited(...file);
    const finding = { kind: 'similar-labels', severity: 'warning', message: said };
    expect(findings).toContainEqual(expect.objectContaining(finding));
  });

  it('a test label that only looks like one of training: refused with both', async () => {
    await write('plain.tsv', tsv());
    await write('cased.tsv', 'a film\tPos\n');
    const files = ['--train', 'plain.tsv', '--test', 'cased.tsv'];
    const outcome = await place.run('train', ...files, ...little, '--json', '--out', 'run-cased');
    const said =
      /cased\.tsv:1: unknown label 'Pos', expected one of neg, pos; 'pos' differs from it by case alone$/;
    expectError(outcome, 1, 'DATA_MALFORMED', said);
  });

  it('one file as training, validation and test data: one warning', async () => {
    const name = await write('same.tsv', tsv());
    const files = ['--train', name, '--valid', name, '--test', name];
    const message = matching(/^one file is training, validation and test data: \S*same\.tsv\. /);
    expect(await warningsOf('run-same', ...files)).toEqual([{ code: 'SAME_DATA', message }]);
    const { findings, errors } = await audited(...files);
    const splits = ['train', 'valid', 'test'];
    expect(findings[0]).toMatchObject({ kind: 'same-data', severity: 'error', splits });
    expect(errors).toBeGreaterThan(0);
  });

  it('nothing where nothing is wrong', async () => {
    await write('fine.tsv', tsv());
    await write('other.tsv', 'a lovely day\tpos\n');
    const files = ['--train', 'fine.tsv', '--test', 'other.tsv'];
    expect(await warningsOf('run-fine', ...files)).toEqual([]);
    const { findings } = await audited(...files);
    expect(findings.filter(({ kind }) => /same-data|labels?$|fields|classes|spaces/.test(kind))).toEqual([
      // Of contradicting labels and the like there are none either.
    ]);
  });
});

describe('scripts without spaces', () => {
  const scripts = {
    Han: {
      subjects: ['这部电影的味道', '这家餐厅的服务', '那首歌的剧情', '这本书的价格'],
      good: ['喜欢', '很棒', '满意'],
      bad: ['失望', '太差', '难受'],
      end: '，你呢',
    },
    Thai: {
      subjects: ['อาหารร้านนี้', 'หนังเรื่องนี้', 'โรงแรมแห่งนี้', 'หนังสือเล่มนี้'],
      good: ['ดีมากเลย', 'น่าประทับใจ', 'ยอดเยี่ยม'],
      bad: ['แย่มากเลย', 'น่าผิดหวัง', 'ไม่ได้เรื่อง'],
      end: 'นะ',
    },
  };

  /** Reviews of one clause each. */
  const reviews = (
    { subjects, good, bad, end }: (typeof scripts)['Han'],
    first: number,
    count: number,
  ): string =>
    Array.from({ length: count }, (_, place) => {
      const row = first + place;
      const words = row % 2 === 0 ? good : bad;
      const word = words[Math.floor(row / 2) % words.length] ?? '';
      const subject = subjects[Math.floor(row / 7) % subjects.length] ?? '';
      return `${subject}${word}${(37 * row) % 97}${end}\t${row % 2 === 0 ? 'pos' : 'neg'}\n`;
    }).join('');

  it.each(Object.entries(scripts))(
    '%s is read by characters, which is said, and learnt by the defaults',
    async (name, script) => {
      await write(`${name}.tsv`, reviews(script, 0, 200));
      await write(`${name}-test.tsv`, reviews(script, 200, 60));
      const files = ['--train', `${name}.tsv`, '--test', `${name}-test.tsv`];
      const how = ['--epochs', '16', '--json', '--out', `run-${name}`];
      const { code, stdout, stderr } = await place.run('train', ...files, ...how);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(stderr).toMatch(
        new RegExp(`^note: most texts are in a script without spaces .*\\(${name}\\): characters`, 'm'),
      );
      const result = JSON.parse(stdout) as TrainResult;
      expect(result.test?.accuracy).toBeGreaterThanOrEqual(0.95);
      expect(result.dataset.notes.join()).toContain(`(${name})`);
      expect((await place.record(result.run)).recipe).toMatchObject({
        level: 'char',
        tokenizer: ['nfc@1', 'characters@1'],
      });
      const evaluated = await place.json<{ accuracy: number }>('evaluate', result.run);
      expect(evaluated.accuracy).toBe(result.test?.accuracy);

      const { findings, notes } = await audited(...files);
      expect(notes).toBe(1);
      expect(findings.find(({ kind }) => kind === 'script-without-spaces')).toMatchObject({
        severity: 'note',
        share: 1,
      });
      expect(await described(...files)).toMatchObject({ level: 'char', warnings: [] });
    },
  );

  it('words that are insisted on are warned of', async () => {
    const file = ['--train', await write('insisted.tsv', reviews(scripts.Han, 0, 60))];
    const said = /^100 % of the texts .*\(Han\).*token of a whole clause: --level char/;
    const warned = [{ code: 'SCRIPT_WITHOUT_SPACES', message: matching(said) }];
    expect(await warningsOf('run-words', ...file, '--level', 'word')).toEqual(warned);
    expect(await warningsOf('run-twokenize', ...file, '--tokenizer', 'nfc,twokenize')).toEqual(warned);
    expect(await warningsOf('run-characters', ...file, '--level', 'char')).toEqual([]);
    const notesOf = async (run: string) => (await place.record(run)).dataset.notes.join();
    expect(await notesOf('run-words')).not.toMatch(/Han|characters/);
    expect(await notesOf('run-characters')).not.toMatch(/Han|characters/);
    expect(await notesOf('run-twokenize')).toMatch(/\(Han\): sizes, rates and the longest text/);
    const { facts } = await described(...file, '--level', 'word');
    expect(facts.notes.join()).not.toMatch(/Han/);
  });

  it('a resumed run says of them what it said when it began', async () => {
    const file = ['--train', await write('resumed.tsv', reviews(scripts.Han, 0, 200))];
    const long = [
      '--preset',
      'paper',
      '--size',
      'small',
      '--epochs',
      '12',
      '--patience',
      '12',
      '--threads',
      '1',
      '--out',
    ];
    for (const [run, level] of [
      ['resumed-words', ['--level', 'word']],
      ['resumed-script', []],
    ] as const) {
      const command = place.start('train', ...file, ...level, ...long, run);
      expect((await command.stopped('SIGINT', 'epoch 1/12')).code).toBe(130);
      const { notes } = (await place.record(run)).dataset;
      expect(notes.join().includes('(Han): characters are read')).toBe(run === 'resumed-script');
      const resumed = await place.run('train', '--resume', run);
      expect(resumed.stderr.includes('(Han): characters are read')).toBe(run === 'resumed-script');
      expect((await place.record(run)).dataset.notes).toEqual(notes);
    }
  });
});
