import { flagOf } from '../../base/option.js';
import { trainCommand, writtenValue } from '../../recipe/command-line.js';
import type { TrainOption } from '../../recipe/option.js';
import { allOptions } from '../../recipe/said-options.js';
import { trainOptions, type TrainOptions } from '../../recipe/table.js';
import { cell, type ReportTable, type Section } from '../document/document.js';
import { bytes, count, duration, plural } from '../format.js';
import type { Rows } from '../page.js';
import type { RunFacts } from './run-facts.js';

/** What was trained, how it is repeated, and on what machine. */
export function trainingSection(facts: RunFacts): Section {
  const { options, fewest, record } = facts;
  const preset = record.recipe.preset;
  return {
    heading: 'What was trained',
    blocks: [
      {
        kind: 'text',
        text: 'The command that repeats it, to the same bits with the same version and processor:',
      },
      { kind: 'command', command: trainCommand(options) },
      { kind: 'facts', name: 'model and training', rows: modelRows(facts) },
      ...(fewest
        ? [
            {
              kind: 'table',
              table: optionTable(
                `Options that differ from preset ${preset}`,
                options,
                'What the command says beside where the data lies.',
              ),
            } as const,
          ]
        : []),
      {
        kind: 'folded',
        summary: 'All options that decide the numbers',
        blocks: [{ kind: 'table', table: optionTable('All options', allOptions(record.recipe)) }],
      },
      { kind: 'facts', name: 'versions and machine', rows: machineRows(facts) },
    ],
  };
}

function modelRows({ record, history }: RunFacts): Rows {
  const { recipe, parameterCount, vocabularySize, result, startedAt, finishedAt } = record;
  const { embedding, hidden, mlp } = recipe.dimensions;
  const network = `${recipe.layers === 1 ? '' : `${recipe.layers} layers of `}bidirectional ${recipe.cell}, embedding ${embedding}, hidden ${hidden} a direction, MLP ${mlp}`;
  const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0);
  return [
    [
      'model',
      recipe.recurrent ? network : `linear classifier of n-grams ${(recipe.ngrams ?? []).join(', ')}`,
    ],
    ...(recipe.recurrent
      ? [
          ['regime', recipe.regime],
          ['parameters', `${count(parameterCount)}, vocabulary ${count(vocabularySize)}`],
        ]
      : []),
    ['seed', `${recipe.seed}, of drawn splits ${recipe.splitSeed}`],
    ['started', startedAt],
    ...(finishedAt === undefined ? [] : [['finished', finishedAt]]),
    ...(seconds > 0
      ? [['time of epochs', `${duration(seconds)} for ${plural(history.length - 1, 'epoch')}`]]
      : []),
    ...(result === undefined ? [] : [['peak memory', bytes(result.peakMemoryBytes)]]),
    ...(result?.throughput.tokensPerSecond
      ? [['throughput', `${count(result.throughput.tokensPerSecond)} tokens/s`]]
      : []),
    ...(result?.onnxParity == null
      ? []
      : [
          [
            'exported model',
            `within ${result.onnxParity.maxAbsDiff.toExponential(1)} of the engine on ${plural(result.onnxParity.n, 'text')}`,
          ],
        ]),
  ];
}

function machineRows({ record: { versions, machine, execution } }: RunFacts): Rows {
  const { processor, hardwareThreads, instructionSet, platform, architecture } = machine;
  const threads = hardwareThreads === undefined ? [] : [plural(Number(hardwareThreads), 'hardware thread')];
  const parts = [processor, ...threads, instructionSet, platform, architecture];
  return [
    [
      'versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['machine', parts.filter((part) => part !== undefined).join(', ')],
    ['computed on', `${execution.device}, ${plural(execution.threads, 'thread')}`],
  ];
}

function optionTable(name: string, options: TrainOptions, caption?: string): ReportTable {
  const said = Object.entries<TrainOption>(trainOptions).flatMap(([key, option]) => {
    const value = options[key as keyof TrainOptions];
    return value === undefined || key === 'preset' || key === 'dataset' ? [] : [{ option, value }];
  });
  return {
    ...{ name, caption },
    header: ['option', 'value', 'what it is'],
    rows: said.map(({ option, value }) => ({
      name: flagOf(option),
      cells: [
        cell(value === false ? 'no' : value === true ? 'yes' : writtenValue(option, value)),
        cell(option.help),
      ],
    })),
    kind: 'words',
  };
}
