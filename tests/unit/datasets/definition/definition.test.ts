import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { catalogue } from '../../../../src/datasets/catalogue.js';
import { openDefined } from '../../../../src/datasets/definition/open.js';
import { defineDataset, type DatasetDefinition } from '../../../../src/datasets/definition/definition.js';
import { namesFile } from '../../../../src/files/file-name.js';
import { loadDefinition } from '../../../../src/datasets/definition/load.js';
import { withLevelNote } from '../../../../src/datasets/doubts/scripts.js';
import type { Example } from '../../../../src/text/types.js';
import {
  advError,
  collect,
  collectTest,
  expectMalformed,
  expectRefused,
  fileWith,
  matching,
  put,
  temporaryFolder,
} from '../../support.js';

beforeEach(() => {
  vi.stubEnv('ADVNATIVE_DATA', undefined);
});

function* numbered(count: number, split = 'all'): Generator<Example> {
  for (let n = 1; n <= count; n++) {
    yield { id: `${split}:${n}`, text: `${split} ${n}`, label: n % 2 === 0 ? 'even' : 'odd' };
  }
}

const definition = (overrides: Partial<DatasetDefinition> = {}): DatasetDefinition =>
  defineDataset({
    name: 'parity',
    description: 'is a number odd?',
    labels: ['odd', 'even'],
    licence: 'none',
    citation: 'none',
    examples: () => numbered(40),
    ...overrides,
  });

const open = (overrides: Partial<DatasetDefinition>, name = 'parity', more: object = {}) =>
  openDefined(definition(overrides), name, { seed: 1, ...more });

const openNamed = async (name: string) => catalogue.open(name, { seed: 1 });

/** A folder from which paths are read and packages are looked for until the end of the test. */
async function workingFolder(): Promise<string> {
  const folder = await temporaryFolder();
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  return folder;
}

describe('a dataset that a user defines', () => {
  test('is split when it has one stream of examples', async () => {
    const dataset = await open({});
    expect(dataset).toMatchObject({ name: 'parity', level: 'word', labels: ['odd', 'even'] });
    expect(await collect(dataset.train())).toHaveLength(32);
    expect(await collect(dataset.valid())).toHaveLength(4);
    expect(await collectTest(dataset)).toHaveLength(4);
  });

  test('keeps its own splits, and validates on a tenth of its training examples where it has none for that', async () => {
    const examples = { train: () => numbered(40, 'train'), test: () => numbered(6, 'test') };
    const dataset = await open({ examples }, 'parity', { limit: 10 });
    const [train, valid] = [await collect(dataset.train()), await collect(dataset.valid())];
    expect(train).toHaveLength(10);
    expect(valid).toHaveLength(4);
    expect(train.filter(({ id }) => valid.some((other) => other.id === id))).toEqual([]);
    expect((await collectTest(dataset)).map(({ id }) => id)).toEqual(
      [...numbered(6, 'test')].map(({ id }) => id),
    );
    const whole = await open({ examples: { ...examples, valid: () => numbered(3, 'valid') } });
    expect(await collect(whole.train())).toHaveLength(40);
    expect(await collect(whole.valid())).toHaveLength(3);
  });

  test('takes its own defaults over those of the level', async () => {
    const own = definition({ level: 'char', defaults: { char: { learningRate: 0.5 } } });
    const { level, defaults } = await openDefined(own, 'parity', { seed: 1 });
    expect(level).toBe('char');
    expect(defaults.char).toMatchObject({ learningRate: 0.5, sizes: { big: { embedding: 20 } } });
    expect(defaults.word.learningRate).not.toBe(0.5);
  });

  test('tells its streams where the data is, and records its files', async () => {
    const file = await fileWith('1\n');
    const seen: (string | undefined)[] = [];
    const own = definition({
      files: () => [file],
      examples: ({ dataDir }) => {
        seen.push(dataDir);
        return numbered(40);
      },
    });
    const dataset = await openDefined(own, 'parity', { seed: 1, dataDir: '/corpora' });
    expect(dataset.facts.files).toEqual([
      { name: file, bytes: 2, sha256: '4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865' },
    ]);
    expect(new Set(seen)).toEqual(new Set(['/corpora']));
  });

  test.each([
    [{ id: 1, text: 'a', label: 'odd' }, /mine, examples, example 3: expected \{ id, text, label \}/],
    [{ id: 'a', text: '  ', label: 'odd' }, /the text not empty/],
    [null, /got null/],
    [{ id: 'a', text: 'a', label: 'prime' }, /expected a label among odd, even, got 'prime'/],
  ])('refuses the example %j', async (wrong, problem) => {
    const examples = () => [...numbered(2), wrong] as Example[];
    await expectMalformed(open({ examples }, 'mine'), problem);
  });
});

describe('what is likely wrong with a defined dataset', () => {
  const warningsOf = async (overrides: Partial<DatasetDefinition>) => (await open(overrides)).facts.warnings;
  const written = (text: string) => () =>
    [...numbered(40)].map((example, row) => ({ ...example, text: `${text}${row}` }));

  test('nothing is told of one that is as it should be', async () => {
    expect(await warningsOf({})).toEqual([]);
    const [valid, test] = [() => numbered(9, 'valid'), () => numbered(9, 'test')];
    expect(await warningsOf({ examples: { train: () => numbered(40), valid, test } })).toEqual([]);
  });

  test('labels that look alike are told of, with their examples', async () => {
    const warnings = await warningsOf({ labels: ['odd', 'Even', 'even'] });
    const message = matching(/'Even' \(0\) and 'even' \(20\) differ by case/);
    expect(warnings).toEqual([{ code: 'SIMILAR_LABELS', message }]);
    const examples = { train: () => numbered(40) };
    expect(await warningsOf({ labels: ['odd', 'Even', 'even'], examples })).toEqual(warnings);
  });

  test('splits that are the same are told of', async () => {
    const train = () => numbered(40);
    const message = matching(/^all of the validation examples .*; all of the test /);
    const warnings = await warningsOf({ examples: { train, valid: train, test: train } });
    expect(warnings).toMatchObject([{ code: 'SAME_DATA', message }]);
  });

  test('characters are read of a script without spaces where no level is stated', async () => {
    const chinese = written('这部电影的味道总的来说失望');
    for (const examples of [chinese, { train: chinese }]) {
      const chosen = await open({ examples });
      expect(chosen.level).toBe('char');
      expect(chosen.unspaced).toEqual(['Han']);
      expect(withLevelNote(chosen, {}).facts.notes.at(-1)).toMatch(/\(Han\): characters are read$/);
      const stated = await open({ examples, level: 'word' });
      expect(stated.level).toBe('word');
      expect(withLevelNote(stated, {}).facts.notes.join()).not.toMatch(/Han/);
    }
  });

  test('a label that only looks like a stated one is refused with both', async () => {
    const opening = open({ examples: () => [{ id: '1', text: 'a text', label: 'Odd' }] });
    const said = /a label among odd, even, got 'Odd'; 'odd' differs from it by case alone$/;
    await expectMalformed(opening, said);
  });
});

describe('a dataset whose code goes wrong', () => {
  const failing = (message: string) => () => {
    throw new Error(message);
  };
  const opened = async (examples: DatasetDefinition['examples']) => {
    const dataset = await open({ examples }, 'mine');
    return Promise.all([collect(dataset.train()), collect(dataset.valid()), collectTest(dataset)]);
  };

  test('may promise its examples', async () => {
    const [train, valid, held] = await opened(() => Promise.resolve([...numbered(40)]));
    expect([train.length, valid.length, held.length]).toEqual([32, 4, 4]);
  });

  test('is refused when another pass gives another order, more or fewer examples', async () => {
    let pass = 0;
    const turned = () => {
      const examples = [...numbered(40)];
      return pass++ === 0 ? examples : examples.reverse();
    };
    const other = /mine, examples: expected the same examples .*got other examples, or the same/;
    await expectMalformed(opened(turned), other);
    await expectMalformed(
      opened(() => numbered(40 + pass++)),
      /got more than \d+ examples/,
    );
    pass = 0;
    const shrinking = { train: () => numbered(40 - pass++) };
    const reading = open({ examples: shrinking }, 'mine').then(async ({ valid }) => collect(valid()));
    await expectMalformed(reading, /mine, train: .*got 39 instead of 40 examples/);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['throws', failing('no database'), /^mine, examples: reading failed: no database$/],
    ['gives nothing', () => undefined, /got nothing/],
    [
      'repeats an id',
      () => [...numbered(3), ...numbered(1)],
      /example 4: expected an id of its own, got 'all:1'/,
    ],
    [
      'gives what no JSON holds',
      () => [{ id: 1n, text: 'a' }],
      /example 1: expected .*got \{ id: 1n, text: 'a' \}/,
    ],
  ])('is named when it %s', async (_what, read, problem) => {
    await expectMalformed(opened(read as () => Example[]), problem);
  });

  test.each(['train', 'valid', 'test'] as const)(
    'is refused before training for what is wrong with its %s examples',
    async (split) => {
      const right = { train: () => numbered(40), valid: () => numbered(4), test: () => numbered(4) };
      const opening = (wrong: Iterable<Example>) =>
        open({ examples: { ...right, [split]: () => wrong } }, 'mine');
      await expectMalformed(
        opening([{ id: 'a', text: 'a', label: 'prime' }]),
        RegExp(`^mine, ${split}, example 1: expected a label among odd, even, got 'prime'$`),
      );
      await expectMalformed(opening([]), RegExp(`^mine, ${split}: expected at least one example, got none$`));
    },
  );

  test.each<[string, () => unknown, RegExp]>([
    ['a string', () => 'file', /expected files\(\) to return a list of paths, got 'file'/],
    ['an error', failing('no disk'), /got Error: no disk/],
  ])('is named when its files are %s', async (_what, files, problem) => {
    await expectRefused(open({ files: files as () => string[] }, 'mine'), 'USAGE', problem);
  });

  test('holds its validation examples out of training without a limit too', async () => {
    const examples = { train: () => numbered(40, 'train') };
    const held = async (splitSeed: number) => {
      const dataset = await open({ examples }, 'parity', { splitSeed });
      const [train, valid] = [await collect(dataset.train()), await collect(dataset.valid())];
      expect([train.length, valid.length]).toEqual([36, 4]);
      expect(new Set([...train, ...valid].map(({ id }) => id)).size).toBe(40);
      return valid.map(({ id }) => id);
    };
    expect(await held(2)).not.toEqual(await held(1));
  });

  test('trains on no copy of a text that it holds out', async () => {
    const twice = () => [...numbered(40, 'train')].flatMap((one) => [one, { ...one, id: `again ${one.id}` }]);
    const dataset = await open({ examples: { train: twice } });
    const [train, valid] = [await collect(dataset.train()), await collect(dataset.valid())];
    const heldOut = new Set(valid.map(({ text }) => text));
    expect([train.length, valid.length, heldOut.size]).toEqual([72, 8, 4]);
    expect(train.some(({ text }) => heldOut.has(text))).toBe(false);
  });
});

describe('loading a definition', () => {
  const code = `export default {
    name: 'parity', description: 'odd?', labels: ['odd', 'even'], licence: 'none', citation: 'none',
    *examples() { for (let n = 1; n <= 40; n++) yield { id: String(n), text: 'n ' + n, label: n % 2 ? 'odd' : 'even' }; },
  };`;

  /** Installs a package of one file. */
  async function addPackage(folder: string, name: string, facts: object, text: string, file = 'main.js') {
    await put(folder, `node_modules/${name}/package.json`, JSON.stringify({ name, ...facts }));
    await put(folder, `node_modules/${name}/${file}`, text);
  }

  const defaults = (text: string) => code.replace('{', `{ defaults: { ${text} },`);

  test('finds a file by its path and a package by its name', async () => {
    const folder = await workingFolder();
    const file = await put(folder, 'parity.mjs', code);
    const dataset = await openNamed(file);
    expect(dataset.name).toBe('parity');
    expect(await collect(dataset.train())).toHaveLength(32);
    const exported = code.replace('default {', 'const dataset = {');
    await addPackage(folder, 'parity-dataset', { type: 'module', main: 'main.js' }, exported);
    expect(await loadDefinition('parity-dataset')).toMatchObject({ name: 'parity' });
    expect(await loadDefinition('no-such-dataset')).toBeUndefined();
  });

  test('takes the documented example as it stands', async () => {
    const documentation = await readFile(new URL('../../../../datasets/README.md', import.meta.url), 'utf8');
    const example = /```js\n(\/\/ tickets\.mjs[^]*?)```/.exec(documentation)?.[1] ?? '';
    const packageJson = /`(\{ "name": "tickets-dataset"[^`]*)`/.exec(documentation)?.[1] ?? '';
    const folder = await workingFolder();
    const teams = ['billing', 'shipping', 'technical'];
    const tickets = Array.from({ length: 60 }, (_, n) =>
      JSON.stringify({ text: `ticket ${n}`, team: teams[n % 3] }),
    );
    await put(folder, 'tickets/tickets.jsonl', tickets.join('\n'));
    await addPackage(folder, 'tickets-dataset', JSON.parse(packageJson) as object, example, 'index.js');
    for (const name of ['tickets-dataset', await put(folder, 'tickets.mjs', example)]) {
      const dataset = await catalogue.open(name, { seed: 1, dataDir: folder });
      expect(dataset.facts).toMatchObject({ name: 'tickets', language: 'English', found: { billing: 20 } });
      expect(await collect(dataset.train())).toHaveLength(48);
    }
  });

  test('resolves packages as import does', async () => {
    const folder = await workingFolder();
    const importOnly = { type: 'module', exports: { '.': { import: './main.js' } } };
    await addPackage(folder, 'import-only', importOnly, code);
    expect(await loadDefinition('import-only')).toMatchObject({ name: 'parity' });
    const compiled = code.replace('export default', 'exports.__esModule = true; exports.default =');
    await addPackage(folder, '@me/compiled', { main: 'main.js' }, compiled);
    expect(await loadDefinition('@me/compiled')).toMatchObject({ name: 'parity' });
    await addPackage(folder, 'broken-main', { main: 'gone.js' }, '');
    await expectRefused(loadDefinition('broken-main'), 'USAGE', /'broken-main' could not be loaded/);
    expect(await loadDefinition('fs')).toBeUndefined();
    expect(await loadDefinition('@me/none')).toBeUndefined();
  });

  test.each([
    ['export default 3', /expected .* to export a dataset .*got number/],
    ['export const x = 1', /got undefined/],
    ["export default { name: 'x' }", /description: expected a description, got nothing/],
    [code.replace("['odd', 'even']", "['odd', 'odd']"), /labels: expected at least two different labels/],
    [
      code.replace('*examples()', 'examples: 3, *samples()'),
      /expected members among name, .*examples, got 'samples'/,
    ],
    [code.replace(/\*examples[^]*\},/, ''), /examples: expected a function, .*got nothing/],
    [defaults("word: { epochs: 'many' }"), /defaults\.word\.epochs: expected an integer .*got 'many'/],
    [defaults('word: { epoch: 3 }'), /defaults\.word: expected members among .*got 'epoch'/],
    [defaults("word: { tokenizer: ['word'] }"), /expected steps among .*got 'word'/],
    [defaults("word: { tokenizer: 'words' }"), /defaults\.word\.tokenizer: expected a list/],
    [defaults('byte: {}'), /defaults: expected members among word, char, got 'byte'/],
    [
      defaults('char: { sizes: { big: { embedding: 1, hidden: 0, mlp: 1 } } }'),
      /defaults\.char\.sizes\.big\.hidden: expected an integer from 1 to 2147483647, got 0/,
    ],
    ["throw new Error('broken on purpose')", /could not be loaded: broken on purpose/],
  ])('says what is wrong with %j', async (text, problem) => {
    const file = await fileWith(text, 'wrong.mjs');
    await expectRefused(loadDefinition(file), 'USAGE', problem);
  });

  test('says that neither dataset nor package has a name', async () => {
    await expect(openNamed('no-such-dataset')).rejects.toEqual(
      advError('USAGE', /expected a dataset among babi-sim-1, .*package or file .*got 'no-such-dataset'/),
    );
    for (const name of ['', ' ', 'https://example.org/dataset', 'data:text/javascript,export default 3']) {
      const opening = openNamed(name);
      await expectRefused(opening, 'USAGE', /expected a dataset among babi-sim-1, .*package or file .*got '/);
    }
  });

  test.each([
    ...['reviews.csv', './reviews.csv', '/nowhere/absent.TSV', 'texts.jsonl.gz', 'a/b.parquet', 'c.pq'],
    ...['d.json.zst', './table.xlsx', 'table.xlsx', './without-ending', 'without-ending'],
  ])('says of %s that it is a file of data, whether or not it is there', async (name) => {
    const folder = await workingFolder();
    for (const there of ['reviews.csv', 'table.xlsx', 'without-ending']) await put(folder, there, '');
    const message = `${name} is a file of data, not a dataset: give it by --train ${name}`;
    await expect(openNamed(name)).rejects.toMatchObject({ code: 'USAGE', message });
  });

  test('takes no address, folder or module for a file of data', async () => {
    const folder = await workingFolder();
    await put(folder, 'data.csv/index.js', '');
    await put(folder, 'package-name', '');
    await addPackage(folder, 'package-name', { main: 'index.cjs' }, 'module.exports = 3;', 'index.cjs');
    for (const [name, said] of [
      ['https://example.org/data.csv', /expected a dataset among/],
      ['./data.csv', /is a folder$/],
      ['./absent.ts', /there is no file/],
      ['package-name', /^expected 'package-name' to expo/],
    ] as const) {
      await expectRefused(openNamed(name), 'USAGE', said);
    }
  });

  test('says that a file is not there, or is a folder', async () => {
    const folder = await workingFolder();
    const absent = /'\.\/no-such-file\.js' could not be loaded: there is no file \/.*\/no-such-file\.js$/;
    await expectRefused(openNamed('./no-such-file.js'), 'USAGE', absent);
    await expectRefused(openNamed(folder), 'USAGE', /could not be loaded: .* is a folder$/);
  });

  test.each([
    ['mine.mjs', "import { defineDataset } from 'advnative'; export default defineDataset({});"],
    ['mine.cjs', "module.exports = require('advnative').defineDataset({});"],
  ])('says what to do where %s cannot import advnative', async (name, text) => {
    const loading = loadDefinition(await fileWith(text, name));
    const said = /could not be loaded: Cannot find (package|module) 'advnative'/;
    const hint = /^Run npm install advnative.* in \/.*; or export a plain object/;
    await expectRefused(loading, 'USAGE', said, hint);
  });

  test('takes paths and modules for files, other names for packages', () => {
    expect(['./a', '../a', '/a', 'a.js', 'a.mjs', 'C:\\a.cjs'].map(namesFile)).toEqual(Array(6).fill(true));
    expect(['a', '@me/a', 'dsl', 'a.b'].map(namesFile)).toEqual(Array(4).fill(false));
  });
});
