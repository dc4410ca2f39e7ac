import type { TopLevelSpec } from 'vega-lite';
import { inks } from '../palette.js';

/** A chart, and what it shows. */
export interface DescribedChart {
  /** What a reader must know to read it. */
  readonly caption: string;
  /** What a reader is told who cannot see it, and where the numbers stand. */
  readonly alternative: string;
  readonly specification: (form: Form) => TopLevelSpec;
}

/** For a desktop or a sheet of paper, or for a phone. */
export type Form = 'wide' | 'narrow';

/** Pixels of a whole chart; a phone is 360 to 430 wide, and some of that is margin. */
const widths = { wide: 680, narrow: 340 };

/** Marks that are aimed at along the horizontal axis. */
export const marksAlong: Readonly<Record<Form, number>> = { wide: 10, narrow: 5 };

/** What all charts have in common. Their titles stand in the page, and so does what is read aloud in their place. */
export function common(form: Form) {
  return {
    width: widths[form],
    autosize: { type: 'fit-x', contains: 'padding' },
    background: 'transparent',
    config: {
      aria: false,
      font: 'system-ui, sans-serif',
      view: { stroke: null },
      axis: {
        labelFontSize: 12,
        labelColor: inks.text,
        labelFlush: false,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        titleColor: inks.text,
        gridColor: inks.line,
        domainColor: inks.muted,
        tickColor: inks.muted,
      },
      // The title lies above the axis: text on its side is hard to read, and takes width.
      axisY: { titleAngle: 0, titleAlign: 'left', titleBaseline: 'bottom', titleX: 0, titleY: -8 },
      legend: { labelFontSize: 12, labelColor: inks.text },
    },
  } as const;
}
