import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Command, errorOf, expectError, films, jsonLines, temporaryFolder, Workplace } from './support.js';

const folder = await temporaryFolder();
const place = new Workplace(folder);

interface Prediction {
  readonly text: string;
  readonly label: string;
}

beforeAll(async () => {
  await place.write('own.tsv', films(60));
  await place.run(
    'train',
    '--train',
    'own.tsv',
    '--preset',
    'paper',
    '--size',
    'small',
    '--epochs',
    '1',
    '--out',
    'run',
  );
});

const models = ['run', 'run/model.onnx'];

/** The text in a line of the answer, behind label and probability. */
const textOf = (line: string) => line.split('\t')[2];

/** A running `predict` that is written to and read from line by line. */
class Coprocess {
  readonly command: Command;
  readonly #lines: AsyncIterator<string>;

  constructor(...args: readonly string[]) {
    this.command = place.start('predict', ...args);
    const { stdout } = this.command.child;
    if (stdout === null) throw new Error('expected a pipe');
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    onTestFinished(() => {
      this.command.child.kill('SIGKILL');
    });
  }

  write(text: string | Uint8Array): void {
    this.command.child.stdin?.write(text);
  }

  /** The next line of the answer, which must come although nothing more is written. */
  async line(): Promise<string> {
    const result = await this.#lines.next();
    if (result.done) throw new Error('expected another line');
    return result.value;
  }

  /** Ends its input. */
  end(): void {
    this.command.child.stdin?.end();
  }
}

describe.each(models)('predict %s as a coprocess', (model) => {
  it('answers each line before the next is written', async () => {
    const process = new Coprocess(model);
    for (const text of ['good film', '', 'bad film']) {
      process.write(`${text}\n`);
      expect(await process.line()).toMatch(new RegExp(`^(pos|neg)\t[01]\\.\\d{6}\t${text}$`));
    }
    process.end();
    expect(await process.command.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('answers each with a line of JSON', async () => {
    const process = new Coprocess(model, '--json');
    for (const text of ['good "film"', 'bäd\tfilm']) {
      process.write(`${text}\r\n`);
      const prediction = JSON.parse(await process.line()) as Prediction;
      expect(Object.keys(prediction)).toEqual(['text', 'label', 'probability', 'probabilities', 'truncated']);
      expect(prediction.text).toBe(text);
    }
    process.write('the last line has no end');
    process.end();
    expect(JSON.parse(await process.line())).toMatchObject({ text: 'the last line has no end' });
    expect(await process.command.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('answers what came together together, and a line only when it is whole', async () => {
    const process = new Coprocess(model);
    process.write('first\nsecond\nthi');
    expect([await process.line(), await process.line()].map(textOf)).toEqual(['first', 'second']);
    process.write('rd\n');
    expect(textOf(await process.line())).toBe('third');
    process.end();
    expect((await process.command.ended).code).toBe(0);
  });

  it('ends with what it had answered when Ctrl-C comes while it waits', async () => {
    const process = new Coprocess(model, '--json');
    process.write('good film\n');
    await process.line();
    process.command.child.kill('SIGINT');
    const { code, stdout } = await process.command.ended;
    expect(code).toBe(130);
    const [answer, end] = jsonLines<Prediction | { error: { code: string } }>(stdout);
    expect(answer).toMatchObject({ text: 'good film' });
    expect(end).toMatchObject({ error: { code: 'INTERRUPTED' } });
  });

  it('ends quietly when whoever reads its answers has gone, though more may be written', async () => {
    const process = new Coprocess(model);
    process.write('good film\n');
    await process.line();
    process.command.child.stdout?.destroy();
    process.write('bad film\n');
    expect(await process.command.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

it('serves the shell', async () => {
  const script = `coproc classifier { "$0" "$1" predict run/model.onnx; }
    for text in 'good film' 'bad film'; do
      echo "$text" >&"\${classifier[1]}"
      IFS=$'\\t' read -r label probability answered <&"\${classifier[0]}"
      echo "$label: $answered"
    done`;
  const { code, stdout } = await place.shell(script);
  expect(stdout).toMatch(/^(pos|neg): good film\n(pos|neg): bad film\n$/);
  expect(code).toBe(0);
});

describe.each(models)('lines of %s', (model) => {
  const input = '﻿first\r\n\n  \nlast';
  const texts = ['first', '', '  ', 'last'];

  it('are the same objects from standard input, a file and arguments', async () => {
    await place.write('input.txt', input);
    const piped = await place.pipe(input, 'predict', model, '--json');
    expect(jsonLines<Prediction>(piped.stdout).map(({ text }) => text)).toEqual(texts);
    expect((await place.run('predict', model, '--json', '--input', 'input.txt')).stdout).toBe(piped.stdout);
    expect((await place.run('predict', model, '--json', ...texts)).stdout).toBe(piped.stdout);
  });

  it('stay in their order when there are more than are computed at once', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => `film number ${n} ${'very '.repeat(n % 7)}good`);
    const { stdout } = await place.pipe(`${many.join('\n')}\n`, 'predict', model, '--json');
    expect(jsonLines<Prediction>(stdout).map(({ text }) => text)).toEqual(many);
  });

  it.each([
    [
      'invalid UTF-8',
      Buffer.of(0xc3, 0x28),
      /standard input:3: invalid UTF-8/,
      /iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW/,
    ],
    [
      'a line without an end in sight',
      Buffer.alloc(1 << 21, 'a'),
      /standard input:3: longer than 1048576 bytes/,
      /Each line is one text: put line breaks between texts, or shorten this one\./,
    ],
  ])('before one with %s are answered, then comes the error', async (_, wrong, said, hint) => {
    const bytes = Buffer.concat([Buffer.from('good film\nbad film\n'), wrong, Buffer.from('\nlater\n')]);
    const plain = await place.pipe(bytes, 'predict', model);
    expect(plain.stdout.split('\n').map(textOf)).toEqual(['good film', 'bad film', undefined]);
    expect(plain.stderr).toMatch(said);
    expect(plain.stderr).toMatch(hint);
    expect(plain.code).toBe(1);
    const json = await place.pipe(bytes, 'predict', model, '--json');
    const [first, second, ...rest] = jsonLines<object>(json.stdout);
    expect([first, second]).toMatchObject([{ text: 'good film' }, { text: 'bad film' }]);
    const message = expect.stringMatching(said) as string;
    expect(rest).toMatchObject([{ error: { code: 'DATA_MALFORMED', message } }]);
    expect(json.code).toBe(1);
  });
});

it.each([
  ['bzip2', 'BZh91AY&SY\xd5\x0f\xae\n\xff', /^expected text, got bzip2 data$/, /bunzip2 < FILE > NEW$/],
  [
    'UTF-16',
    '\xff\xfeg\0o\0\n\0',
    /^expected UTF-8, got UTF-16 \(.*FF FE\)$/,
    /iconv -f UTF-16 -t UTF-8 FILE/,
  ],
  ['UTF-16 without a mark', 'g\0o\0o\0d\0\n\0', /^expected UTF-8, got UTF-16 /, /iconv -f UTF-16LE/],
  ['gzip', '\x1f\x8b\x08\0\0\0\0\0\n', /^expected text, got gzip data$/, /gunzip < FILE > NEW$/],
  ['Parquet', 'PAR1\x15\x04\x15\xb0\n', /^expected text, got Parquet$/, /Parquet/],
  ['PDF', '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', /^expected text, got a PDF document$/, /text/],
])('standard input that is no text is named: %s', async (_what, bytes, said, advice) => {
  const process = new Coprocess('run', '--json');
  process.write(Buffer.from(bytes, 'latin1'));
  const outcome = await process.command.ended;
  const last = { ...outcome, stdout: outcome.stdout.split('\n').at(-2) ?? '' };
  const { message } = expectError(last, 1, 'DATA_MALFORMED', /^/, advice);
  expect(message.replace('standard input: ', '')).toMatch(said);
});

it('prints nothing for no texts', async () => {
  expect(await place.pipe('', 'predict', 'run', '--json')).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('says what standard input is when it cannot be read', async () => {
  const script = '"$0" "$1" predict run --json 0> written-only.txt';
  const said = /^cannot read standard input: bad file descriptor \(EBADF\)$/;
  expectError(await place.shell(script), 1, 'DATA_MISSING', said);
});

it('refuses texts beside --input before the model is opened', async () => {
  const outcome = await place.run('predict', 'nowhere', 'a text', '--input', 'input.txt', '--json');
  expectError(outcome, 2, 'USAGE', /^expected texts or --input, got both$/);
});

describe.each([
  ['predict', 'a text'],
  ['evaluate', '--test', 'own.tsv'],
])('%s', (command, ...args) => {
  it('says of a path that leads nowhere what was expected', async () => {
    const outcome = await place.run(command, 'nowhere', ...args, '--json');
    expect(outcome.code).toBe(1);
    expect(errorOf(outcome)).toEqual({
      code: 'MODEL',
      message: 'expected a run directory or a .onnx file, got nowhere: no such file or directory (ENOENT)',
      hint: expect.stringContaining('RUN/model.onnx') as string,
    });
  });

  it('of a run without the addon says that its exported model needs none, which is true', async () => {
    const bare = join(folder, `bare-${command}`);
    const root = fileURLToPath(new URL('../../', import.meta.url));
    await mkdir(bare);
    for (const name of ['dist', 'package.json', 'binding-options.cjs']) {
      await cp(join(root, name), join(bare, name), { recursive: true });
    }
    await symlink(join(root, 'node_modules'), join(bare, 'node_modules'));
    const advnative = [process.execPath, join(bare, 'dist', 'cli', 'main.js')];
    const outcome = await new Command(folder, [...advnative, command, 'run', ...args, '--json']).ended;
    expectError(outcome, 1, 'NATIVE', /^/, /addon: run\/model\.onnx$/);
    const exported = await new Command(folder, [...advnative, command, 'run/model.onnx', ...args]).ended;
    expect(exported.code, exported.stderr).toBe(0);
  });
});

it('refuses a model of which a bit was changed, and so does evaluation', async () => {
  const bytes = await readFile(join(folder, 'run', 'model.onnx'));
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(join(folder, 'flipped.onnx'), bytes);
  const said = /^flipped\.onnx is damaged: its checksum does not match its content$/;
  for (const args of [
    ['predict', 'flipped.onnx', 'a film'],
    ['evaluate', 'flipped.onnx', '--test', 'own.tsv'],
  ]) {
    expectError(await place.run(...args, '--json'), 1, 'MODEL', said, /^Export the model again/);
  }
});

it.each(models)('refuses to evaluate %s on a file of which no line is left', async (model) => {
  await place.write('no-tabs.tsv', 'no tab here\nnor here\n');
  const outcome = await place.run(
    ...['evaluate', model, '--test', 'no-tabs.tsv', '--on-malformed', 'skip', '--json'],
  );
  expectError(
    outcome,
    1,
    'DATA_MALFORMED',
    /^no-tabs\.tsv: expected at least one example, got none; 2 malformed lines were left out, the first: no-tabs\.tsv:1: no tab/,
    /^Check the data file/,
  );
});
