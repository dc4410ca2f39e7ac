import { trainCommand } from '../../recipe/command-line.js';
import type { TrainOptions } from '../../recipe/table.js';
import { writtenOptions } from '../../study/tune/files.js';
import { writtenName, type OptionName } from '../../study/tune/range.js';
import {
  bestSwept,
  leaders,
  type SweptValue,
  type TrialResult,
  type Tuned,
} from '../../study/tune/read-tune.js';
import { valuePlot, type ValuePoint } from '../charts/value-plot.js';
import { cell, numberCell, type Block, type ReportDocument, type Section } from '../document/document.js';
import { count, plural, score } from '../format.js';

const plotSize = { width: 400, height: 230 } as const;

/** All that is told of a search for options, or of a sweep over their values, finished or not. */
export function tuneDocument(tuned: Tuned): ReportDocument {
  const { asked, sweep } = tuned;
  return {
    title: `Options for ${asked.dataset}, ${sweep === null ? 'searched' : 'swept'} on validation texts`,
    opening: openingOf(tuned),
    sections:
      sweep === null
        ? [plotsOfTrials(tuned), trialSection(tuned)]
        : [sweepSection(tuned, sweep), trialSection(tuned)],
    footer:
      'Losses are means over validation texts, of the best epoch of each trial. The test part was not read. docs/decisions/tune.md says how trials are chosen and compared.',
  };
}

function openingOf({ asked, trials, sweep }: Tuned): Block[] {
  const [best] = leaders(trials);
  const begun = trials.filter(({ status }) => status !== 'waiting').length;
  const facts = [
    ['method', asked.method],
    ['trials', `${count(begun)} of ${count(trials.length)} begun`],
    ['epochs of a whole training', count(asked.epochs)],
    [
      'varied',
      Object.entries(asked.space)
        .map(([name, values]) => `${writtenName(name as OptionName)} ${values}`)
        .join('; '),
    ],
    ['test part', asked.testPart],
    ['advnative', asked.version],
  ];
  const chosen = sweep === null ? best?.options : bestSwept(sweep)?.options;
  return [
    { kind: 'facts', name: 'search', rows: facts },
    ...(chosen === undefined
      ? []
      : ([
          {
            kind: 'text',
            text: 'What has the least validation loss so far is trained, and tested once, by:',
          },
          { kind: 'command', command: trainCommand({ ...asked.options, ...chosen }) },
        ] as const)),
  ];
}

/** Of each option the best validation losses of all trials that have one. */
function plotsOfTrials({ asked, trials }: Tuned): Section {
  const judged = leaders(trials);
  const names = Object.keys(asked.space) as OptionName[];
  return {
    heading: 'What each option does',
    blocks: [
      {
        kind: 'multiples',
        multiples: {
          caption:
            'A point a trial: across, the value of an option; up, its validation loss. Filled: trained whole; hollow: left behind after a part of its epochs, which makes losses larger. ' +
            'The other options vary along, so that neighbours differ in more than what is shown. Losses far above the others are left out.',
          width: plotSize.width,
          charts: names.map((name) => ({
            title: writtenName(name),
            alternative: 'the table of trials has the numbers.',
            specification: valuePlot(
              judged.map((trial) => pointOf(trial, name)),
              { x: writtenName(name), y: 'validation loss', ...plotSize },
            ),
          })),
        },
      },
    ],
  };
}

function pointOf({ options, best, status }: TrialResult, name: OptionName): ValuePoint {
  return { x: shownAt(options, name), y: best?.loss ?? Number.NaN, strong: status === 'whole' };
}

function shownAt(options: TrainOptions, name: OptionName): number | string {
  const value = options[name];
  return typeof value === 'number' ? value : (writtenOptions(options)[name] ?? '');
}

function sweepSection({ asked }: Tuned, sweep: readonly SweptValue[]): Section {
  const names = Object.keys(asked.space) as OptionName[];
  const [first] = names;
  const measured = sweep.filter(({ loss }) => loss !== null);
  const header = [
    ...names.slice(1).map(writtenName),
    'seeds',
    'validation loss',
    '95% from',
    '95% to',
    'accuracy',
    'macro F1',
  ];
  return {
    heading: `Validation loss against ${names.map(writtenName).join(' and ')}`,
    blocks: [
      ...(first === undefined || measured.length === 0 ? [] : [sweepPlots(measured, first, names[1])]),
      {
        kind: 'table',
        table: {
          name: 'Means over seeds',
          caption: 'Intervals are of Student’s t over seeds.',
          header: [first === undefined ? '' : writtenName(first), ...header],
          rows: sweep.map(({ options, loss, accuracy, macroF1 }) => ({
            name: first === undefined ? '' : String(shownAt(options, first)),
            cells: [
              ...names.slice(1).map((name) => cell(String(shownAt(options, name)))),
              numberCell(loss?.n ?? 0, count),
              ...[loss?.mean, loss?.ci95?.[0], loss?.ci95?.[1], accuracy?.mean, macroF1?.mean].map((value) =>
                numberCell(value, score),
              ),
            ],
          })),
          kind: 'numbers',
        },
      },
    ],
  };
}

/** Of two options a plot for each value of the second. */
function sweepPlots(sweep: readonly SweptValue[], first: OptionName, second: OptionName | undefined): Block {
  const groups =
    second === undefined ? [''] : [...new Set(sweep.map(({ options }) => String(shownAt(options, second))))];
  return {
    kind: 'multiples',
    multiples: {
      caption: 'Points are means over seeds, lines their 95% intervals.',
      width: plotSize.width,
      charts: groups.map((group) => {
        const values = sweep.filter(
          ({ options }) => second === undefined || String(shownAt(options, second)) === group,
        );
        return {
          title: second === undefined ? writtenName(first) : `${writtenName(second)} ${group}`,
          alternative: 'the table below has the numbers.',
          specification: valuePlot(
            values.map(({ options, loss }) => ({
              x: shownAt(options, first),
              y: loss?.mean ?? Number.NaN,
              ...{ low: loss?.ci95?.[0], high: loss?.ci95?.[1], strong: true },
            })),
            { x: writtenName(first), y: 'validation loss', ...plotSize },
          ),
        };
      }),
    },
  };
}

function trialSection({ trials }: Tuned): Section {
  const names = Object.keys(trials[0]?.options ?? {}) as OptionName[];
  const order = [...leaders(trials), ...trials.filter(({ best }) => best === null)];
  return {
    heading: 'Trials',
    blocks: [
      {
        kind: 'table',
        table: {
          name: 'Trials',
          caption: `${plural(trials.length, 'trial')}, those with the least validation loss first.`,
          header: [
            'trial',
            ...names.map(writtenName),
            'validation loss',
            'accuracy',
            'macro F1',
            'best epoch',
            'epochs',
            'seconds',
            'status',
          ],
          rows: order.map(({ trial, options, best, epochs, seconds, status, error }) => ({
            name: String(trial),
            note: error ?? undefined,
            cells: [
              ...names.map((name) => cell(String(shownAt(options, name)))),
              ...[best?.loss, best?.accuracy, best?.macroF1].map((value) => numberCell(value, score)),
              numberCell(best?.epoch, count),
              numberCell(epochs, count),
              numberCell(seconds, (value) => value.toFixed(1)),
              cell(status),
            ],
          })),
          kind: 'numbers',
        },
      },
    ],
  };
}
