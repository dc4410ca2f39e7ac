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
        .map((peer) => row(participantName(peer.title, peer.covers), peer, peer.ratio)),
    ];
  });
}

const participantName = (title: string, covers: 'step' | 'recurrent'): string =>
  covers === 'recurrent' ? `${title}, recurrent part` : title;

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
  const regimes = [...new Set(rows.map(({ regime }) => regime))];
  const participants = [...new Set(rows.map(({ participant }) => participant))];
  const panels = (field: keyof typeof axes, shown: readonly PlotRow[]): LayerSpec[] =>
    regimes.map((regime) =>
      panel(
        field,
        regime,
        shown.filter((row) => row.regime === regime),
        participants,
      ),
    );
  const peers = rows.filter(({ ratio }) => ratio !== null);
  return {
    background: 'white',
    title: {
      text: 'One training step: this engine and its peers',
      subtitle: describeRun(result),
      anchor: 'start',
      offset: 16,
    },
    vconcat: [
      { hconcat: panels('shareOfPeak', rows) },
      ...(peers.length === 0 ? [] : [{ hconcat: panels('ratio', peers) }]),
    ],
    config: { axis: { titleFontWeight: 'normal' }, view: { stroke: null } },
  };
}

type LayerSpec = Extract<TopLevelSpec, { layer: unknown }>;

/** The upright axis of a panel: where bars stand on it, and which field labels them. */
interface Axis {
  readonly title: string[];
  readonly label: keyof PlotRow;
  readonly base: number;
  readonly scale: { type: 'linear' | 'log' };
  readonly axis: { format: string };
}

const axes: Readonly<Record<'shareOfPeak' | 'ratio', Axis>> = {
  shareOfPeak: {
    title: ["share of the machine's", 'multiply-add peak', '(labels: ms a step)'],
    label: 'milliseconds',
    base: 0,
    scale: { type: 'linear' },
    axis: { format: '%' },
  },
  ratio: {
    title: ["time by the engine's", '(log scale)'],
    label: 'ratioLabel',
    base: 1,
    scale: { type: 'log' },
    axis: { format: '~g' },
  },
};

/** Pixels of one bar. */
const barWidth = 15;

function panel(
  field: keyof typeof axes,
  regime: string,
  rows: readonly PlotRow[],
  participants: readonly string[],
): LayerSpec {
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
    title: regime,
    width: Math.max(200, configurations.length * (participants.length + 1) * barWidth),
    height: 240,
    data: { values: [...rows] },
    layer: [
      { mark: 'bar', encoding: { ...bars, y2: { datum: base }, color } },
      {
        mark: { type: 'text', angle: 270, align: 'left', dx: 4, fontSize: 9 },
        transform: [{ calculate: `max(datum.${field}, ${base})`, as: 'top' }],
        encoding: { ...bars, y: { ...bars.y, field: 'top' }, text: { field: label, type: 'nominal' } },
      },
    ],
  };
}
