import { expect, it } from 'vitest';
import type { Runner } from '../../../src/cli/context.js';
import { numeric } from '../../../src/base/rules.js';
import { withoutFlag, type CommandOption } from '../../../src/base/option.js';
import { benchOptions } from '../../../src/bench/options.js';
import { buildProgram } from '../../../src/cli/program.js';
import { trainOptions } from '../../../src/recipe/table.js';
import { reportOptions } from '../../../src/report/report-options.js';
import { reproduceFlags } from '../../../src/study/options.js';
import { tuneOptions } from '../../../src/study/tune/options.js';
import { stepNames } from '../../../src/text/tokenizers/names.js';
import { steps } from '../../../src/text/tokenizers/registry.js';

const idle: Runner = () => Promise.resolve();

it('has the commands and options that people script against', () => {
  const program = buildProgram(idle, () => undefined);
  const names = program.commands.map((command) => command.name());
  expect(names).toEqual([
    'train',
    'tune',
    'evaluate',
    'predict',
    'compare',
    'export',
    'reproduce',
    'report',
    'datasets',
    'bench',
    'info',
  ]);
  const train = program.commands.find((command) => command.name() === 'train');
  const flags = train?.options.map((option) => option.long);
  expect(flags).toEqual(
    expect.arrayContaining(
      (
        'dataset train valid test data-dir limit level regime size cell epochs patience batch-size lr epsilon alpha ' +
        'unk-rate seed threads device out resume json quiet format text-column label-column'
      )
        .split(' ')
        .map((name) => `--${name}`),
    ),
  );
});

it.each([
  ['train', trainOptions],
  ['tune', tuneOptions],
  ['reproduce', reproduceFlags],
  ['report', reportOptions],
  ['bench', benchOptions],
])('has for %s the options of its table, and what it prints by', (name, table) => {
  const program = buildProgram(idle, () => undefined);
  const options = program.commands.find((command) => command.name() === name)?.options ?? [];
  // A dry run is another function's.
  const printing = [...(name === 'reproduce' ? ['dryRun'] : []), 'json', 'quiet'];
  const flags = options.map((option) => [option.attributeName(), option.flags.split(' ')[0]]);
  const ofTable = Object.entries<CommandOption>(table).flatMap(([option, { flag, noHelp }]) =>
    [flag, ...(noHelp === undefined ? [] : [withoutFlag(flag)])].map((one) => [option, one.split(' ')[0]]),
  );
  expect(flags).toEqual([
    ...ofTable,
    ...printing.map((one) => [one, one === 'dryRun' ? '--dry-run' : `--${one}`]),
  ]);
});

it('describes and audits datasets with the options of train', () => {
  const datasets = buildProgram(idle, () => undefined).commands.find(
    (command) => command.name() === 'datasets',
  );
  const flagsOf = (name: string) =>
    datasets?.commands.find((command) => command.name() === name)?.options.map((option) => option.long);
  const shared = ['--train', '--valid', '--test', '--data-dir', '--offline', '--limit', '--seed', '--json'];
  expect(flagsOf('describe')).toEqual(
    expect.arrayContaining([...shared, '--level', '--html', '--on-malformed']),
  );
  expect(flagsOf('audit')).toEqual(
    expect.arrayContaining([...shared, '--threshold', '--examples', '--fail-on']),
  );
});

it('shows examples in the help of every command', () => {
  const program = buildProgram(idle, () => undefined);
  const subcommands = program.commands.flatMap((command) => command.commands);
  for (const command of [program, ...program.commands, ...subcommands]) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    expect(help, command.name()).toMatch(/Examples:\n {2}.*npx advnative/);
  }
});

it('names every step of the tokenizers, each in its place', () => {
  const named = (wanted: string) => [
    ...new Set(steps.filter(({ kind }) => kind === wanted).map(({ name }) => name)),
  ];
  expect(stepNames).toEqual({ text: named('text'), split: named('split'), token: named('token') });
});

it('leaves text that is no number to the check of the option', () => {
  expect(['10', '2e-3', ' 5 ', '0x10'].map(numeric)).toEqual([10, 0.002, 5, 16]);
  expect(['ten', '', ' ', 'NaN', '1,5'].map(numeric)).toEqual(['ten', '', ' ', 'NaN', '1,5']);
});
