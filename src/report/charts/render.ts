import type { TopLevelSpec } from 'vega-lite';
import { inks, inColours, palettes } from '../palette.js';

/**
 * Draws a chart as SVG text. The libraries are loaded by the first call: most commands draw nothing.
 *
 * @param specification what Vega-Lite draws, data included
 */
export async function renderChart(specification: TopLevelSpec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new vega.View(vega.parse(compile(specification).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Draws a chart to stand in a page, without what the page says once for all charts, such as the font, and what none of them needs there. */
export const renderInPage = async (specification: TopLevelSpec): Promise<string> =>
  withoutRest(await renderChart(specification));

/** Draws a chart as a picture of its own, with the colours of the light scheme. */
export const renderAlone = async (specification: TopLevelSpec): Promise<string> =>
  inColours(await renderChart({ ...specification, background: inks.background }), palettes.light);

/** Roles of parts are left out, because a picture is told as a whole, and so are digits that nobody sees. */
function withoutRest(svg: string): string {
  return svg
    .replace(/<[^>]*>/gu, (tag) =>
      tag
        .replace(/ (?:role|aria-\w+|pointer-events|font-family)="[^"]*"/gu, '')
        .replace(/ (?:opacity="1"|font-weight="normal")/gu, '')
        .replace(/(\.\d)\d+/gu, '$1'),
    )
    .replace(/<path class="(?:background|foreground)"[^>]*\/>/gu, '');
}
