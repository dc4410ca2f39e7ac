import type { TopLevelSpec } from 'vega-lite';
import { describeRun, millisecondsText, ratioText } from './report.js';
import type { BenchResult, CaseResult, Speed } from './result.js';

/** One bar or point: a participant in a case. */
export interface PlotRow {
  readonly configuration: string;
  readonly regime: string;
  readonly participant: string;
  readonly shareOfPeak: number;
  readonly milliseconds: string;
  /** Its time by the engine's; null for the engine itself. */
  readonly ratio: number | null;
  readonly ratioLabel: string;
}

/** The rows of a plot: the engine, its recurrent part and every peer that was measured. */
export function plotRows({ cases }: BenchResult): PlotRow[] {
  return cases.flatMap((result) => {
    const row = rowMaker(result);
    return [
      row('engine', result.engine, null),
      row('engine, recurrent part', result.recurrent, null),
      ...result.peers
        .filter((peer) => peer.status === 'measured')
        .map((peer) =>
          row(peer.covers === 'step' ? peer.title : `${peer.title}, recurrent part`, peer, peer.ratio),
        ),
    ];
  });
}

function rowMaker({ configuration, regime }: CaseResult) {
  return (participant: string, speed: Speed, ratio: number | null): PlotRow => ({
    configuration,
    regime,
    participant,
    shareOfPeak: speed.shareOfPeak,
    milliseconds: millisecondsText(speed.milliseconds),
    ratio,
    ratioLabel: ratio === null ? '' : ratioText(ratio),
  });
}

/** Two rows of panels, a column a regime: share of the machine's peak above, times by the engine's time below. */
export function benchPlot(result: BenchResult): TopLevelSpec {
  const rows = plotRows(result);
  const peers = rows.filter(({ ratio }) => ratio !== null);
  const participants = [...new Set(rows.map(({ participant }) => participant))];
  return {
    background: 'white',
    title: {
      text: 'One training step: this engine and its peers',
      subtitle: describeRun(result),
      anchor: 'start',
      offset: 16,
    },
    vconcat: [
      panels('shareOfPeak', rows, participants),
      ...(peers.length === 0 ? [] : [panels('ratio', peers, participants)]),
    ],
    config: { axis: { titleFontWeight: 'normal' }, view: { stroke: null } },
  };
}

/** The upright axes: where bars stand on each, and which field labels them. */
const axes = {
  shareOfPeak: {
    title: ["share of the machine's", 'multiply-add peak', '(labels: ms a step)'] as string[],
    label: 'milliseconds',
    base: 0,
    scale: { type: 'linear' },
    axis: { format: '%' },
  },
  ratio: {
    title: ["time by the engine's", '(log scale)'] as string[],
    label: 'ratioLabel',
    base: 1,
    scale: { type: 'log' },
    axis: { format: '~g' },
  },
} as const;

/** Pixels of one bar. */
const barWidth = 15;

type Panels = Extract<TopLevelSpec, { vconcat: unknown }>['vconcat'][number];

function panels(field: keyof typeof axes, rows: readonly PlotRow[], participants: readonly string[]): Panels {
  const { title, label, base, scale, axis } = axes[field];
  const configurations = [...new Set(rows.map(({ configuration }) => configuration))];
  const bars = {
    x: {
      field: 'configuration',
      type: 'nominal',
      sort: configurations,
      title: null,
      axis: { labelAngle: 0 },
    },
    xOffset: { field: 'participant', type: 'nominal', sort: [...participants] },
    y: { field, type: 'quantitative', scale, stack: null, title, axis },
  } as const;
  const color = {
    field: 'participant',
    type: 'nominal',
    scale: { domain: [...participants], scheme: 'tableau10' },
    title: null,
    legend: { labelLimit: 0 },
  } as const;
  return {
    data: { values: [...rows] },
    facet: { column: { field: 'regime', type: 'nominal', sort: null, title: null } },
    spec: {
      width: Math.max(200, configurations.length * (participants.length + 1) * barWidth),
      height: 240,
      layer: [
        { mark: 'bar', encoding: { ...bars, y2: { datum: base }, color } },
        {
          mark: { type: 'text', angle: 270, align: 'left', dx: 4, fontSize: 9 },
          transform: [{ calculate: `max(datum.${field}, ${base})`, as: 'top' }],
          encoding: { ...bars, y: { ...bars.y, field: 'top' }, text: { field: label, type: 'nominal' } },
        },
      ],
    },
    resolve: { scale: { y: 'independent' } },
  };
}
