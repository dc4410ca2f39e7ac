import type { AnalysedRun, StudyAnalysis } from '../../study/analysis/study-analysis.js';
import { cell, numberCell, type Section } from '../document/document.js';
import { duration, plural, score, share } from '../format.js';

/** Every run with what it came to and how it is repeated, and what made them. */
export function runSections({ everyRun, versions, machines, rows }: StudyAnalysis): Section[] {
  const warnings = warningRows(everyRun);
  const failures = everyRun.flatMap(({ name, failure }) =>
    failure === null ? [] : [[name, `${failure.code}: ${failure.message}`]],
  );
  const seconds = everyRun.reduce((sum, run) => sum + (run.seconds ?? 0), 0);
  const notes = rows.flatMap(({ data }) =>
    data === null ? [] : data.notes.map((note) => [data.dataset, note].join('\n')),
  );
  return [
    {
      heading: 'Every run',
      blocks: [
        ...(warnings.length === 0
          ? []
          : [{ kind: 'facts', name: 'warnings of runs', rows: warnings } as const]),
        ...(failures.length === 0
          ? []
          : [{ kind: 'facts', name: 'runs without a result', rows: failures } as const]),
        {
          kind: 'folded',
          summary: `${plural(everyRun.length, 'run')} with results, data and commands`,
          blocks: [
            {
              kind: 'table',
              table: {
                name: 'Every run',
                caption:
                  'Time is that of epochs. Data: the first digits of the SHA-256 of all token ids, offsets and labels that the run read; runs of the same digits read the same. The CSV has them whole.',
                header: [
                  '',
                  'status',
                  'test loss',
                  'accuracy',
                  'macro F1',
                  'epoch',
                  'time',
                  'version',
                  'data',
                  'warnings',
                  'command',
                ],
                rows: everyRun.map((run) => ({ name: run.name, cells: cellsOf(run) })),
                kind: 'words',
              },
            },
          ],
        },
      ],
    },
    {
      heading: 'What made it',
      blocks: [
        {
          kind: 'facts',
          name: 'versions, machines and data',
          rows: [
            ['versions', versions.map((version) => `advnative ${version}`).join(', ')],
            ...machines.map((machine) => ['machine', machine]),
            ['time of all epochs', duration(seconds)],
            ...[...new Set(notes)].map((note) => {
              const [dataset = '', said = ''] = note.split('\n');
              return [`note on ${dataset}`, said];
            }),
          ],
        },
      ],
    },
  ];
}

/** How many runs have which warning, and what the first of them was told. */
function warningRows(runs: readonly AnalysedRun[]): string[][] {
  const found = runs.flatMap(({ name, warnings }) => warnings.map((warning) => ({ name, ...warning })));
  return [...new Set(found.map(({ code }) => code))].map((code) => {
    const alike = found.filter((one) => one.code === code);
    const first = alike[0];
    return [
      'warning',
      `${code}: ${plural(alike.length, 'run')}, such as ${first?.name ?? ''}: ${first?.message ?? ''}`,
    ];
  });
}

const shownDigits = 12;

function cellsOf({
  status,
  test,
  selectedEpoch,
  seconds,
  version,
  dataSha256,
  warnings,
  failure,
  command,
}: AnalysedRun) {
  return [
    cell(status),
    numberCell(test?.loss, score),
    numberCell(test?.accuracy, share),
    numberCell(test?.macroF1, score),
    numberCell(selectedEpoch, String),
    numberCell(seconds, duration),
    cell(version ?? ''),
    cell((dataSha256 ?? '').slice(0, shownDigits), dataSha256 ?? ''),
    cell([...warnings.map(({ code }) => code), ...(failure === null ? [] : [failure.code])].join(' ')),
    cell(command),
  ];
}
