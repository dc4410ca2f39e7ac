import type { TopLevelSpec } from 'vega-lite';
import { inks } from '../palette.js';
import { common, type Form } from './described-chart.js';

/** How a line looks. */
export interface LineStyle {
  /** Its colour, and with it the shape of its points. */
  readonly ink: 0 | 1 | 2;
  readonly dashed?: boolean;
}

/** A line of a plot. */
export interface Line extends LineStyle {
  /** Stands at its end, in its colour. */
  readonly name: string;
  /** Along the horizontal axis; places without a value are left out. */
  readonly points: readonly LinePoint[];
  /** Whether it stands back: thin, without points and a name. */
  readonly faint?: boolean;
}

export interface LinePoint {
  readonly x: number;
  readonly y: number;
}

/** Lines over a common axis. */
export interface LinePlot {
  readonly lines: readonly Line[];
  readonly x: string;
  readonly y: string;
  /** How numbers are written at the vertical axis, as d3-format has it. */
  readonly format?: string;
  /** A place of the horizontal axis that is marked, such as the selected epoch. */
  readonly marked?: { readonly x: number; readonly label: string } | undefined;
  /** A height that lines are seen beside, such as the loss of who learns nothing. */
  readonly level?: { readonly y: number; readonly label: string } | undefined;
  /** Whether the horizontal axis has whole numbers alone. */
  readonly whole?: boolean;
  /** Marks of a horizontal axis on which small values have more room, as their square roots have. */
  readonly roots?: readonly number[];
  /** Where the vertical axis begins and ends, for plots that are compared. */
  readonly heights?: readonly [number, number] | undefined;
  /** Whether lines have no points; they must differ otherwise then. */
  readonly pointless?: boolean;
  /** Whether names stand at the ends of lines; else a caption must tell them apart. */
  readonly named?: boolean;
}

/** One of the layers of a chart. */
type Layer = Extract<TopLevelSpec, { layer: unknown[] }>['layer'][number];

/** Pixels between the middles of labels one below the other. */
const labelStep = 15;

/** With more points than this a line is drawn without them. */
const mostPoints = 60;

const shapes = ['circle', 'square', 'triangle-up'] as const;

/**
 * Draws lines with their names at their ends: no legend to look up, and points of different shapes for who cannot tell the colours apart.
 *
 * @param size pixels of the whole chart
 */
export function linePlot(plot: LinePlot, form: Form, size: { width?: number; height: number }): TopLevelSpec {
  const { marked, level } = plot;
  const lines = plot.lines.filter(({ points }) => points.length > 0);
  const axes = axesOf({ ...plot, lines }, form);
  const strong = lines.filter(({ faint }) => faint !== true);
  const labelled = plot.named ?? strong.length > 1;
  const [low, high] = axes.heights;
  const step = (labelStep * (high - low)) / size.height;
  return {
    ...common(form),
    ...size,
    layer: [
      ...(level === undefined ? [] : levelLayers(level)),
      ...(marked === undefined ? [] : markedLayers(marked, axes.domain)),
      ...lines.map((line) => lineLayer(line, axes, plot.pointless === true)),
      {
        data: { values: endLabels(labelled ? strong : [], step) },
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8, fontSize: 12 },
        encoding: {
          x: axes.across,
          y: axes.up,
          text: { field: 'name' },
          color: { field: 'colour', type: 'nominal', scale: null },
        },
      },
    ],
  };
}

function axesOf({ lines, level, marked, x, y, format, roots, whole, heights: given }: LinePlot, form: Form) {
  const values = lines.flatMap(({ points }) => points);
  const xs = values.map((point) => point.x);
  const ys = [...values.map((point) => point.y), ...(level === undefined ? [] : [level.y])];
  const [least, most] = [Math.min(...ys), Math.max(...ys)];
  const span = most - least || Math.abs(most) || 1;
  const domain: [number, number] = [Math.min(...xs), Math.max(...xs)];
  const room = marked === undefined || marked.label === '' ? 0.06 : 0.16;
  const [low, high] = given ?? [least - 0.04 * span, most + room * span];
  const heights: [number, number] = [low, high];
  const across = {
    field: 'x',
    type: 'quantitative',
    scale: { domain, nice: false, ...(roots === undefined ? {} : { type: 'sqrt' as const }) },
    axis: {
      ...(roots === undefined ? { tickCount: form === 'wide' ? 10 : 5 } : { values: [...roots] }),
      grid: false,
      ...(whole === true ? { tickMinStep: 1, format: 'd' } : {}),
    },
    title: x === '' ? null : x,
  } as const;
  const up = {
    field: 'y',
    type: 'quantitative',
    scale: { domain: heights, zero: false, nice: false },
    axis: { tickCount: 5, ...(format === undefined ? {} : { format }) },
    title: y === '' ? null : y,
  } as const;
  return { across, up, domain, heights };
}

function lineLayer(
  { points, ink, dashed, faint }: Line,
  { across, up, heights: [low, high] }: ReturnType<typeof axesOf>,
  pointless: boolean,
): Layer {
  const color = inks.series[ink];
  const shape = shapes[ink];
  const withPoints = faint !== true && !pointless && points.length <= mostPoints;
  return {
    // What lies outside stands at the edge.
    data: { values: points.map(({ x, y }) => ({ x, y: Math.max(low, Math.min(high, y)) })) },
    mark: {
      type: 'line',
      color,
      strokeWidth: faint === true ? 1 : 2,
      ...(dashed === true || faint === true ? { strokeDash: faint === true ? [1, 3] : [6, 3] } : {}),
      ...(withPoints ? { point: { filled: true, size: 22, opacity: 1, color, shape } } : {}),
    },
    encoding: { x: across, y: up },
  };
}

/** Where names stand: at the last value of their lines, moved apart where they would cover each other. */
function endLabels(
  lines: readonly Line[],
  step: number,
): { x: number; y: number; name: string; colour: string }[] {
  const x = Math.max(...lines.flatMap(({ points }) => points.map((point) => point.x)));
  const labels = lines.map(({ name, points, ink }) => ({
    ...{ name, x, y: points.at(-1)?.y ?? 0 },
    colour: inks.series[ink],
  }));
  labels.sort((one, other) => one.y - other.y);
  // Who moves may come near the next one: as many rounds as there are names are enough.
  for (let rounds = labels.length; rounds > 0; rounds--) {
    labels.forEach((above, place) => {
      moveApart(labels[place - 1], above, step);
    });
  }
  return labels;
}

function moveApart(below: { y: number } | undefined, above: { y: number }, step: number): void {
  if (below === undefined) return;
  const lacking = Math.max(0, step - (above.y - below.y));
  below.y -= lacking / 2;
  above.y += lacking / 2;
}

function levelLayers({ y, label }: { y: number; label: string }): Layer[] {
  return [
    {
      data: { values: [{ y }] },
      mark: { type: 'rule', strokeDash: [2, 3], strokeWidth: 1.2, color: inks.muted },
      encoding: { y: { field: 'y', type: 'quantitative' } },
    },
    {
      data: { values: [{ y, label }] },
      mark: {
        type: 'text',
        align: 'right',
        baseline: 'bottom',
        dy: -3,
        dx: -4,
        fontSize: 11,
        color: inks.muted,
        x: 'width',
      },
      encoding: { y: { field: 'y', type: 'quantitative' }, text: { field: 'label' } },
    },
  ];
}

/** The label stands on that side of its place where there is more room. */
function markedLayers(
  { x, label }: { x: number; label: string },
  [first, last]: readonly [number, number],
): Layer[] {
  const late = x - first > (last - first) / 2;
  return [
    {
      data: { values: [{ x }] },
      mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.2, color: inks.text },
      encoding: { x: { field: 'x', type: 'quantitative' } },
    },
    {
      data: { values: [{ x, label }] },
      mark: {
        type: 'text',
        align: late ? 'right' : 'left',
        baseline: 'top',
        dx: late ? -5 : 5,
        fontSize: 12,
        color: inks.text,
        y: 0,
      },
      encoding: { x: { field: 'x', type: 'quantitative' }, text: { field: 'label' } },
    },
  ];
}
